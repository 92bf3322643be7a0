#pragma once

#include <string_view>

namespace switchboard::config {

/// The time zone that people mean by a name the time zone database does not have: cities it names
/// by another city
/// ("Asia/Beijing": Asia/Shanghai), and spans from UTC of places with one zone ("UTC+8"). Empty
/// where none is known.
std::string_view meant_zone(std::string_view name);

}  // namespace switchboard::config
