#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "actors/reception/word_filter.hpp"

/// Sensitive words in a message's body: a packed map whose texts are all looked at, but for ids and
/// addresses. Pure.
namespace switchboard {

/// The lists to look for, a bit each.
struct word_lists_at_hand {
  std::uint64_t block = 0, mask = 0, flag = 0;
  std::uint64_t all() const { return block | mask | flag; }
};

/// What was found, and what becomes of the message.
struct word_verdict {
  std::uint64_t lists = 0;  // that were hit
  bool blocked = false;
  std::string body;                // with `*` for what is masked; empty: as it was
  std::string field;               // the first text with a word, "text" or "values.reason"
  std::vector<std::string> words;  // as they were written; the first few
};

word_verdict judge_words(const word_filter& filter, const word_lists_at_hand& lists,
                         std::string_view packed_body);

}  // namespace switchboard
