#include "runtime/cel/rule_set.hpp"

#include "runtime/cel/evaluator.hpp"
#include "runtime/cel/program_loader.hpp"
#include "runtime/cel/rule_index.hpp"

namespace switchboard::cel {
namespace {

/// Whether the brackets it begins and ends with belong together. A bracket in a text literal can
/// make it say no.
bool bracketed(std::string_view text) {
  if (text.empty() || text.front() != '(') return false;
  int open = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    open += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (open == 0) return i + 1 == text.size();
  }
  return false;
}

compile_error not_a_bool(const program& condition) {
  return {position{}, "expected a bool condition, found " + condition.result_type().to_string()};
}

value no_bool(const value& result) {
  return value::error(fault_code::no_such_overload,
                      "the condition is no bool but " + result.to_string(80));
}

}  // namespace

rule_set::rule_set() : rules_{std::make_shared<const std::vector<program>>()} {}

tl::expected<rule_set, std::vector<rule_error>> rule_set::compile(
    std::span<const std::string> conditions, const environment& names) {
  std::vector<rule_error> errors;
  program_loader loader{names};
  for (std::size_t rule = 0; rule < conditions.size(); ++rule) {
    const auto added = loader.add(conditions[rule]);
    if (!added) errors.push_back({rule, added.error()});
  }
  auto rules = loader.finish(true);
  if (errors.empty())
    for (std::size_t rule = 0; rule < rules.size(); ++rule)
      if (!rules[rule].may_be_bool()) errors.push_back({rule, not_a_bool(rules[rule])});
  if (!errors.empty()) return tl::make_unexpected(std::move(errors));

  rule_set set;
  set.rules_ = std::make_shared<const std::vector<program>>(std::move(rules));
  if (set.size() == 0) return set;
  std::vector<const compiled*> parts;
  for (const auto& rule : *set.rules_) parts.push_back(rule.compiled_.get());
  set.index_ = std::make_shared<const rule_index>(*set.condition(0).code_, parts);
  return set;
}

rule_match rule_set::first_match(const activation& host, const eval_options& options) const {
  rule_match found;
  if (size() == 0) return found;
  const auto& shared = *condition(0).code_;
  memo kept{shared.memos};
  evaluator run{shared, host, &kept};
  const auto candidates = index_->candidates(run, options.cost_limit);
  for (auto rule = candidates.next(0); rule; rule = candidates.next(*rule + 1)) {
    budget cost{options.cost_limit};
    const auto result = run.run(condition(*rule).compiled_->root, cost);
    ++found.evaluated;
    if (result.is_true()) {
      found.rule = rule;
      break;
    }
    if (!result.is(kind::boolean)) found.failed.push_back(*rule);
  }
  return found;
}

std::vector<rule_verdict> rule_set::explain(const activation& host,
                                            const eval_options& options) const {
  std::vector<rule_verdict> verdicts;
  if (size() == 0) return verdicts;
  const auto& shared = *condition(0).code_;
  memo kept{shared.memos};
  evaluator run{shared, host, &kept};
  for (std::size_t rule = 0; rule < size(); ++rule) {
    const auto& p = condition(rule);
    budget cost{options.cost_limit};
    auto result = run.run(p.compiled_->root, cost);
    auto& verdict = verdicts.emplace_back(rule_verdict{rule, rule_outcome::matched, {}, {}});
    if (result.is_true()) break;
    const bool unmatched = result.is(kind::boolean);
    verdict.outcome = unmatched ? rule_outcome::unmatched : rule_outcome::failed;
    if (!unmatched)
      verdict.error =
          p.located(result.is_error() ? result : no_bool(result).error_at(p.compiled_->root));
    for (const auto& clause : p.compiled_->clauses) {
      budget own{options.cost_limit};
      const auto part = run.run(clause.code, own);
      if (unmatched ? !part.is(kind::boolean) || part.as_bool() : part.is_true()) continue;
      verdict.clause = p.text().substr(clause.begin, clause.end - clause.begin);
      if (clause.joined && !bracketed(verdict.clause)) verdict.clause = '(' + verdict.clause + ')';
      break;
    }
  }
  return verdicts;
}

}  // namespace switchboard::cel
