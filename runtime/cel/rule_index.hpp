#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "runtime/cel/code.hpp"
#include "runtime/cel/compare.hpp"
#include "runtime/cel/compiler.hpp"
#include "runtime/cel/evaluator.hpp"

namespace switchboard::cel {

/// Rules by number, in ascending order.
class rule_bits {
 public:
  explicit rule_bits(std::size_t rules) : words_((rules + 63) / 64) {}

  void set(std::size_t rule) { words_[rule / 64] |= std::uint64_t{1} << (rule % 64); }
  bool test(std::size_t rule) const { return words_[rule / 64] >> (rule % 64) & 1; }
  /// The first rule from `from` on; nothing when there is none.
  std::optional<std::size_t> next(std::size_t from) const;

 private:
  std::vector<std::uint64_t> words_;
};

/// Finds the rules that can match by what they demand to be equal. A rule whose condition joins
/// with `&&` one of
///     E == constant,   E in [constants],   E == a || E == b,   constant in E
/// is put under those constants of E and is only looked at when E has one of them; any clause
/// that many rules share counts as `clause == true`. That skips no match: where such a clause is
/// false or fails, the whole condition is no `true`.
/// Immutable once built; thread-safe to share.
class rule_index {
 public:
  rule_index(const code& program, std::span<const compiled* const> rules);

  /// The rules left over for this activation.
  rule_bits candidates(evaluator& run, std::uint64_t cost_limit) const;

 private:
  struct key_hash {
    std::size_t operator()(const value& v) const { return hash_key(v); }
  };
  struct key_equal {
    bool operator()(const value& a, const value& b) const { return same_key(a, b); }
  };
  /// What is looked at: the value of an expression, or the elements of a list.
  struct source {
    code_id expression = 0;
    bool elements = false;
    bool operator==(const source&) const = default;
  };
  struct table {
    source from;
    std::unordered_map<value, std::vector<std::uint32_t>, key_hash, key_equal> rules;
  };
  /// One way to find a rule: under any of the keys of a source.
  struct selector {
    source from;
    std::vector<value> keys;
  };
  class planner;

  static std::optional<selector> selector_of(const code& program, code_id clause);
  static std::optional<selector> comparison_selector(const code& program, const instruction& in);
  static std::optional<selector> alternatives_selector(const code& program, const instruction& in);
  static void select(const table& from, const value& key, rule_bits& out);

  rule_bits always_;
  std::vector<table> tables_;
};

}  // namespace switchboard::cel
