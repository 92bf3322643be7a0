#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// How text stands in a terminal, where a Chinese character takes two columns. Pure functions; text
/// is UTF-8, and what is not shows as one replacement character a byte.
namespace switchboard::terminal {

/// Columns one code point takes: 0 (combining), 1 or 2 (East Asian wide and fullwidth, emoji;
/// Unicode's EastAsianWidth, by block).
int width_of(char32_t point);

/// Columns `text` takes, as `printable` would show it.
std::size_t width(std::string_view text);

/// Text fit for a terminal: controls (escape sequences with them), line breaks and marks that
/// change the writing direction become spaces, so that nothing a customer writes can steer it.
std::string printable(std::string_view text);

/// Cut to `columns`, with an ellipsis where something is missing; never splits a character. The
/// text is printable afterwards.
std::string clipped(std::string_view text, std::size_t columns);

/// Clipped, then filled up to exactly `columns`.
std::string padded(std::string_view text, std::size_t columns, bool right = false);

/// The next code point of `text` at `at`, which moves behind it; U+FFFD for a byte that is no
/// UTF-8. Needs at < text.size().
char32_t next_point(std::string_view text, std::size_t& at);

}  // namespace switchboard::terminal
