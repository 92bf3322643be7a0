#include "adapters/channel/gateway/yaml_fields.hpp"

#include <cstdio>

#include "config/yaml_edit.hpp"

namespace switchboard::gateway_reading {
namespace {

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
      out += '{';
      for (std::uint32_t i = 0; i < o.via.map.size; ++i) {
        const auto& [key, value] = o.via.map.ptr[i];
        if (i > 0) out += ", ";
        if (key.type != msgpack::type::STR || !write(key, out)) return false;
        out += ": ";
        if (!write(value, out)) return false;
      }
      out += '}';
      return true;
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
