#pragma once

#include <string_view>

#include <tl/expected.hpp>

#include "runtime/cel/lexer.hpp"

namespace switchboard::cel {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Reads a string or bytes literal (any prefix, any quotes) that starts at `at`.
/// The answer's `end` is where it stops.
tl::expected<token, syntax_error> read_string_literal(std::string_view text, std::size_t at);

/// Reads a number that starts at `at` with a digit or with a point and a digit.
tl::expected<token, syntax_error> read_number(std::string_view text, std::size_t at);

/// Says whether a string or bytes literal starts at `at`.
bool starts_string_literal(std::string_view text, std::size_t at);

}  // namespace switchboard::cel
