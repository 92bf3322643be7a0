#pragma once

#include <span>
#include <vector>

#include "runtime/cel/activation.hpp"
#include "runtime/cel/budget.hpp"
#include "runtime/cel/code.hpp"
#include "runtime/cel/memo.hpp"

namespace switchboard::cel {

/// Runs compiled code against one activation. Recursion is bounded by `limits::height`, time and
/// memory by the budget. Errors are values that know the instruction they come from; a spent
/// budget ends everything and no operator absorbs that. Used by one thread.
class evaluator {
 public:
  /// `shared` may be null; then nothing is kept between runs.
  evaluator(const code& program, const activation& host, memo* shared);

  value run(code_id root, budget& cost);

 private:
  /// The value of an instruction without a copy where somebody already holds it.
  const value& fetch(code_id id, value& room);
  value compute(code_id id);
  value execute(const instruction& in);

  value variable(const instruction& in);
  value list(const instruction& in);
  value map(const instruction& in);
  value field(const instruction& in);
  value binary(const instruction& in);
  value prefix(const instruction& in);
  value logic(const instruction& in);
  value conditional(const instruction& in);
  value call(const instruction& in);
  value host_call(const instruction& in, std::span<const value> arguments);
  value regex(const instruction& in);
  value loop(const instruction& in);
  value quantify(const instruction& in, std::span<const value> items);
  value count_one(const instruction& in, std::span<const value> items);
  value collect(const instruction& in, std::span<const value> items);

  const code& code_;
  const activation& host_;
  memo* memo_;
  budget* cost_ = nullptr;
  std::vector<value> locals_;
};

}  // namespace switchboard::cel
