#include "runtime/codec/pack.hpp"

#include <cstring>

#include "runtime/base/text.hpp"

namespace switchboard::codec {

packer& packer::text(std::string_view text) {
  if (!valid_utf8(text)) return key(mended_utf8(text));
  return key(text);
}

/// By hand: msgpack-c writes a float that is whole as an integer.
packer& packer::real(double value) {
  std::uint64_t bits;
  static_assert(sizeof bits == sizeof value);
  std::memcpy(&bits, &value, sizeof bits);
  char bytes[9] = {'\xcb'};
  for (int i = 0; i < 8; ++i) bytes[1 + i] = static_cast<char>(bits >> (56 - 8 * i));
  return raw({bytes, sizeof bytes});
}

packer& packer::real32(float value) {
  std::uint32_t bits;
  static_assert(sizeof bits == sizeof value);
  std::memcpy(&bits, &value, sizeof bits);
  char bytes[5] = {'\xca'};
  for (int i = 0; i < 4; ++i) bytes[1 + i] = static_cast<char>(bits >> (24 - 8 * i));
  return raw({bytes, sizeof bytes});
}

packer& packer::object(const msgpack::object& o) {
  using kind = msgpack::type::object_type;
  switch (o.type) {
    case kind::FLOAT32:
      return real32(static_cast<float>(o.via.f64));
    case kind::FLOAT64:
      return real(o.via.f64);
    case kind::ARRAY:
      array(o.via.array.size);
      for (std::uint32_t i = 0; i < o.via.array.size; ++i) object(o.via.array.ptr[i]);
      return *this;
    case kind::MAP:
      map(o.via.map.size);
      for (std::uint32_t i = 0; i < o.via.map.size; ++i)
        object(o.via.map.ptr[i].key).object(o.via.map.ptr[i].val);
      return *this;
    default:
      pack_.pack(o);
      return *this;
  }
}

msgpack::object_handle unpacked(std::string_view bytes) {
  constexpr std::size_t deepest = 256;
  const auto n = bytes.size();
  return msgpack::unpack(bytes.data(), n, nullptr, nullptr,
                         msgpack::unpack_limit(n, n, n, n, n, deepest));
}

std::string packed(const msgpack::object& value) {
  packer p;
  p.object(value);
  return p.take();
}

std::string pack_error(const error& e) {
  packer p;
  p.map(2 + (e.field.empty() ? 0 : 1) + (e.detail_name.empty() ? 0 : 1) + (e.rule.empty() ? 0 : 1));
  field(p, "code", to_string(e.code));
  field(p, "message", e.message);
  if (!e.field.empty()) field(p, "field", e.field);
  if (!e.detail_name.empty()) field(p, e.detail_name, e.detail);
  if (!e.rule.empty()) field(p, "rule", e.rule);
  return p.take();
}

}  // namespace switchboard::codec
