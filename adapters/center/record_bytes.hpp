#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

/// MessagePack of JSON values. Private to the sources of this room that store records.
namespace switchboard::center {

inline std::string pack(const nlohmann::json& value) {
  std::string out;
  nlohmann::json::to_msgpack(value, out);
  return out;
}

/// `fill` of the map that the bytes hold; nothing when they are damaged.
template <class Fill>
auto decoded(std::string_view bytes, Fill fill) -> std::optional<decltype(fill(nlohmann::json()))> {
  auto value = nlohmann::json::from_msgpack(bytes.begin(), bytes.end(), true, false);
  if (!value.is_object()) return {};
  try {
    return fill(value);
  } catch (const nlohmann::json::exception&) {
    return {};
  }
}

/// A field that is left out when it holds nothing, and is nothing when it was left out.
template <class T> void put_unless_empty(nlohmann::json& object, const char* name, const T& value) {
  if (value != T{}) object[name] = value;
}

template <class T> T take(const nlohmann::json& object, const char* name) {
  auto at = object.find(name);
  return at == object.end() ? T{} : at->get<T>();
}

}  // namespace switchboard::center
