#pragma once

#include "config/option_table.hpp"

namespace switchboard::config {

/// The options of the centers: a part of option_table(). Private to this room.
std::vector<option> declare_centers();

}  // namespace switchboard::config
