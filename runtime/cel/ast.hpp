#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/cel/value.hpp"

namespace switchboard::cel {

enum class expr_kind : std::uint8_t {
  literal,
  name,
  select,
  has,
  call,
  method,
  list,
  map,
  index,
  negate,
  invert,
  both,
  either,
  conditional,
  add,
  subtract,
  multiply,
  divide,
  modulo,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  in,
  all,
  exists,
  exists_one,
  transform,
  filter
};

/// A macro over a list or map: its parts are the range, the condition (but for a two-part
/// `map`) and, for `transform`, the new element last.
constexpr bool is_loop(expr_kind k) {
  return k >= expr_kind::all;
}

using expr_id = std::uint32_t;

/// One node of the syntax tree. `begin` and `end` are byte offsets of its whole text, `at` is
/// where a message about it points (the operator, the field name).
struct expr {
  expr_kind kind = expr_kind::literal;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t at = 0;
  std::uint32_t height = 1;
  bool rooted = false;         ///< a name with a leading dot: never a loop variable
  std::string text;            ///< name, field, function or loop variable
  value constant;              ///< of a literal
  std::vector<expr_id> parts;  ///< operands, arguments (a method's receiver first), elements
};

/// A parsed condition. Parts come before what they are part of.
struct syntax_tree {
  std::vector<expr> nodes;
  expr_id root = 0;

  const expr& operator[](expr_id id) const { return nodes[id]; }
};

}  // namespace switchboard::cel
