#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace switchboard::center {

/// Splits text for search, the same way when a product is stored and when it is looked for: folded
/// (runtime/text/fold.hpp) first. Latin and other spaced scripts give words; Chinese, Japanese and
/// Korean, which have no spaces, give each character with the one after it, and the last alone, so
/// that every part of a text is the beginning of some token. Tokens are at most 64 bytes; each is
/// given once, sorted.
std::vector<std::string> index_tokens(std::string_view text);

/// The same for what somebody looks for: of a run of two or more characters the lone last one is
/// left out, since it would ask for more than was meant.
std::vector<std::string> query_tokens(std::string_view text);

}  // namespace switchboard::center
