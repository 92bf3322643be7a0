#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "runtime/cel/budget.hpp"
#include "runtime/cel/value.hpp"

namespace re2 {
class RE2;
}  // namespace re2

namespace switchboard::cel {

/// The text as a string literal: in double quotes, with escapes, invalid UTF-8 replaced by U+FFFD.
std::string quoted(std::string_view text);

/// `format` of the string extension: `%s %d %f %e %x %X %o %b %%`.
value format(std::string_view pattern, std::span<const value> arguments, budget& cost);

/// How regular expressions are compiled: RE2 syntax, UTF-8, bounded memory, silent.
/// The answer may hold an error (`ok()` says).
std::unique_ptr<re2::RE2> make_regex(std::string_view pattern);
/// Whether the expression matches anywhere in the text.
value search(const re2::RE2& regex, std::string_view text, budget& cost);

}  // namespace switchboard::cel
