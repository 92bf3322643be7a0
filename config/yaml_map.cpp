#include <algorithm>
#include <fstream>

#include "config/yaml_value.hpp"
#include "runtime/base/text.hpp"

namespace switchboard::config {
namespace {

constexpr std::size_t most_bytes = 8u << 20;
constexpr std::size_t most_keys = 1000;
constexpr std::size_t longest_id = 64;

bool well_formed_id(std::string_view id) {
  auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  };
  return !id.empty() && id.size() <= longest_id && std::all_of(id.begin(), id.end(), good);
}

}  // namespace

yaml_map::yaml_map(const yaml_value& value) : value_(value) {
  const auto& node = value.node();
  // A section left empty says nothing, and that is allowed.
  if (node.IsNull()) return;
  if (!node.IsMap()) {
    valid_ = value.refuse("expected {key: value}");
    return;
  }
  if (node.size() > most_keys) {
    valid_ = value.refuse("more than " + std::to_string(most_keys) + " keys");
    return;
  }
  for (const auto& pair : node) {
    auto at = pair.first.Mark();
    int line = at.is_null() ? value.where().line : at.line + 1;
    auto key = pair.first.IsScalar() ? pair.first.Scalar() : std::string("?");
    auto path = value.path().empty() ? key : value.path() + "." + key;
    yaml_value entry(pair.second, line, std::move(path), *value.errors());
    auto earlier = std::find_if(entries_.begin(), entries_.end(),
                                [&](const auto& e) { return e.first == key; });
    if (earlier == entries_.end()) {
      entries_.emplace_back(std::move(key), std::move(entry));
    } else {
      entry.refuse("written twice; first on line " + std::to_string(earlier->second.where().line));
    }
  }
}

const yaml_value* yaml_map::find(std::string_view key) {
  known_.emplace_back(key);
  for (const auto& [name, value] : entries_) {
    if (name == key) return &value;
  }
  return nullptr;
}

const yaml_value* yaml_map::need(std::string_view key) {
  auto found = find(key);
  // What is no mapping at all has been refused as such.
  if (!found && valid_) value_.refuse("\"" + std::string(key) + "\" is missing");
  return found;
}

void yaml_map::finish() const {
  for (const auto& [name, value] : entries_) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    auto near = nearest_name(name, known_);
    value.refuse(near.empty() ? "unknown key" : "unknown key; did you mean \"" + near + "\"?");
  }
}

std::string declared_ids::read(yaml_map& item, std::string_view key) {
  std::string id;
  auto value = item.need(key);
  if (!value || !value->text(id)) return {};
  if (!well_formed_id(id)) {
    value->refuse("expected letters, digits, \"_\", \".\" and \"-\", at most " +
                  std::to_string(longest_id));
    return {};
  }
  auto [at, fresh] = lines_.emplace(id, value->where().line);
  if (fresh) return id;
  value->refuse("\"" + id + "\" is declared already on line " + std::to_string(at->second));
  return {};
}

std::optional<yaml_value> parse_yaml(std::string_view text, error_list& errors) {
  if (!valid_utf8(text)) {
    errors.add(0, {}, "not UTF-8");
    return {};
  }
  try {
    auto documents = YAML::LoadAll(std::string(text));
    if (documents.size() > 1) {
      errors.add(documents[1].Mark().line + 1, {}, "a second document; one is expected");
      return {};
    }
    return yaml_value(documents.empty() ? YAML::Node() : documents[0], 1, {}, errors);
  } catch (const YAML::Exception& e) {
    errors.add(e.mark.is_null() ? 0 : e.mark.line + 1, {}, "not YAML: " + e.msg);
  } catch (const std::exception& e) {
    errors.add(0, {}, std::string("not YAML: ") + e.what());
  }
  return {};
}

std::optional<std::string> read_file(const std::string& path, error_list& errors) {
  std::ifstream in(path, std::ios::binary);
  std::string text(most_bytes + 1, '\0');
  if (in) in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in.is_open() || in.bad()) {
    errors.add(0, {}, "cannot be read");
    return {};
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() <= most_bytes) return text;
  errors.add(0, {}, "larger than 8 MiB");
  return {};
}

}  // namespace switchboard::config
