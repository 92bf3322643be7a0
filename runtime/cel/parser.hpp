#pragma once

#include <string_view>

#include <tl/expected.hpp>

#include "runtime/cel/ast.hpp"
#include "runtime/cel/lexer.hpp"

namespace switchboard::cel {

/// Parses a condition by the grammar of the language definition and expands the macros `has`,
/// `all`, `exists`, `exists_one`, `map` and `filter`. Refuses what is beyond `limits`.
tl::expected<syntax_tree, syntax_error> parse(std::string_view text);

}  // namespace switchboard::cel
