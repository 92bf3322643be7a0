#include "adapters/channel/gateway/yaml_fields.hpp"

#include <cstdio>
#include <map>
#include <utility>

#include "config/yaml_edit.hpp"

namespace switchboard::gateway_reading {
namespace {

bool write(const msgpack::object& o, std::string& out);

/// In the order of their keys: who repeats a call may write the pairs in another.
bool write_map(const msgpack::object_map& map, std::string& out) {
  std::map<std::string_view, const msgpack::object*> in_order;
  for (std::uint32_t i = 0; i < map.size; ++i) {
    const auto& [key, value] = map.ptr[i];
    if (key.type != msgpack::type::STR) return false;
    in_order.emplace(std::string_view(key.via.str.ptr, key.via.str.size), &value);
  }
  out += '{';
  for (bool first = true; const auto& [key, value] : in_order) {
    if (!std::exchange(first, false)) out += ", ";
    out += config::yaml_text(key) + ": ";
    if (!write(*value, out)) return false;
  }
  out += '}';
  return true;
}

/// The wire's limit of depth bounds the recursion. False for what has no place in a configuration.
bool write(const msgpack::object& o, std::string& out) {
  using msgpack::type::object_type;
  switch (o.type) {
    case msgpack::type::NIL:
      out += "null";
      return true;
    case msgpack::type::BOOLEAN:
      out += o.via.boolean ? "true" : "false";
      return true;
    case msgpack::type::POSITIVE_INTEGER:
      out += std::to_string(o.via.u64);
      return true;
    case msgpack::type::NEGATIVE_INTEGER:
      out += std::to_string(o.via.i64);
      return true;
    case msgpack::type::FLOAT32:
    case msgpack::type::FLOAT64: {
      if (auto n = codec::whole_number(o)) {
        out += std::to_string(*n);
        return true;
      }
      char text[32];
      std::snprintf(text, sizeof text, "%.15g", o.via.f64);
      out += text;
      return true;
    }
    case msgpack::type::STR: {
      out += config::yaml_text({o.via.str.ptr, o.via.str.size});
      return true;
    }
    case msgpack::type::ARRAY:
      out += '[';
      for (std::uint32_t i = 0; i < o.via.array.size; ++i) {
        if (i > 0) out += ", ";
        if (!write(o.via.array.ptr[i], out)) return false;
      }
      out += ']';
      return true;
    case msgpack::type::MAP:
      return write_map(o.via.map, out);
    default:
      return false;
  }
}

}  // namespace

std::string yaml_fields(codec::params& p, std::string_view field) {
  const auto* map = p.map(field);
  if (!map) return {};
  std::string out;
  if (write(*map, out)) return out;
  p.reject(field, "expected text, numbers, flags, lists and maps with keys of text");
  return {};
}

}  // namespace switchboard::gateway_reading
