#pragma once

#include <string>
#include <string_view>

#include "runtime/codec/params.hpp"

namespace switchboard::gateway_reading {

/// The map at `field` as YAML on one line, as a configuration has it; rejects what no configuration
/// can hold. Empty after a refusal.
std::string yaml_fields(codec::params& p, std::string_view field);

}  // namespace switchboard::gateway_reading
