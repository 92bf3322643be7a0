#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "runtime/cel/activation.hpp"
#include "runtime/cel/environment.hpp"
#include "runtime/cel/limits.hpp"
#include "runtime/cel/position.hpp"
#include "runtime/cel/type.hpp"
#include "runtime/cel/value.hpp"

namespace switchboard::cel {

struct code;
struct compiled;

/// Why a text is no condition: what was expected or found, and where.
struct compile_error {
  position where;
  std::string message;

  std::string to_string() const;  ///< `1:8: unknown variable 'membr'; did you mean 'member'?`
};

/// Why a condition has no value this time.
struct eval_error {
  fault_code code = fault_code::host;
  std::string message;
  position where;

  std::string to_string() const;  ///< `1:8: division by zero`
};

struct eval_options {
  /// Units an evaluation may spend, about one per instruction, 16 bytes or list element.
  std::uint64_t cost_limit = limits::default_cost;
};

/// A compiled condition. Immutable, cheap to copy; thread-safe to share and to evaluate.
class program {
 public:
  /// The static type; dyn where only the run time knows.
  const type& result_type() const { return result_; }
  /// Whether the result may be a bool: what a rule's condition has to be.
  bool may_be_bool() const { return result_.fits(type::boolean()); }
  const std::string& text() const { return *text_; }

  tl::expected<value, eval_error> evaluate(const activation& host,
                                           const eval_options& options = {}) const;

 private:
  friend class program_loader;
  friend class rule_set;

  eval_error located(const value& error) const;

  std::shared_ptr<const code> code_;
  std::shared_ptr<const std::string> text_;
  std::shared_ptr<const compiled> compiled_;
  type result_;
};

/// Compiles one condition; refuses unknown names, wrong types and what is beyond `limits`.
/// Thread-safe.
tl::expected<program, compile_error> compile(std::string_view text, const environment& names);

}  // namespace switchboard::cel
