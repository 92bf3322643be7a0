#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard {

/// True for well-formed UTF-8 without overlong forms or surrogates (RFC 3629).
bool valid_utf8(std::string_view text);
/// `text` with each byte that belongs to no well-formed character replaced by U+FFFD.
std::string mended_utf8(std::string_view text);
/// The longest beginning of `text` that is at most `bytes` long and cuts no character of UTF-8.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes);

/// The candidate at the least edit distance (Levenshtein) from `word`, or empty when none is within
/// a third of its length (two at least): what an error message offers as the name that was perhaps
/// meant.
std::string nearest_name(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace switchboard
