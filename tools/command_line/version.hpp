#pragma once

#include <string_view>

namespace switchboard {

/// "0.1.0": the build's.
std::string_view version();

}  // namespace switchboard
