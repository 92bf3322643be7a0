#pragma once

#include <string>
#include <type_traits>

#include <caf/sec.hpp>

#include "runtime/codec/described.hpp"

namespace switchboard {

/// CAF's hook: a described message travels between nodes as its packed bytes. Bytes that are no
/// such message are refused, so that nobody acts on a half-filled one.
template <class Inspector, class T>
requires codec::described<T>
typename Inspector::result_type inspect(Inspector& f, T& x) {
  std::string bytes;
  if constexpr (!Inspector::writes_state) {
    bytes = codec::pack(x);
    return f(bytes);
  } else {
    if (auto err = f(bytes)) return err;
    if (!codec::unpack(bytes, x)) return caf::sec::invalid_argument;
    return {};
  }
}

}  // namespace switchboard
