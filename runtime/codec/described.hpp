#pragma once

#include <algorithm>
#include <chrono>
#include <concepts>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/base/ids.hpp"
#include "runtime/base/shared_list.hpp"
#include "runtime/codec/byte_reader.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/codec/wire_safety.hpp"

/// One description of a struct's fields serves every format it is written in: the wire, the
/// journal, snapshots, messages between nodes. A type is described by a function beside it, found
/// by its namespace:
///
///     template <class V> void describe(V& v, assigned& x) {
///       v("agent", x.agent);              // everywhere
///       v.hidden("offer_id", x.offer);    // not on the wire to clients
///     }
///
/// Written as a MessagePack map. Empty text, containers and optionals are left out; absent fields
/// keep their default when read, unknown ones are skipped, so old and new versions read each other.
namespace switchboard::codec {

/// Bytes that already are one MessagePack value, or nothing. Read back from a store it is made
/// readable for every client (wire_safety.hpp), should a version that checked less have taken it.
struct packed_value {
  std::string bytes;
  bool operator==(const packed_value&) const = default;
};

/// Stands in a describe() for a string that holds other bytes than text (packed events, a
/// snapshot): written as binary data.
struct binary_field {
  std::string& bytes;
  bool empty() const { return bytes.empty(); }
};

enum class audience { client, store };

namespace detail {

struct probe_visitor {
  template <class T> void operator()(const char*, T&) {}
  template <class T> void hidden(const char*, T&) {}
};

}  // namespace detail

template <class T>
concept described = requires(detail::probe_visitor& v, T& x) {
  describe(v, x);
};

template <class T> void pack_value(packer& p, const T& x, audience to);
/// Reads one value. False where the bytes are none of that type; `x` is then half-filled.
template <class T> bool unpack_value(byte_reader& in, T& x);

template <class T> bool is_blank(const T& x) {
  if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>)
    return false;
  else if constexpr (requires { x.has_value(); })
    return !x.has_value();
  else if constexpr (std::same_as<T, packed_value>)
    return x.bytes.empty();
  else if constexpr (requires { x.empty(); })
    return x.empty();
  else if constexpr (requires { x.get(); })
    return !x;
  else
    return false;
}

class counting_visitor {
 public:
  explicit counting_visitor(audience to) : to_(to) {}
  template <class T> void operator()(const char*, T& x) { count += is_blank(x) ? 0 : 1; }
  template <class T> void hidden(const char* n, T& x) {
    if (to_ == audience::store) (*this)(n, x);
  }
  std::uint32_t count = 0;

 private:
  audience to_;
};

class packing_visitor {
 public:
  packing_visitor(packer& p, audience to) : p_(p), to_(to) {}
  template <class T> void operator()(const char* name, T& x) {
    if (is_blank(x)) return;
    p_.key(name);
    pack_value(p_, x, to_);
  }
  template <class T> void hidden(const char* n, T& x) {
    if (to_ == audience::store) (*this)(n, x);
  }

 private:
  packer& p_;
  audience to_;
};

/// Reads a map's values into the fields they are named for. They lie in the order in which
/// describe() names the fields, some of them left out, unless another version wrote them: what
/// comes in another order, or is not known here, is kept aside, and `rest_` is asked once more.
class unpacking_visitor {
 public:
  unpacking_visitor(byte_reader& in, std::uint32_t pairs) : in_(in), left_(pairs) { step(); }
  template <class T> void operator()(const char* name, T& x) {
    if (!sound_ || left_ == 0 || name_ != name) return;
    sound_ = unpack_value(in_, x);
    --left_;
    step();
  }
  template <class T> void hidden(const char* n, T& x) { (*this)(n, x); }

  bool sound() const { return sound_; }
  /// The values that are not read yet, by name. They are stepped over.
  std::vector<std::pair<std::string_view, std::string_view>> rest() {
    std::vector<std::pair<std::string_view, std::string_view>> all;
    while (sound_ && left_ > 0) {
      auto bytes = in_.value();
      sound_ = bytes.has_value();
      if (bytes && named_) all.emplace_back(name_, *bytes);
      --left_;
      step();
    }
    return all;
  }

 private:
  /// To the next pair's value.
  void step() {
    if (!sound_ || left_ == 0) return;
    auto name = in_.text();
    named_ = name.has_value();
    name_ = name.value_or(std::string_view{});
    // A name that is no text is nobody's here.
    if (!named_) sound_ = in_.skip();
  }

  byte_reader& in_;
  std::uint32_t left_;
  std::string_view name_;
  bool named_ = false;
  bool sound_ = true;
};

/// Reads what unpacking_visitor left over.
class rest_visitor {
 public:
  explicit rest_visitor(const std::vector<std::pair<std::string_view, std::string_view>>& rest)
      : rest_(rest) {}
  template <class T> void operator()(const char* name, T& x) {
    for (auto& [key, bytes] : rest_) {
      if (!sound_ || key != name) continue;
      byte_reader in(bytes);
      sound_ = unpack_value(in, x);
    }
  }
  template <class T> void hidden(const char* n, T& x) { (*this)(n, x); }
  bool sound() const { return sound_; }

 private:
  const std::vector<std::pair<std::string_view, std::string_view>>& rest_;
  bool sound_ = true;
};

template <class T> struct is_text_id : std::false_type {};
template <class Tag> struct is_text_id<text_id<Tag>> : std::true_type {};
template <class T> struct is_shared_list : std::false_type {};
template <class Item> struct is_shared_list<shared_list<Item>> : std::true_type {};
template <class T>
concept text_keyed_map = requires {
  typename T::mapped_type;
}
&&std::same_as<typename T::key_type, std::string>;
template <class T>
concept sequence = requires(T& x) {
  typename T::value_type;
  x.push_back(typename T::value_type{});
}
&&!std::same_as<T, std::string>;

template <class T> void pack_value(packer& p, const T& x, audience to) {
  if constexpr (std::same_as<T, bool>)
    p.boolean(x);
  else if constexpr (std::is_enum_v<T>)
    p.integer(static_cast<std::int64_t>(x));
  else if constexpr (std::unsigned_integral<T>)
    p.uinteger(x);
  else if constexpr (std::integral<T>)
    p.integer(x);
  else if constexpr (std::floating_point<T>)
    p.real(x);
  else if constexpr (std::same_as<T, std::string>)
    p.str(x);
  else if constexpr (std::same_as<T, timestamp>)
    p.time(x);
  else if constexpr (std::same_as<T, millis>)
    p.integer(x.count());
  else if constexpr (std::same_as<T, session_id>)
    p.str(x.text());
  else if constexpr (std::same_as<T, packed_value>)
    p.raw(x.bytes);
  else if constexpr (std::same_as<T, binary_field>)
    p.bin(x.bytes);
  else if constexpr (is_text_id<T>::value)
    p.str(x.value);
  else if constexpr (is_shared_list<T>::value)
    pack_value(p, x.items(), to);
  else if constexpr (
      requires { x.has_value(); } || requires { x.get(); })
    pack_value(p, *x, to);
  else if constexpr (text_keyed_map<T>) {
    p.map(static_cast<std::uint32_t>(x.size()));
    for (auto& [key, value] : x) pack_value(p.str(key), value, to);
  } else if constexpr (sequence<T>) {
    p.array(static_cast<std::uint32_t>(x.size()));
    for (auto& item : x) pack_value(p, item, to);
  } else {
    // The visitor only reads here; one describe() serves reading and writing, hence the cast.
    auto& fields = const_cast<T&>(x);
    counting_visitor counter(to);
    describe(counter, fields);
    p.map(counter.count);
    packing_visitor visitor(p, to);
    describe(visitor, fields);
  }
}

/// Into `x` what was read, if anything was.
template <class T, class Read> bool take(T& x, std::optional<Read> read) {
  if (!read) return false;
  x = static_cast<T>(*read);
  return true;
}

template <class T> bool unpack_number(byte_reader& in, T& x) {
  if constexpr (std::floating_point<T>)
    return take(x, in.real());
  else if constexpr (std::unsigned_integral<T>) {
    const auto n = in.uinteger();
    return n && std::in_range<T>(*n) && take(x, n);
  } else {
    const auto n = in.integer();
    return n && std::in_range<T>(*n) && take(x, n);
  }
}

/// A text, or binary data: it was once written so.
inline std::optional<std::string_view> text_or_bin(byte_reader& in) {
  if (auto text = in.text()) return text;
  return in.bin();
}

template <class T> bool unpack_list(byte_reader& in, T& x) {
  const auto n = in.array();
  if (!n) return false;
  x.clear();
  // A damaged length asks for no more room than the bytes could fill.
  x.reserve(std::min<std::size_t>(*n, in.left()));
  for (std::uint32_t i = 0; i < *n; ++i) {
    if (!unpack_value(in, x.emplace_back())) return false;
  }
  return true;
}

template <class T> bool unpack_map(byte_reader& in, T& x) {
  const auto n = in.map();
  if (!n) return false;
  x.clear();
  for (std::uint32_t i = 0; i < *n; ++i) {
    const auto key = text_or_bin(in);
    if (!key || !unpack_value(in, x[std::string(*key)])) return false;
  }
  return true;
}

template <class T> bool unpack_fields(byte_reader& in, T& x) {
  const auto pairs = in.map();
  if (!pairs) return false;
  unpacking_visitor visitor(in, *pairs);
  describe(visitor, x);
  const auto rest = visitor.rest();
  if (!visitor.sound() || rest.empty()) return visitor.sound();
  rest_visitor more(rest);
  describe(more, x);
  return more.sound();
}

template <class T> bool unpack_value(byte_reader& in, T& x) {
  if constexpr (std::same_as<T, bool>)
    return take(x, in.boolean());
  else if constexpr (std::is_enum_v<T>)
    return take(x, in.integer());
  else if constexpr (std::is_arithmetic_v<T>)
    return unpack_number(in, x);
  else if constexpr (std::same_as<T, std::string>)
    return take(x, text_or_bin(in));
  else if constexpr (std::same_as<T, timestamp>) {
    const auto ms = in.integer();
    if (ms) x = from_unix_ms(*ms);
    return ms.has_value();
  } else if constexpr (std::same_as<T, millis>)
    return take(x, in.integer());
  else if constexpr (std::same_as<T, session_id>) {
    const auto text = in.text();
    if (text) x = session_id::parse(*text).value_or(session_id{});
    return text.has_value();
  } else if constexpr (std::same_as<T, packed_value>) {
    if (!take(x.bytes, in.value())) return false;
    if (!is_readable(x.bytes)) x.bytes = made_readable(x.bytes);
    return true;
  } else if constexpr (std::same_as<T, binary_field>)
    return take(x.bytes, text_or_bin(in));
  else if constexpr (is_text_id<T>::value)
    return take(x.value, text_or_bin(in));
  else if constexpr (is_shared_list<T>::value) {
    std::vector<typename T::value_type> items;
    if (!unpack_list(in, items)) return false;
    x = T(std::move(items));
    return true;
  } else if constexpr (requires { x.has_value(); })
    return unpack_value(in, x.emplace());
  else if constexpr (requires { x.get(); }) {
    x = std::make_unique<typename T::element_type>();
    return unpack_value(in, *x);
  } else if constexpr (text_keyed_map<T>)
    return unpack_map(in, x);
  else if constexpr (sequence<T>)
    return unpack_list(in, x);
  else
    return unpack_fields(in, x);
}

/// The bytes of one described value.
template <class T> std::string pack(const T& x, audience to = audience::store) {
  packer p;
  pack_value(p, x, to);
  return p.take();
}

/// Reads what `pack` wrote. False where `bytes` do not begin with such a value (`x` is then
/// half-filled).
template <class T> bool unpack(std::string_view bytes, T& x) {
  byte_reader in(bytes);
  return unpack_value(in, x);
}

}  // namespace switchboard::codec
