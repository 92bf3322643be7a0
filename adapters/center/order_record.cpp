#include <set>

#include "adapters/center/record_bytes.hpp"
#include "adapters/center/record_reading.hpp"
#include "adapters/center/stored_record.hpp"
#include "runtime/base/text.hpp"

namespace switchboard::center {
namespace {

using nlohmann::json;
using presence = row_fields::presence;

constexpr std::size_t most_items = 200;
constexpr std::uint64_t sign = std::uint64_t{1} << 63;

json item_json(const order_item& i) {
  return {{"product", i.product_id},
          {"name", i.name},
          {"n", i.quantity},
          {"price", i.price_hundredths}};
}

json logistics_json(const order_logistics& l) {
  json out = json::object();
  put_unless_empty(out, "carrier", l.carrier);
  put_unless_empty(out, "no", l.tracking_no);
  put_unless_empty(out, "state", l.state);
  put_unless_empty(out, "place", l.last_place);
  put_unless_empty(out, "at", unix_ms(l.updated));
  return out;
}

std::string bytes_of(const order_record& o) {
  json out{{"id", o.id},
           {"member", o.member_id},
           {"state", static_cast<int>(o.state)},
           {"created", unix_ms(o.created)},
           {"total", o.total_hundredths},
           {"currency", o.currency}};
  for (const auto& item : o.items) out["items"].push_back(item_json(item));
  put_unless_empty(out, "logistics", logistics_json(o.logistics));
  put_unless_empty(out, "attributes", o.attributes);
  return pack(out);
}

order_state read_state(row_fields& row) {
  auto name = row.text("state", presence::required);
  auto state = order_state_of(name);
  if (state || name.empty()) return state.value_or(order_state::created);
  std::vector<std::string> names;
  for (int i = 1; i <= 8; ++i) names.emplace_back(to_string(static_cast<order_state>(i)));
  auto near = nearest_name(name, names);
  row.refuse("state", "unknown state \"" + name + "\"" +
                          (near.empty() ? "" : "; did you mean \"" + near + "\"?"));
  return order_state::created;
}

std::vector<order_item> read_items(row_fields& row) {
  std::vector<order_item> out;
  auto list = row.inner("items");
  if (list.is_null()) return out;
  if (!list.is_array() || list.size() > most_items) {
    row.refuse("items", "expected a list of at most 200 items");
    return out;
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto name = "items[" + std::to_string(i) + "]";
    if (!list[i].is_object()) {
      row.refuse(name.c_str(), "expected an object");
      continue;
    }
    row_fields item(list[i], row.line(), row.errors(), row.path(name) + ".");
    out.push_back({item.id("product_id"), item.text("name"),
                   static_cast<int>(item.integer("quantity", 1, 1, 1'000'000)),
                   item.hundredths("price")});
    item.finish();
  }
  return out;
}

order_logistics read_logistics(row_fields& row) {
  order_logistics out;
  auto object = row.inner("logistics");
  if (object.is_null()) return out;
  if (!object.is_object()) {
    row.refuse("logistics", "expected an object");
    return out;
  }
  row_fields fields(object, row.line(), row.errors(), row.path("logistics."));
  out.carrier = fields.text("carrier");
  out.tracking_no = fields.text("tracking_no");
  out.state = fields.text("state");
  out.last_place = fields.text("last_place");
  out.updated = fields.moment("updated");
  fields.finish();
  return out;
}

order_record order_from(const json& in) {
  order_record o;
  o.id = take<std::string>(in, "id");
  o.member_id = take<std::string>(in, "member");
  o.state = static_cast<order_state>(take<int>(in, "state"));
  o.created = from_unix_ms(take<std::int64_t>(in, "created"));
  o.total_hundredths = take<std::int64_t>(in, "total");
  o.currency = take<std::string>(in, "currency");
  for (const auto& item : take<std::vector<json>>(in, "items")) {
    o.items.push_back({take<std::string>(item, "product"), take<std::string>(item, "name"),
                       take<int>(item, "n"), take<std::int64_t>(item, "price")});
  }
  if (auto at = in.find("logistics"); at != in.end()) {
    o.logistics = {take<std::string>(*at, "carrier"), take<std::string>(*at, "no"),
                   take<std::string>(*at, "state"), take<std::string>(*at, "place"),
                   from_unix_ms(take<std::int64_t>(*at, "at"))};
  }
  o.attributes = take<std::map<std::string, std::string>>(in, "attributes");
  return o;
}

}  // namespace

std::optional<order_record> order_from_row(row_fields& row) {
  order_record o;
  o.id = row.id("order_id", presence::required);
  o.member_id = row.id("member_id", presence::required);
  o.state = read_state(row);
  o.created = row.moment("created", presence::required);
  o.total_hundredths = row.hundredths("total");
  o.currency = row.text("currency", presence::optional, 8);
  o.items = read_items(row);
  o.logistics = read_logistics(row);
  o.attributes = row.attributes("attributes");
  row.finish();
  if (!row.good()) return {};
  if (o.currency.empty()) o.currency = "CNY";
  return o;
}

std::optional<stored_record> read_order(row_fields& row) {
  auto o = order_from_row(row);
  if (!o) return {};
  return stored_record{o->id, bytes_of(*o)};
}

std::optional<order_record> order_of(std::string_view bytes) {
  return decoded(bytes, order_from);
}

std::string order_prefix(std::string_view member_id) {
  return std::string(member_id).append(1, '\0');
}

std::string newest_first(timestamp created) {
  auto down = ~(static_cast<std::uint64_t>(unix_ms(created)) ^ sign);
  std::string out;
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(down >> shift & 0xff);
  return out;
}

timestamp created_of(std::string_view bytes) {
  std::uint64_t down = 0;
  for (char c : bytes.substr(0, newest_first_bytes)) {
    down = down << 8 | static_cast<unsigned char>(c);
  }
  return from_unix_ms(static_cast<std::int64_t>(~down ^ sign));
}

std::string bought_prefix(std::string_view product_id) {
  // No member's id begins with a control character.
  return std::string(1, '\x01').append(product_id).append(1, '\0');
}

/// The state stands in the member's entry, so that counting open orders reads no order. Each
/// product has its orders too.
std::vector<index_entry> index_order(std::string_view key, std::string_view bytes) {
  auto o = order_of(bytes);
  if (!o) return {};
  auto place = newest_first(o->created).append(key);
  std::vector<index_entry> out{
      {order_prefix(o->member_id).append(place), std::string(1, static_cast<char>(o->state))}};
  std::set<std::string> products;
  for (const auto& item : o->items) products.insert(item.product_id);
  products.erase("");
  for (const auto& id : products) out.push_back({bought_prefix(id).append(place), {}});
  return out;
}

}  // namespace switchboard::center
