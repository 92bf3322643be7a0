#include "adapters/center_http/record_mapping.hpp"

#include <algorithm>
#include <cstdio>

#include "adapters/center/record_reading.hpp"
#include "adapters/center/search_words.hpp"

namespace switchboard::center {
namespace {

constexpr std::size_t most_records = 1'000;
constexpr std::size_t longest_description = 8'000;

tl::unexpected<error> unusable(const std::string& why) {
  return fail(errc::unavailable, "the center's answer cannot be used: " + why);
}

bool is_time(const std::string& name) {
  return name == "since" || name == "created" || name == "updated";
}

json amount(const json& value, bool hundredths) {
  char text[32];
  if (hundredths && value.is_number_integer()) {
    auto n = value.get<std::int64_t>();
    if (n < 0) return value;
    std::snprintf(text, sizeof text, "%lld.%02lld", static_cast<long long>(n / 100),
                  static_cast<long long>(n % 100));
    return text;
  }
  if (!value.is_number_float()) return value;
  // What a service wrote as 49.90 comes as a double near it.
  std::snprintf(text, sizeof text, "%.2f", value.get<double>());
  return text;
}

json converted(const std::string& name, json value, const config::center_mapping& mapping) {
  if (is_time(name) && mapping.times_in_seconds && value.is_number()) {
    return static_cast<std::int64_t>(value.get<double>() * 1000);
  }
  if (name == "price" || name == "total") return amount(value, mapping.amounts_in_hundredths);
  if (name == "state" && value.is_string()) {
    auto at = mapping.states.find(value.get<std::string>());
    return at == mapping.states.end() ? value : json(at->second);
  }
  if (name == "description" && value.is_string()) {
    auto text = value.get<std::string>();
    auto end = std::min(text.size(), longest_description);
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end);
  }
  return value;
}

/// An object of theirs, by some of our names.
json picked(const json& from, const std::map<std::string, std::string>& fields,
            const config::center_mapping& mapping) {
  json out = json::object();
  for (const auto& [name, pointer] : fields) {
    if (const auto& value = part_at(from, pointer); !value.is_null()) {
      out[name] = converted(name, value, mapping);
    }
  }
  return out;
}

bool is_plain(const json& value) {
  return value.is_number() || value.is_boolean() ||
         (value.is_string() && value.get_ref<const std::string&>().size() <= 1024);
}

/// What an attribute can hold of an object of theirs, and those picked one by one.
json attributes_of(const json& record, const json& object, const config::center_mapping& mapping) {
  json out = json::object();
  constexpr std::size_t most = 64;
  for (const auto& [name, pointer] : mapping.attributes) {
    if (const auto& value = part_at(record, pointer); is_plain(value)) out[name] = value;
  }
  if (!object.is_object()) return out;
  for (const auto& [name, value] : object.items()) {
    if (out.size() < most && is_plain(value)) out[name] = value;
  }
  return out;
}

template <class Record>
result<Record> read(const json& record, const config::center_mapping& mapping,
                    std::optional<Record> (*from_row)(row_fields&)) {
  if (!record.is_object()) return unusable("expected an object");
  import_report report;
  import_errors errors("answer", report);
  auto row = row_of(record, mapping);
  row_fields fields(row, 0, errors);
  if (auto out = from_row(fields)) return std::move(*out);
  const auto& first = report.errors.front();
  return unusable(first.field + ": " + first.message);
}

}  // namespace

const json& part_at(const json& answer, const std::string& pointer) {
  static const json nothing;
  json::json_pointer at(pointer);
  return answer.contains(at) ? answer.at(at) : nothing;
}

result<std::vector<json>> records_at(const json& answer, const std::string& pointer) {
  const auto& part = part_at(answer, pointer);
  if (part.is_null()) return std::vector<json>();
  if (part.is_object()) return std::vector<json>{part};
  if (!part.is_array()) return unusable("expected a list of records at \"" + pointer + "\"");
  if (part.size() > most_records) return unusable("more than 1000 records");
  return std::vector<json>(part.begin(), part.end());
}

json row_of(const json& record, const config::center_mapping& mapping) {
  auto row = picked(record, mapping.fields, mapping);
  if (auto items = row.find("items"); items != row.end() && items->is_array()) {
    for (auto& item : *items) item = picked(item, mapping.item_fields, mapping);
  }
  if (auto logistics = row.find("logistics"); logistics != row.end() && logistics->is_object()) {
    *logistics = picked(*logistics, mapping.logistics_fields, mapping);
  }
  auto own = row.find("attributes");
  auto attributes = attributes_of(record, own == row.end() ? json() : *own, mapping);
  if (own != row.end()) row.erase(own);
  if (!attributes.empty()) row["attributes"] = std::move(attributes);
  return row;
}

result<member_record> member_in(const json& record, const config::center_mapping& mapping) {
  return read(record, mapping, member_from_row);
}
result<product_record> product_in(const json& record, const config::center_mapping& mapping) {
  return read(record, mapping, product_from_row);
}
result<order_record> order_in(const json& record, const config::center_mapping& mapping) {
  return read(record, mapping, order_from_row);
}

result<std::vector<std::string>> tags_in(const json& part, const config::center_mapping& mapping) {
  std::vector<std::string> out;
  if (part.is_null()) return out;
  if (!part.is_array() || part.size() > most_records) return unusable("tags: expected a list");
  auto inner = mapping.fields.find("tag");
  for (const auto& one : part) {
    const auto& word =
        one.is_object() && inner != mapping.fields.end() ? part_at(one, inner->second) : one;
    if (!word.is_string() || word.get_ref<const std::string&>().size() > 128) {
      return unusable("tags: expected words of at most 128 bytes");
    }
    out.push_back(word.get<std::string>());
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

result<std::vector<companion>> companions_in(const json& part) {
  std::vector<companion> out;
  if (part.is_null()) return out;
  if (!part.is_array() || part.size() > most_records) return unusable("expected a list");
  for (const auto& one : part) {
    bool good = one.is_object() && one.value("product_id", json()).is_string() &&
                one.value("orders", json(1)).is_number_integer();
    if (!good) return unusable("expected {product_id, with, orders}");
    auto with = one.value("with", json());
    out.push_back({one["product_id"].get<std::string>(),
                   with.is_string() ? with.get<std::string>() : std::string(),
                   one.value("orders", json(1)).get<int>()});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.orders > b.orders; });
  return out;
}

order_logistics logistics_in(const json& part, const config::center_mapping& mapping) {
  // It is read as part of an order, so that one reader knows its fields.
  json row{{"order_id", "-"}, {"member_id", "-"}, {"state", "created"}, {"created", 0}};
  row["logistics"] = picked(part, mapping.logistics_fields, mapping);
  import_report report;
  import_errors errors("answer", report);
  row_fields fields(row, 0, errors);
  auto order = order_from_row(fields);
  return order ? order->logistics : order_logistics{};
}

std::vector<product_record> matching_products(std::vector<product_record> catalogue,
                                              const std::string& text, std::size_t most) {
  auto wanted = query_tokens(text);
  auto has_all = [&](const std::vector<std::string>& tokens) {
    return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& w) {
      auto at = std::lower_bound(tokens.begin(), tokens.end(), w);
      return at != tokens.end() && at->starts_with(w);
    });
  };
  std::vector<product_record> by_name;
  std::vector<product_record> others;
  if (wanted.empty()) return by_name;
  std::sort(catalogue.begin(), catalogue.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  for (auto& p : catalogue) {
    auto all = p.name + "\n" + p.category + "\n" + p.brand;
    for (const auto& word : p.keywords) all += "\n" + word;
    if (has_all(index_tokens(p.name))) {
      by_name.push_back(std::move(p));
    } else if (has_all(index_tokens(all))) {
      others.push_back(std::move(p));
    }
  }
  by_name.insert(by_name.end(), std::make_move_iterator(others.begin()),
                 std::make_move_iterator(others.end()));
  if (by_name.size() > most) by_name.resize(most);
  return by_name;
}

std::vector<order_record> matching_orders(std::vector<order_record> orders,
                                          const std::string& member_id, const order_query& query) {
  std::erase_if(orders, [&](const order_record& o) {
    bool state = query.states.empty() ||
                 std::find(query.states.begin(), query.states.end(), o.state) != query.states.end();
    return o.member_id != member_id || !state || o.created < query.from || o.created >= query.to;
  });
  std::stable_sort(orders.begin(), orders.end(),
                   [](const auto& a, const auto& b) { return a.created > b.created; });
  if (orders.size() > query.most) orders.resize(query.most);
  return orders;
}

}  // namespace switchboard::center
