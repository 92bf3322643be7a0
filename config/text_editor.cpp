#include "config/text_editor.hpp"

#include <algorithm>

namespace switchboard::config {
namespace {

std::string dotted(const text_editor::way& way) {
  std::string out;
  for (auto& word : way) out += (out.empty() ? "" : ".") + word;
  return out;
}

}  // namespace

std::string flow_text(const YAML::Node& node, nulls what) {
  if (node.IsScalar()) {
    // "!" is what was in quotes: text, whatever it looks like.
    // So is what means something else once it stands in braces.
    const auto& text = node.Scalar();
    const bool quoted = node.Tag() == "!" || text.find_first_of(",[]{}#:\n") != std::string::npos;
    return quoted ? yaml_text(text) : text;
  }
  std::string out;
  if (node.IsSequence()) {
    for (const auto& e : node) out += (out.empty() ? "" : ", ") + flow_text(e, what);
    return "[" + out + "]";
  }
  if (!node.IsMap()) return "null";
  for (const auto& kv : node) {
    if (kv.second.IsNull() && what == nulls::left_out) continue;
    out += (out.empty() ? "" : ", ") + yaml_text(kv.first.Scalar()) + ": " +
           flow_text(kv.second, what);
  }
  return "{" + out + "}";
}

void text_editor::take_up(tl::expected<std::string, std::string> edited, const std::string& where) {
  if (!wrong_.empty()) return;
  if (edited)
    text_ = std::move(*edited);
  else
    wrong_ = where + ": " + edited.error();
}

void text_editor::set(const way& to, std::string_view value) {
  take_up(with_changes(text_, {{to, std::string(value)}}), dotted(to));
}

void text_editor::unset(const way& to) {
  take_up(with_changes(text_, {{to, std::nullopt}}), dotted(to));
}

void text_editor::change(const std::vector<value_change>& all) {
  if (!all.empty()) take_up(with_changes(text_, all), dotted(all.front().way));
}

void text_editor::add(const std::string& list, const std::string& element) {
  const auto root = YAML::Load(text_);
  if (!root[list]) {
    if (!text_.empty() && text_.back() != '\n') text_ += '\n';
    text_ += list + ":\n  - " + element + "\n";
    return;
  }
  take_up(with_element(text_, list, element), list);
}

void text_editor::remove(const std::string& list, const std::string& id) {
  take_up(without_element(text_, list, id), list + "." + id);
}

void text_editor::patch(const way& at, const YAML::Node& fields) {
  for (const auto& kv : fields) {
    auto to = at;
    to.push_back(kv.first.Scalar());
    if (kv.second.IsMap())
      patch(to, kv.second);
    else if (kv.second.IsNull())
      unset(to);
    else
      set(to, flow_text(kv.second));
  }
}

result<std::string> text_editor::take() {
  if (!wrong_.empty()) return fail(errc::failed_precondition, wrong_);
  return std::move(text_);
}

result<YAML::Node> read_fields(const std::string& fields, const std::vector<refused_key>& refused) {
  YAML::Node node;
  try {
    node = YAML::Load(fields);
  } catch (const std::exception& e) {
    return fail(errc::invalid_argument, std::string("fields: ") + e.what(), "fields");
  }
  if (!node.IsMap()) return fail(errc::invalid_argument, "fields: expected a map", "fields");
  for (auto& [key, instead] : refused) {
    if (!node[std::string(key)]) continue;
    const auto field = "fields." + std::string(key);
    return fail(errc::invalid_argument, field + ": " + std::string(instead), field);
  }
  return node;
}

std::string element_text(const std::string& id, const YAML::Node& fields) {
  auto out = "{id: " + yaml_text(id);
  const auto rest = flow_text(fields);
  return out + (rest == "{}" ? "}" : ", " + rest.substr(1));
}

std::string list_text(const std::vector<std::string>& items) {
  std::string out;
  for (auto& item : items) out += (out.empty() ? "" : ", ") + yaml_text(item);
  return "[" + out + "]";
}

result<void> check_id(const std::string& id, const char* field) {
  const bool good = !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '.' || c == '-';
  });
  if (good) return {};
  return fail(errc::invalid_argument,
              std::string(field) + ": expected letters, digits, _ . and -, at most 64", field);
}

}  // namespace switchboard::config
