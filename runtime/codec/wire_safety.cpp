#include "runtime/codec/wire_safety.hpp"

#include <cmath>
#include <cstring>
#include <exception>

#include <msgpack.hpp>

#include "runtime/base/text.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard::codec {
namespace {

/// Deeper than anything the wire takes.
constexpr int deepest_value = 64;

/// Steps through one packed value, head by head.
class value_checker {
 public:
  explicit value_checker(std::string_view bytes)
      : at_(reinterpret_cast<const unsigned char*>(bytes.data())), end_(at_ + bytes.size()) {}

  bool whole() { return value(0) && at_ == end_; }

 private:
  using bits = std::uint64_t;

  bool value(int depth) {
    if (at_ == end_ || depth > deepest_value) return false;
    const unsigned head = *at_++;
    if (head < 0x80 || head >= 0xe0) return true;
    if (head < 0x90) return map(head & 0x0fu, depth);
    if (head < 0xa0) return array(head & 0x0fu, depth);
    if (head < 0xc0) return text(head & 0x1fu);
    bits n = 0;
    switch (head) {
      case 0xc0:
      case 0xc2:
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return number(1u << (head - 0xc4), n) && step(n);
      case 0xca:
        return number(4, n) && (n & 0x7f800000u) != 0x7f800000u;
      case 0xcb:
        return number(8, n) && (n & 0x7ff0000000000000u) != 0x7ff0000000000000u;
      case 0xcc:
      case 0xcd:
      case 0xce:
        return step(1u << (head - 0xcc));
      case 0xcf:
        return number(8, n) && n <= bits{largest_integer};
      case 0xd0:
      case 0xd1:
      case 0xd2:
        return step(1u << (head - 0xd0));
      case 0xd3:
        return number(8, n) && n + bits{largest_integer} <= 2 * bits{largest_integer};
      case 0xd9:
      case 0xda:
      case 0xdb:
        return number(1u << (head - 0xd9), n) && text(n);
      case 0xdc:
      case 0xdd:
        return number(2u << (head - 0xdc), n) && array(n, depth);
      case 0xde:
      case 0xdf:
        return number(2u << (head - 0xde), n) && map(n, depth);
      default:
        return false;  // extension types, and the byte that is never used
    }
  }
  bool array(bits items, int depth) {
    for (; items > 0; --items) {
      if (!value(depth + 1)) return false;
    }
    return true;
  }
  bool map(bits pairs, int depth) {
    for (; pairs > 0; --pairs) {
      if (at_ == end_ || !is_text(*at_) || !value(depth + 1) || !value(depth + 1)) return false;
    }
    return true;
  }
  static bool is_text(unsigned head) {
    return (head & 0xe0u) == 0xa0 || (head >= 0xd9 && head <= 0xdb);
  }
  bool text(bits size) {
    const auto* from = reinterpret_cast<const char*>(at_);
    return step(size) && valid_utf8({from, static_cast<std::size_t>(size)});
  }
  bool step(bits size) {
    if (static_cast<bits>(end_ - at_) < size) return false;
    at_ += size;
    return true;
  }
  /// Big-endian, as the format has it.
  bool number(unsigned width, bits& n) {
    if (end_ - at_ < static_cast<std::ptrdiff_t>(width)) return false;
    for (unsigned i = 0; i < width; ++i) n = n << 8 | *at_++;
    return true;
  }

  const unsigned char* at_;
  const unsigned char* end_;
};

using kind = msgpack::type::object_type;

std::string key_text(const msgpack::object& key) {
  switch (key.type) {
    case kind::STR:
      return mended_utf8({key.via.str.ptr, key.via.str.size});
    case kind::BIN:
      return mended_utf8({key.via.bin.ptr, key.via.bin.size});
    case kind::POSITIVE_INTEGER:
      return std::to_string(key.via.u64);
    case kind::NEGATIVE_INTEGER:
      return std::to_string(key.via.i64);
    case kind::BOOLEAN:
      return key.via.boolean ? "true" : "false";
    default:
      return "?";
  }
}

void rewrite(packer& p, const msgpack::object& o, int depth) {
  // What lies in it would lie too deep.
  const bool holds = o.type == kind::ARRAY || o.type == kind::MAP;
  if (holds && depth == deepest_value) return void(p.nil());
  switch (o.type) {
    case kind::STR:
      p.str({o.via.str.ptr, o.via.str.size});  // which mends it
      return;
    case kind::EXT:
      p.nil();
      return;
    case kind::FLOAT32:
    case kind::FLOAT64:
      if (std::isfinite(o.via.f64))
        p.object(o);
      else
        p.nil();
      return;
    case kind::POSITIVE_INTEGER:
      if (o.via.u64 <= std::uint64_t{largest_integer})
        p.uinteger(o.via.u64);
      else
        p.real(static_cast<double>(o.via.u64));
      return;
    case kind::NEGATIVE_INTEGER:
      if (o.via.i64 >= -largest_integer)
        p.integer(o.via.i64);
      else
        p.real(static_cast<double>(o.via.i64));
      return;
    case kind::ARRAY:
      p.array(o.via.array.size);
      for (std::uint32_t i = 0; i < o.via.array.size; ++i)
        rewrite(p, o.via.array.ptr[i], depth + 1);
      return;
    case kind::MAP:
      p.map(o.via.map.size);
      for (std::uint32_t i = 0; i < o.via.map.size; ++i) {
        p.str(key_text(o.via.map.ptr[i].key));
        rewrite(p, o.via.map.ptr[i].val, depth + 1);
      }
      return;
    default:
      p.object(o);
  }
}

}  // namespace

bool is_readable(std::string_view packed) {
  return value_checker(packed).whole();
}

std::string made_readable(std::string_view packed) {
  packer p;
  try {
    const auto handle = unpacked(packed);
    rewrite(p, handle.get(), 0);
    return p.take();
  } catch (const std::exception&) {
    return std::string(1, '\x80');
  }
}

}  // namespace switchboard::codec
