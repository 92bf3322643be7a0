#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "runtime/codec/described.hpp"

/// What a repeated request is compared by: the request itself, packed, and hashed under a secret of
/// the store.
namespace switchboard::codec {

/// The secret. Whoever does not know it cannot look for two texts with one digest, nor for texts
/// that fall into one slot of a table. Made of the store's id, so that digests hold through
/// restarts and in a restored backup.
struct digest_secret {
  std::array<unsigned char, 16> bytes{};
};
digest_secret secret_of(std::string_view store_id);

/// SipHash-2-4 (libsodium's crypto_shorthash).
std::uint64_t digest(const digest_secret& secret, std::string_view bytes);

/// Appends one packed value with the pairs of every map in the order of their keys: a client that
/// repeats itself may write a map's pairs in another order.
void append_in_order(std::string& out, std::string_view packed);

/// Packs the fields of a described value for comparison. Fields that hold what they hold by default
/// are left out, so that a field added by a later version changes nothing where it is not used.
class content_visitor {
 public:
  template <class T> void operator()(const char* name, T& x) {
    if (is_blank(x)) return;
    if constexpr (requires { x.has_value(); }) {
      packer_.key(name);
      write(*x);
    } else {
      if constexpr (requires { x == T{}; }) {
        if (x == T{}) return;
      }
      packer_.key(name);
      write(x);
    }
  }
  template <class T> void hidden(const char* name, T& x) { (*this)(name, x); }

  std::string take() { return packer_.take(); }

 private:
  template <class T> void write(T& x) {
    if constexpr (std::same_as<T, packed_value>) {
      append_in_order(out_, x.bytes);
    } else if constexpr (described<T>) {
      content_visitor nested;
      describe(nested, x);
      packer_.bin(nested.take());
    } else {
      pack_value(packer_, x, audience::store);
    }
  }

  std::string out_;
  packer packer_{out_};
};

/// All of a described value, packed for comparison.
template <class T> std::string content_of(const T& x) {
  // The visitor only reads; one describe() serves reading and writing, hence the cast.
  content_visitor v;
  describe(v, const_cast<T&>(x));
  return v.take();
}
/// What a call asks for, without who asks and how the answer goes: the fields that
/// `describe_content(visitor, call)` lists.
template <class T> std::string call_content(const T& x) {
  content_visitor v;
  describe_content(v, const_cast<T&>(x));
  return v.take();
}

}  // namespace switchboard::codec
