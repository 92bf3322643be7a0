#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "runtime/cel/value.hpp"

namespace switchboard::cel {

enum class token_kind : std::uint8_t {
  end,
  identifier,
  quoted_identifier,
  keyword,
  literal,
  dot,
  comma,
  colon,
  question,
  left_paren,
  right_paren,
  left_bracket,
  right_bracket,
  left_brace,
  right_brace,
  plus,
  minus,
  star,
  slash,
  percent,
  bang,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  and_and,
  or_or
};

/// One lexical element; `begin` and `end` are byte offsets. `keyword` is `in` only: `true`, `false`
/// and `null` arrive as literals.
struct token {
  token_kind kind = token_kind::end;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::string_view text;
  /// Of a literal: its value. The number 9223372036854775808 is a valid one after a minus only and
  /// comes as uint with `after_minus` set.
  value literal;
  bool after_minus = false;
};

/// What is wrong with a text and where, before it becomes line and column.
struct syntax_error {
  std::uint32_t offset = 0;
  std::string message;
};

/// Splits a condition into tokens, the last one being `end`. The tokens' texts point into `text`.
tl::expected<std::vector<token>, syntax_error> tokenize(std::string_view text);

/// Words that may not name a variable or function (they may name a field or a method).
bool is_reserved(std::string_view word);

}  // namespace switchboard::cel
