#pragma once

#include "runtime/codec/described.hpp"

/// The arguments of a call are declared once, by a function beside the struct that takes them:
///
///     template <class V> void wire_fields(V& v, snooze& x) {
///       v.may("until", x.until, 1, largest_integer);  // an integer within bounds, where it is
///       given v.may("reason", x.reason, 256);               // text of at most so many bytes
///     }
///
/// `must` is a field the call does not go without. It serves the reading of a call
/// (field_reader.hpp), the list of its fields, and here the description of the struct
/// (described.hpp): what is read under a name is packed and compared under the same one.
namespace switchboard::codec {

/// A list of texts: how many at most, each of 1 to `longest` bytes.
struct text_list {
  std::size_t most = 0, longest = 0;
};

/// Passes the names and values on, without the bounds.
template <class V> class unbounded {
 public:
  explicit unbounded(V& v) : v_(v) {}
  template <class T, class... Bounds> void must(const char* name, T& x, Bounds&&...) {
    v_(name, x);
  }
  template <class T, class... Bounds> void may(const char* name, T& x, Bounds&&...) { v_(name, x); }

 private:
  V& v_;
};

template <class T>
concept has_wire_fields = requires(unbounded<detail::probe_visitor>& v, T& x) {
  wire_fields(v, x);
};

/// Found by the visitor's namespace.
template <class V, has_wire_fields T> void describe(V& v, T& x) {
  unbounded<V> names(v);
  wire_fields(names, x);
}

}  // namespace switchboard::codec
