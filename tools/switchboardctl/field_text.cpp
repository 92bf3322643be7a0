#include "tools/switchboardctl/field_text.hpp"

#include <chrono>

#include "tools/switchboardctl/language.hpp"
#include "tools/switchboardctl/text_table.hpp"

namespace switchboard::ctl {
namespace {

std::string value_text(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return tr(value.get<bool>() ? "yes" : "no");
  if (value.is_array()) {
    std::string out;
    for (auto& item : value) out += (out.empty() ? "" : ", ") + value_text(item);
    return out;
  }
  if (value.is_object()) {
    for (auto* name : {"name", "id"}) {
      if (value.contains(name) && value[name].is_string() && value[name] != "") return value[name];
    }
  }
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

const json* find(const json& from, std::string_view field) {
  if (!from.is_object()) return nullptr;
  auto at = from.find(std::string(field));
  return at == from.end() || at->is_null() ? nullptr : &*at;
}

}  // namespace

std::string shown(const json& from, std::string_view field) {
  auto* value = find(from, field);
  auto text = value ? value_text(*value) : std::string();
  return text.empty() ? "-" : text;
}

std::int64_t number(const json& from, std::string_view field, std::int64_t absent) {
  auto* value = find(from, field);
  return value && value->is_number() ? value->get<std::int64_t>() : absent;
}

const json& part(const json& from, std::string_view field) {
  static const json nothing = json::object();
  auto* value = find(from, field);
  return value && value->is_structured() ? *value : nothing;
}

std::string shown_span(const json& from, std::string_view field) {
  auto* value = find(from, field);
  return value && value->is_number() ? terminal::span_text(value->get<std::int64_t>()) : "-";
}

std::string shown_age(const json& from, std::string_view field) {
  auto at = number(from, field);
  if (at <= 0) return "-";
  auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  return terminal::span_text(now.count() - at);
}

}  // namespace switchboard::ctl
