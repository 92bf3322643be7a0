#pragma once

#include <string>
#include <utility>

#include <msgpack.hpp>

#include "runtime/base/error.hpp"
#include "runtime/codec/described.hpp"
#include "runtime/codec/params.hpp"

namespace switchboard {

/// Bytes of a name: of a profile's field, a lead's stage, a sales channel.
inline constexpr std::size_t longest_name = 64;

/// The map a caller sent as `fields`, or why it is none. `use` reads it and answers the outcome.
template <class Use>
auto with_map(const codec::packed_value& fields, Use use)
    -> decltype(use(std::declval<const msgpack::object&>())) {
  try {
    auto bytes = fields.bytes.empty() ? codec::empty_map() : fields.bytes;
    auto handle = msgpack::unpack(bytes.data(), bytes.size());
    if (handle.get().type == msgpack::type::MAP) return use(handle.get());
  } catch (const msgpack::unpack_error&) {
    // Falls through: bytes that are no value are no map either.
  }
  return fail(errc::invalid_argument, "fields: expected a map", "fields");
}

}  // namespace switchboard
