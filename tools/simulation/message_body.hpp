#pragma once

#include <string>

#include "runtime/codec/described.hpp"

namespace switchboard::simulation {

/// The body of a text message.
inline codec::packed_value text_body(const std::string& text) {
  codec::packer p;
  field(p.map(1), "text", text);
  return {p.take()};
}

}  // namespace switchboard::simulation
