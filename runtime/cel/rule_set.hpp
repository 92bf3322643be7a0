#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "runtime/cel/program.hpp"

namespace switchboard::cel {

class rule_index;

/// A condition of a set that does not compile, or is never a bool.
struct rule_error {
  std::size_t rule = 0;
  compile_error error;
};

/// The first rule whose condition is true.
struct rule_match {
  std::optional<std::size_t> rule;
  std::size_t evaluated = 0;        ///< conditions run; the index ruled the others out
  std::vector<std::size_t> failed;  ///< of those run before the match: the ones that erred
};

enum class rule_outcome : std::uint8_t { matched, unmatched, failed };

/// What one rule's condition came to, and why it did not match: the first of its clauses (joined
/// by `&&`) that is false or, if none is, the first that erred.
struct rule_verdict {
  std::size_t rule = 0;
  rule_outcome outcome = rule_outcome::unmatched;
  std::string clause;
  std::optional<eval_error> error;
};

/// Many conditions compiled together: equal parts are computed once per request, and rules that
/// demand an equality are found by hash. Immutable, cheap to copy; thread-safe to share and to
/// evaluate.
class rule_set {
 public:
  rule_set();

  /// Compiles the conditions; all that is wrong is reported, in order.
  static tl::expected<rule_set, std::vector<rule_error>> compile(
      std::span<const std::string> conditions, const environment& names);

  std::size_t size() const { return rules_->size(); }
  const program& condition(std::size_t rule) const { return (*rules_)[rule]; }

  /// The cost limit is each condition's own. A condition that errs does not match.
  rule_match first_match(const activation& host, const eval_options& options = {}) const;

  /// The verdict on every rule up to and including the first match, without the index.
  std::vector<rule_verdict> explain(const activation& host, const eval_options& options = {}) const;

 private:
  std::shared_ptr<const std::vector<program>> rules_;
  std::shared_ptr<const rule_index> index_;
};

}  // namespace switchboard::cel
