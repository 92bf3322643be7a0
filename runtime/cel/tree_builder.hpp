#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "runtime/cel/ast.hpp"
#include "runtime/cel/lexer.hpp"

namespace switchboard::cel {

/// Makes syntax tree nodes, holding them to `limits`, and turns macro calls into loops.
/// Used by one parser.
class tree_builder {
 public:
  using node = tl::expected<expr_id, syntax_error>;

  node literal(std::uint32_t begin, std::uint32_t end, value v);
  node name(const token& name, std::uint32_t begin, bool rooted);
  node select(expr_id receiver, const token& field);
  node call(const token& function, std::uint32_t begin, bool rooted, std::vector<expr_id> arguments,
            std::uint32_t end);
  node method(expr_id receiver, const token& function, const std::vector<expr_id>& arguments,
              std::uint32_t end);
  node prefix(expr_kind kind, std::uint32_t at, expr_id operand);
  /// An operator with its operands; `end` where it reaches beyond the last operand.
  node join(expr_kind kind, std::uint32_t at, std::vector<expr_id> parts, std::uint32_t end = 0);
  node aggregate(expr_kind kind, std::uint32_t begin, std::uint32_t end,
                 std::vector<expr_id> parts);

  bool is_name(expr_id id) const;
  /// Parentheses count as text of what they enclose.
  void widen(expr_id id, std::uint32_t begin, std::uint32_t end);
  /// What an erring parser hands around.
  expr_id nothing();

  syntax_tree finish(expr_id root);

 private:
  node add(expr e);
  node has(const std::vector<expr_id>& arguments, std::uint32_t begin, std::uint32_t end);
  node loop(expr_kind kind, expr_id receiver, const token& function,
            const std::vector<expr_id>& arguments, std::uint32_t end);

  syntax_tree tree_;
};

}  // namespace switchboard::cel
