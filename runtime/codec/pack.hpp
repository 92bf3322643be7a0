#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <msgpack.hpp>

#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"

namespace switchboard::codec {

/// Packs MessagePack into a growing string by msgpack-c's packer. Containers are announced with
/// their size first, as the format demands. Whatever is given as text, what is written is UTF-8:
/// wherever bytes come from that are none, no client is to stop at them. Not thread-safe.
class packer {
 public:
  packer() : sink_{&out_}, pack_(sink_) {}
  /// Appends to `into`, which outlives it, instead.
  explicit packer(std::string& into) : sink_{&into}, pack_(sink_) {}
  packer(const packer&) = delete;
  packer& operator=(const packer&) = delete;

  packer& map(std::uint32_t pairs) {
    pack_.pack_map(pairs);
    return *this;
  }
  packer& array(std::uint32_t items) {
    pack_.pack_array(items);
    return *this;
  }
  /// Bytes that are no UTF-8 become U+FFFD.
  packer& str(std::string_view text) { return this->text(text); }
  /// A name from the program's own text: known to be UTF-8.
  packer& key(std::string_view text) {
    pack_.pack_str(static_cast<std::uint32_t>(text.size()));
    pack_.pack_str_body(text.data(), static_cast<std::uint32_t>(text.size()));
    return *this;
  }
  packer& bin(std::string_view bytes) {
    pack_.pack_bin(static_cast<std::uint32_t>(bytes.size()));
    pack_.pack_bin_body(bytes.data(), static_cast<std::uint32_t>(bytes.size()));
    return *this;
  }
  packer& integer(std::int64_t value) {
    pack_.pack_int64(value);
    return *this;
  }
  packer& uinteger(std::uint64_t value) {
    pack_.pack_uint64(value);
    return *this;
  }
  /// A float64, also where the number is whole.
  packer& real(double value);
  packer& boolean(bool value) {
    value ? pack_.pack_true() : pack_.pack_false();
    return *this;
  }
  packer& nil() {
    pack_.pack_nil();
    return *this;
  }
  packer& time(timestamp t) { return integer(unix_ms(t)); }
  /// Already packed bytes: one value, or the pairs of an announced map.
  packer& raw(std::string_view packed) {
    sink_.out->append(packed);
    return *this;
  }
  /// The value as it is, with its types: a float that is whole stays a float of its size. Integers
  /// take their shortest form.
  packer& object(const msgpack::object& o);

  /// What comes is about so long: spares a string its growing pains.
  packer& reserve(std::size_t bytes) {
    sink_.out->reserve(sink_.out->size() + bytes);
    return *this;
  }

  std::size_t size() const { return sink_.out->size(); }
  std::string_view view() const { return *sink_.out; }
  std::string take() { return std::exchange(*sink_.out, {}); }

 private:
  packer& text(std::string_view text);
  packer& real32(float value);

  struct string_sink {
    std::string* out;
    void write(const char* bytes, std::size_t n) { out->append(bytes, n); }
  };
  std::string out_;
  string_sink sink_;
  msgpack::packer<string_sink> pack_;
};

/// Appends one map field: key, then whatever `value` packs.
inline packer& field(packer& p, std::string_view key, std::string_view value) {
  return p.key(key).str(value);
}
inline packer& field(packer& p, std::string_view key, const char* value) {
  return p.key(key).str(value);
}
inline packer& field(packer& p, std::string_view key, std::int64_t value) {
  return p.key(key).integer(value);
}
inline packer& field(packer& p, std::string_view key, timestamp value) {
  return p.key(key).time(value);
}

/// Reads one value. Throws what msgpack-c throws where the bytes are none; makes room only for what
/// they can hold, whatever a damaged length says.
msgpack::object_handle unpacked(std::string_view bytes);

/// One value as its own bytes, types kept.
std::string packed(const msgpack::object& value);

/// The wire's error map: {code, message, field?, <detail>?}.
std::string pack_error(const error& e);

}  // namespace switchboard::codec
