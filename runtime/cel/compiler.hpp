#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "runtime/cel/ast.hpp"
#include "runtime/cel/code.hpp"
#include "runtime/cel/environment.hpp"
#include "runtime/cel/lexer.hpp"
#include "runtime/cel/type.hpp"

namespace switchboard::cel {

/// What became of one condition.
struct compiled {
  /// A part of a condition that `&&` joins at its top: its code and its text's byte offsets.
  struct clause {
    code_id code = 0;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    /// By an operator that holds more loosely than "not": whoever negates it in words needs
    /// brackets.
    bool joined = false;
  };

  code_id root = 0;
  type result;
  std::vector<clause> clauses;
  /// Where in this condition's text an instruction stands, sorted by instruction: rules share code.
  std::vector<std::pair<code_id, std::uint32_t>> sites;
};

/// Resolves names, checks types and emits code for one syntax tree. The first error ends in the
/// answer; what is compiled after it does not matter.
class compiler {
 public:
  compiler(const syntax_tree& tree, const environment& names, code_builder& out);

  tl::expected<compiled, syntax_error> run();

 private:
  struct typed {
    code_id code = 0;
    type is;
  };
  struct loop_variable {
    std::string name;
    type is;
  };

  typed compile(expr_id id);

  // compiler_names.cpp
  typed name(const expr& e);
  typed select(const expr& e);
  typed has(const expr& e);
  const loop_variable* find_loop_variable(const std::string& name) const;
  std::optional<typed> global(const std::string& path, bool rooted);
  std::optional<std::string> dotted_path(expr_id id, bool& rooted) const;
  type field_type(const type& of, const expr& e);
  std::vector<std::string> known_names() const;

  // compiler_calls.cpp
  typed call(const expr& e);
  typed method(const expr& e);
  std::optional<typed> named_call(const expr& e, const std::string& name, bool rooted,
                                  std::span<const expr_id> arguments);
  typed host_call(const expr& e, const environment::function& f,
                  std::span<const expr_id> arguments);
  typed standard_call(const expr& e, const function_group& group,
                      std::span<const expr_id> arguments);
  type result_of(const expr& e, const function_group& group, const std::vector<type>& given);
  typed folded(const expr& e, const function_group& group, const std::vector<code_id>& operands,
               type result);
  std::optional<code_id> literal_regex(const expr& e, const function_group& group,
                                       const std::vector<code_id>& operands);
  typed unknown_function(const expr& e, bool method, std::size_t arguments);

  // compiler_operators.cpp
  typed list(const expr& e);
  typed map(const expr& e);
  typed index(const expr& e);
  typed sign(const expr& e);
  typed logic(const expr& e);
  typed conditional(const expr& e);
  typed arithmetic(const expr& e);
  typed comparison(const expr& e);
  typed loop(const expr& e);
  void expect_bool(const type& t, const expr& e, std::string_view where);
  type wrong_operands(const expr& e, const type& a, const type& b);

  /// Notes an error where checks are on; an unchecked condition finds out at run time.
  void wrong(std::uint32_t offset, std::string message);
  typed failure(const expr& e, fault_code why, std::string message);
  typed emitted(const expr& e, code_id code, type is);

  const syntax_tree& tree_;
  const environment& names_;
  code_builder& out_;
  std::vector<loop_variable> loops_;
  std::size_t regexes_ = 0;
  std::optional<syntax_error> error_;
  compiled result_;
};

}  // namespace switchboard::cel
