#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace switchboard::cel {

/// The name that was probably meant: the one with the fewest edits, if they are few for its
/// length. Empty when none is near.
std::string nearest_name(std::string_view written, const std::vector<std::string>& known);

/// `; did you mean 'x'?`, or nothing.
std::string suggestion(std::string_view written, const std::vector<std::string>& known);

}  // namespace switchboard::cel
