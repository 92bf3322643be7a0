#include "config/yaml_outline.hpp"

#include <algorithm>
#include <set>

#include <yaml-cpp/yaml.h>

#include "runtime/base/hash.hpp"

namespace switchboard::config {
namespace {

constexpr const char* order_field = "order";

std::string id_of(const YAML::Node& element) {
  for (const char* key : {"id", "name"}) {
    if (element.IsMap() && element[key] && element[key].IsScalar()) return element[key].Scalar();
  }
  return {};
}

bool all_scalars(const YAML::Node& list) {
  return std::all_of(list.begin(), list.end(), [](const auto& e) { return e.IsScalar(); });
}

std::string list_value(const YAML::Node& list) {
  std::string out;
  for (const auto& e : list) out += (out.empty() ? "" : ", ") + e.Scalar();
  return "[" + out + "]";
}

void flatten(const YAML::Node& node, const std::string& path, field_table& out) {
  if (node.IsScalar()) {
    out[path] = node.Scalar();
  } else if (node.IsSequence() && all_scalars(node)) {
    out[path] = list_value(node);
  } else if (node.IsSequence()) {
    std::size_t n = 0;
    for (const auto& e : node) flatten(e, path + "[" + std::to_string(n++) + "]", out);
  } else if (node.IsMap()) {
    for (const auto& kv : node) {
      const auto key = kv.first.IsScalar() ? kv.first.Scalar() : std::string("?");
      flatten(kv.second, path.empty() ? key : path + "." + key, out);
    }
  }
}

/// A list of things with ids, or a map from ids to things.
bool has_things(const std::string& section, const YAML::Node& value) {
  if (value.IsSequence()) {
    return value.size() > 0 &&
           std::all_of(value.begin(), value.end(), [](const auto& e) { return !id_of(e).empty(); });
  }
  return section == "calendars" && value.IsMap();
}

void add_section(const std::string& section, const YAML::Node& value, outline& out) {
  if (!has_things(section, value)) {
    if (value.IsMap() || value.IsSequence()) flatten(value, {}, out.things[section]);
    return;
  }
  auto& order = out.order[section];
  const auto kind = thing_name(section) + " ";
  auto add = [&](const std::string& id, const YAML::Node& thing) {
    order.push_back(id);
    flatten(thing, {}, out.things[kind + id]);
  };
  if (value.IsMap()) {
    for (const auto& kv : value) add(kv.first.Scalar(), kv.second);
  } else {
    for (const auto& e : value) add(id_of(e), e);
  }
}

bool is_secret(std::string_view field) {
  return field.find("sha256") != std::string_view::npos ||
         field.find("password") != std::string_view::npos;
}

std::string shown(const std::optional<std::string>& value) {
  constexpr std::size_t longest = 60;
  if (!value) return "not written";
  if (value->size() <= longest) return value->empty() ? "\"\"" : *value;
  auto end = longest;
  while (end > 0 && (static_cast<unsigned char>((*value)[end]) & 0xc0u) == 0x80u) --end;
  return value->substr(0, end) + "...";
}

const std::string* find(const field_table* of, const std::string& field) {
  if (!of) return nullptr;
  const auto at = of->find(field);
  return at == of->end() ? nullptr : &at->second;
}

const field_table* find(const outline& of, const std::string& thing) {
  const auto at = of.things.find(thing);
  return at == of.things.end() ? nullptr : &at->second;
}

bool same(const std::string* a, const std::string* b) {
  return a == b || (a && b && *a == *b);
}

std::optional<std::string> copy_of(const std::string* text) {
  return text ? std::optional(*text) : std::nullopt;
}

std::set<std::string> fields_of(const field_table* a, const field_table* b) {
  std::set<std::string> out;
  for (auto* some : {a, b}) {
    if (!some) continue;
    for (auto& [field, value] : *some) out.insert(field);
  }
  return out;
}

/// The ids of `list` that all of them have, in its order.
std::vector<std::string> common(const std::vector<std::string>& list,
                                const std::vector<const std::vector<std::string>*>& all) {
  std::vector<std::string> out;
  for (auto& id : list) {
    if (std::ranges::all_of(
            all, [&](auto* other) { return std::ranges::find(*other, id) != other->end(); })) {
      out.push_back(id);
    }
  }
  return out;
}

void add_lost_orders(const outline& file, const outline& running, const outline* base,
                     std::vector<field_difference>& out) {
  for (auto& [section, order] : running.order) {
    const auto in_file = file.order.find(section);
    if (in_file == file.order.end()) continue;
    std::vector<const std::vector<std::string>*> all{&order, &in_file->second};
    const auto in_base = base ? base->order.find(section) : running.order.end();
    if (base && in_base == base->order.end()) continue;
    if (base) all.push_back(&in_base->second);
    const auto here = common(order, all);
    if (here == common(in_file->second, all)) continue;
    if (base && here == common(in_base->second, all)) continue;
    out.push_back({section, order_field, "another", "as it was put"});
  }
}

}  // namespace

std::string thing_name(const std::string& section) {
  static const std::map<std::string, std::string> names{{"calendars", "calendar"},
                                                        {"groups", "group"},
                                                        {"channels", "channel"},
                                                        {"agents", "agent"},
                                                        {"teams", "team"},
                                                        {"rules", "rule"},
                                                        {"forms", "form"},
                                                        {"word_lists", "word list"},
                                                        {"canned_replies", "canned reply"},
                                                        {"profile_fields", "profile field"},
                                                        {"lead_stages", "lead stage"},
                                                        {"mining", "mining rule"},
                                                        {"admin_tokens", "admin token"}};
  const auto at = names.find(section);
  return at == names.end() ? section : at->second;
}

outline outline_of(std::string_view text) {
  outline out;
  try {
    const auto root = YAML::Load(std::string(text));
    if (!root.IsMap()) return {};
    for (const auto& kv : root) {
      if (kv.first.IsScalar()) add_section(kv.first.Scalar(), kv.second, out);
    }
  } catch (const std::exception&) {
    return {};
  }
  return out;
}

std::uint64_t value_hash_of(std::string_view text) {
  const auto what = outline_of(text);
  if (what == outline{}) return 0;
  std::string all;
  for (auto& [thing, fields] : what.things) {
    all += thing + '\n';
    for (auto& [field, value] : fields) all += field + '\0' + value + '\0';
  }
  for (auto& [section, order] : what.order) {
    all += '\n' + section;
    for (auto& id : order) all += '\0' + id;
  }
  return fnv1a(all);
}

std::vector<field_difference> lost_with(const outline& file, const outline& running,
                                        const outline* base) {
  std::set<std::string> things;
  for (auto* some : {&file, &running}) {
    for (auto& [thing, fields] : some->things) things.insert(thing);
  }
  std::vector<field_difference> out;
  for (auto& thing : things) {
    const auto *in_file = find(file, thing), *in_running = find(running, thing);
    const auto* in_base = base ? find(*base, thing) : nullptr;
    if (!in_file || !in_running) {
      // Made or removed by one side. It is lost where that side is not the file.
      const bool here_as_before = base && (in_running != nullptr) == (in_base != nullptr) &&
                                  (!in_running || *in_running == *in_base);
      if (!here_as_before) {
        out.push_back({thing,
                       {},
                       in_file ? std::optional<std::string>("written") : std::nullopt,
                       in_running ? std::optional<std::string>("there") : std::nullopt});
      }
      continue;
    }
    for (auto& field : fields_of(in_file, in_running)) {
      const auto *f = find(in_file, field), *r = find(in_running, field);
      if (same(f, r) || (base && same(r, find(in_base, field)))) continue;
      out.push_back({thing, field, copy_of(f), copy_of(r)});
    }
  }
  add_lost_orders(file, running, base, out);
  return out;
}

std::vector<std::string> field_changes(const field_table& before, const field_table& after,
                                       std::size_t most) {
  std::vector<std::string> out;
  std::size_t more = 0;
  for (auto& field : fields_of(&before, &after)) {
    const auto *a = find(&before, field), *b = find(&after, field);
    if (same(a, b)) continue;
    if (out.size() == most) {
      ++more;
    } else if (is_secret(field)) {
      out.push_back(field + " is another");
    } else {
      out.push_back(field + " " + shown(copy_of(a)) + " → " + shown(copy_of(b)));
    }
  }
  if (more > 0) out.push_back("and " + std::to_string(more) + " more");
  return out;
}

std::string to_string(const field_difference& d) {
  if (d.field.empty()) {
    return d.thing + (d.running ? ": made or changed while running, not in the file"
                                : ": in the file, removed while running");
  }
  if (d.field == order_field) return d.thing + ": the order was changed while running";
  if (is_secret(d.field)) return d.thing + ": " + d.field + ": one in the file, another as it runs";
  return d.thing + ": " + d.field + ": " + shown(d.file) + " in the file, " + shown(d.running) +
         " as it runs";
}

}  // namespace switchboard::config
