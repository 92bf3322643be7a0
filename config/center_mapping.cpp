#include "config/center_mapping.hpp"

#include <algorithm>

#include "config/yaml_value.hpp"
#include "runtime/base/text.hpp"

namespace switchboard::config {
namespace {

const std::vector<std::string> item_names{"product_id", "name", "quantity", "price"};
const std::vector<std::string> logistics_names{"carrier", "tracking_no", "state", "last_place",
                                               "updated"};

const std::map<std::string, mapping_form, std::less<>>& forms() {
  static const std::map<std::string, mapping_form, std::less<>> all{
      {"member",
       {{{"by_member_id", {"member_id"}, "/members/{member_id}"},
         {"by_union_id", {"union_id"}, "/members?union_id={union_id}", true},
         {"by_phone", {"phone"}, "/members?phone={phone}", true},
         {"by_email", {"email"}, "/members?email={email}", true}},
        {"member_id", "level", "name", "since", "phone", "email", "union_id", "attributes"}}},
      {"tag",
       {{{"of_member", {"member_id"}, "/members/{member_id}/tags"},
         {"of_identity",
          {"channel", "customer_id"},
          "/channels/{channel}/customers/{customer_id}/tags",
          true}},
        {"tags", "tag"}}},
      {"product",
       {{{"find", {"product_id"}, "/products/{product_id}"},
         {"search", {"text", "most"}, "/products?q={text}&limit={most}"}},
        {"product_id", "name", "category", "brand", "price", "currency", "stock", "url", "image",
         "description", "keywords", "attributes"}}},
      {"trade",
       {{{"find", {"order_id"}, "/orders/{order_id}"},
         {"orders",
          {"member_id", "states", "from", "to", "most"},
          "/members/{member_id}/orders?limit={most}"},
         {"logistics", {"order_id"}, "", true},
         {"together", {"product_ids", "most"}, "", true}},
        {"order_id", "member_id", "state", "created", "total", "currency", "items", "logistics",
         "attributes"}}}};
  return all;
}

/// RFC 6901: empty, or parts that begin with a slash; ~ only as ~0 and ~1.
bool is_pointer(std::string_view text) {
  if (!text.empty() && text[0] != '/') return false;
  for (auto tilde = text.find('~'); tilde != std::string_view::npos;
       tilde = text.find('~', tilde + 1)) {
    if (tilde + 1 >= text.size() || (text[tilde + 1] != '0' && text[tilde + 1] != '1')) {
      return false;
    }
  }
  return true;
}

void read_pointer(const yaml_value& value, std::string& out) {
  std::string text = value.scalar();
  if (!value.node().IsScalar() || text.size() > 256 || !is_pointer(text)) {
    value.refuse("expected a JSON Pointer such as /data/0/name");
  } else {
    out = std::move(text);
  }
}

/// {our name: pointer}; with `known`, no other names.
void read_pointers(const yaml_value& value, const std::vector<std::string>* known,
                   std::map<std::string, std::string>& out) {
  yaml_map map(value);
  for (const auto& [name, pointer] : map.entries()) {
    if (known && std::find(known->begin(), known->end(), name) == known->end()) {
      pointer.refuse(unknown_name("field", name, *known));
    } else {
      read_pointer(pointer, out[name]);
    }
  }
}

void read_request(const yaml_value& value, mapped_request& out) {
  yaml_map map(value);
  if (auto* path = map.find("path")) path->text(out.path, 1024);
  if (auto* at = map.find("at")) read_pointer(*at, out.at);
  map.finish();
}

void read_requests(const yaml_value& value, const mapping_form& form, center_mapping& out) {
  yaml_map map(value);
  for (const auto& one : form.requests) {
    if (auto* found = map.find(one.name)) {
      if (one.optional && found->node().IsNull()) {
        out.requests.erase(one.name);
      } else {
        read_request(*found, out.requests[one.name]);
      }
    }
  }
  map.finish();
}

void read_states(const yaml_value& value, center_mapping& out) {
  static const std::vector<std::string> ours{"created",   "paid",      "shipped",   "delivered",
                                             "completed", "cancelled", "refunding", "refunded"};
  yaml_map map(value);
  for (const auto& [theirs, state] : map.entries()) {
    std::string name;
    if (state.reference(name, "state", ours)) out.states[theirs] = name;
  }
}

void read_unit(yaml_map& map, std::string_view key, std::string_view plain, std::string_view other,
               bool& out) {
  if (auto* value = map.find(key)) {
    std::string unit;
    if (value->reference(unit, "unit", {std::string(plain), std::string(other)})) {
      out = unit == other;
    }
  }
}

}  // namespace

const mapping_form& mapping_form_of(std::string_view center) {
  return forms().find(center)->second;
}

center_mapping default_mapping(std::string_view center) {
  const auto& form = mapping_form_of(center);
  center_mapping out;
  for (const auto& one : form.requests) {
    if (!one.path.empty()) out.requests[one.name] = {one.path, ""};
  }
  for (const auto& name : form.fields) out.fields[name] = "/" + name;
  if (center == "tag") out.fields["tag"] = "";
  if (center == "trade") {
    for (const auto& name : item_names) out.item_fields[name] = "/" + name;
    for (const auto& name : logistics_names) out.logistics_fields[name] = "/" + name;
  }
  return out;
}

checked<center_mapping> parse_mapping(std::string_view center, std::string_view text,
                                      std::string file) {
  const auto& form = mapping_form_of(center);
  error_list errors(std::move(file));
  auto out = default_mapping(center);
  if (auto root = parse_yaml(text, errors)) {
    yaml_map map(*root);
    if (auto* value = map.find("requests")) read_requests(*value, form, out);
    if (auto* value = map.find("fields")) read_pointers(*value, &form.fields, out.fields);
    if (auto* value = map.find("attributes")) read_pointers(*value, nullptr, out.attributes);
    read_unit(map, "times", "milliseconds", "seconds", out.times_in_seconds);
    read_unit(map, "amounts", "units", "hundredths", out.amounts_in_hundredths);
    if (center == "product") read_unit(map, "search", "service", "here", out.search_here);
    if (center == "trade") {
      if (auto* value = map.find("items")) read_pointers(*value, &item_names, out.item_fields);
      if (auto* value = map.find("logistics")) {
        read_pointers(*value, &logistics_names, out.logistics_fields);
      }
      if (auto* value = map.find("states")) read_states(*value, out);
    }
    map.finish();
  }
  if (!errors.empty()) return tl::unexpected(errors.take());
  return out;
}

checked<center_mapping> load_mapping(std::string_view center, const std::string& path) {
  auto name = path.substr(path.find_last_of('/') + 1);
  error_list errors(name);
  auto text = read_file(path, errors);
  if (!text) return tl::unexpected(errors.take());
  return parse_mapping(center, *text, name);
}

}  // namespace switchboard::config
