#pragma once

#include <cstddef>
#include <cstdint>

/// What a condition may at most be. Beyond it is refused at compile time, so that nothing a
/// configuration or a customer writes can exhaust stack or memory.
namespace switchboard::cel::limits {

inline constexpr std::size_t text_bytes = 65536;
/// Parentheses, brackets, calls and `?:` inside one another.
inline constexpr std::size_t nesting = 96;
/// Operators above one another in the syntax tree, `a + b + c` counting as two.
inline constexpr std::size_t height = 256;
inline constexpr std::size_t nodes = 32768;
inline constexpr std::size_t regex_bytes = 4096;
/// Regular expressions written as literals in one condition.
inline constexpr std::size_t regexes = 64;
/// Memory one compiled regular expression may take, bytes.
inline constexpr std::int64_t regex_memory = 256 << 10;
/// Digits after the point that `format` prints.
inline constexpr int precision = 100;
inline constexpr std::uint64_t default_cost = 100'000;

}  // namespace switchboard::cel::limits
