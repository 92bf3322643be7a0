#pragma once

#include <chrono>
#include <concepts>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <msgpack.hpp>

#include "runtime/base/clock.hpp"
#include "runtime/base/ids.hpp"
#include "runtime/base/shared_list.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/codec/wire_safety.hpp"

/// One description of a struct's fields serves every format it is written in: the wire, the journal, snapshots, messages
/// between nodes. A type is described by a function beside it, found by its namespace:
///
///     template <class V> void describe(V& v, assigned& x) {
///       v("agent", x.agent);              // everywhere
///       v.hidden("offer_id", x.offer);    // not on the wire to clients
///     }
///
/// Written as a MessagePack map. Empty text, containers and optionals are left out; absent fields keep their default when read,
/// unknown ones are skipped, so old and new versions read each other.
namespace switchboard::codec {

/// Bytes that already are one MessagePack value, or nothing. Read back from a store it is made readable for every client
/// (wire_safety.hpp), should a version that checked less have taken it.
struct packed_value {
  std::string bytes;
  bool operator==(const packed_value&) const = default;
};

/// Stands in a describe() for a string that holds other bytes than text (packed events, a snapshot): written as binary data.
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
concept described = requires(detail::probe_visitor& v, T& x) { describe(v, x); };

template <class T> void pack_value(packer& p, const T& x, audience to);
template <class T> void unpack_value(const msgpack::object& o, T& x);

template <class T> bool is_blank(const T& x) {
  if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) return false;
  else if constexpr (requires { x.has_value(); }) return !x.has_value();
  else if constexpr (std::same_as<T, packed_value>) return x.bytes.empty();
  else if constexpr (requires { x.empty(); }) return x.empty();
  else if constexpr (requires { x.get(); }) return !x;
  else return false;
}

class counting_visitor {
 public:
  explicit counting_visitor(audience to) : to_(to) {}
  template <class T> void operator()(const char*, T& x) { count += is_blank(x) ? 0 : 1; }
  template <class T> void hidden(const char* n, T& x) { if (to_ == audience::store) (*this)(n, x); }
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
  template <class T> void hidden(const char* n, T& x) { if (to_ == audience::store) (*this)(n, x); }

 private:
  packer& p_;
  audience to_;
};

class unpacking_visitor {
 public:
  explicit unpacking_visitor(const msgpack::object& o) : o_(o) {}
  template <class T> void operator()(const char* name, T& x) {
    if (auto* found = find(name)) unpack_value(*found, x);
  }
  template <class T> void hidden(const char* n, T& x) { (*this)(n, x); }

 private:
  // Fields are mostly written in the order they are read: look first where the last one was found.
  const msgpack::object* find(std::string_view name) {
    if (o_.type != msgpack::type::MAP) return nullptr;
    auto n = o_.via.map.size;
    for (std::uint32_t i = 0; i < n; ++i) {
      auto& kv = o_.via.map.ptr[(next_ + i) % n];
      if (kv.key.type == msgpack::type::STR && name == std::string_view(kv.key.via.str.ptr, kv.key.via.str.size)) {
        next_ = (next_ + i + 1) % n;
        return &kv.val;
      }
    }
    return nullptr;
  }
  const msgpack::object& o_;
  std::uint32_t next_ = 0;
};

template <class T> struct is_text_id : std::false_type {};
template <class Tag> struct is_text_id<text_id<Tag>> : std::true_type {};
template <class T> struct is_shared_list : std::false_type {};
template <class Item> struct is_shared_list<shared_list<Item>> : std::true_type {};
template <class T> concept text_keyed_map = requires { typename T::mapped_type; } && std::same_as<typename T::key_type, std::string>;
template <class T> concept sequence = requires(T& x) { typename T::value_type; x.push_back(typename T::value_type{}); } && !std::same_as<T, std::string>;

template <class T> void pack_value(packer& p, const T& x, audience to) {
  if constexpr (std::same_as<T, bool>) p.boolean(x);
  else if constexpr (std::is_enum_v<T>) p.integer(static_cast<std::int64_t>(x));
  else if constexpr (std::unsigned_integral<T>) p.uinteger(x);
  else if constexpr (std::integral<T>) p.integer(x);
  else if constexpr (std::floating_point<T>) p.real(x);
  else if constexpr (std::same_as<T, std::string>) p.str(x);
  else if constexpr (std::same_as<T, timestamp>) p.time(x);
  else if constexpr (std::same_as<T, millis>) p.integer(x.count());
  else if constexpr (std::same_as<T, session_id>) p.str(x.text());
  else if constexpr (std::same_as<T, packed_value>) p.raw(x.bytes);
  else if constexpr (std::same_as<T, binary_field>) p.bin(x.bytes);
  else if constexpr (is_text_id<T>::value) p.str(x.value);
  else if constexpr (is_shared_list<T>::value) pack_value(p, x.items(), to);
  else if constexpr (requires { x.has_value(); } || requires { x.get(); }) pack_value(p, *x, to);
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

template <class T> void unpack_value(const msgpack::object& o, T& x) {
  if constexpr (std::same_as<T, bool>) x = o.as<bool>();
  else if constexpr (std::is_enum_v<T>) x = static_cast<T>(o.as<std::int64_t>());
  else if constexpr (std::is_arithmetic_v<T>) x = o.as<T>();
  else if constexpr (std::same_as<T, std::string>) x = o.as<std::string>();
  else if constexpr (std::same_as<T, timestamp>) x = from_unix_ms(o.as<std::int64_t>());
  else if constexpr (std::same_as<T, millis>) x = millis{o.as<std::int64_t>()};
  else if constexpr (std::same_as<T, session_id>) x = session_id::parse(o.as<std::string_view>()).value_or(session_id{});
  else if constexpr (std::same_as<T, packed_value>) {
    x.bytes = packed(o);
    if (!is_readable(x.bytes)) x.bytes = made_readable(x.bytes);
  } else if constexpr (std::same_as<T, binary_field>) x.bytes = o.as<std::string>();  // of a text too, as it was once written
  else if constexpr (is_text_id<T>::value) x.value = o.as<std::string>();
  else if constexpr (is_shared_list<T>::value) {
    std::vector<typename T::value_type> items;
    unpack_value(o, items);
    x = T(std::move(items));
  }
  else if constexpr (requires { x.has_value(); }) unpack_value(o, x.emplace());
  else if constexpr (requires { x.get(); }) {
    x = std::make_unique<typename T::element_type>();
    unpack_value(o, *x);
  } else if constexpr (text_keyed_map<T>) {
    if (o.type != msgpack::type::MAP) throw msgpack::type_error();
    x.clear();
    for (std::uint32_t i = 0; i < o.via.map.size; ++i) {
      unpack_value(o.via.map.ptr[i].val, x[o.via.map.ptr[i].key.as<std::string>()]);
    }
  } else if constexpr (sequence<T>) {
    if (o.type != msgpack::type::ARRAY) throw msgpack::type_error();
    x.clear();
    x.reserve(o.via.array.size);
    for (std::uint32_t i = 0; i < o.via.array.size; ++i) unpack_value(o.via.array.ptr[i], x.emplace_back());
  } else {
    unpacking_visitor visitor(o);
    describe(visitor, x);
  }
}

/// The bytes of one described value.
template <class T> std::string pack(const T& x, audience to = audience::store) {
  packer p;
  pack_value(p, x, to);
  return p.take();
}

/// Reads what `pack` wrote. False where `bytes` is not such a value (`x` is then half-filled).
template <class T> bool unpack(std::string_view bytes, T& x) {
  try {
    auto handle = unpacked(bytes);
    unpack_value(handle.get(), x);
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace switchboard::codec
