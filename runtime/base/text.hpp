#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace switchboard {

/// True for well-formed UTF-8 without overlong forms or surrogates (RFC 3629).
bool valid_utf8(std::string_view text);

/// The candidate at the least edit distance (Levenshtein) from `word`, or empty when none is within a third of its length
/// (two at least): what an error message offers as the name that was perhaps meant.
std::string nearest_name(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace switchboard
