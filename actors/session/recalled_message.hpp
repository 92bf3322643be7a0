#pragma once

#include <cstdint>
#include <string>

#include "runtime/codec/pack.hpp"

namespace switchboard {

/// What everybody gets of a message that was taken back: {message_seq, recalled: true}, packed. Its
/// place stays, so that no gap appears.
inline std::string recalled_message(std::uint64_t message_seq) {
  codec::packer p;
  p.map(2).str("message_seq").uinteger(message_seq).str("recalled").boolean(true);
  return p.take();
}

}  // namespace switchboard
