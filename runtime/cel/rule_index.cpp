#include "runtime/cel/rule_index.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace switchboard::cel {

namespace {

// Beyond 2^53 an int may equal a double it is not exactly; those constants stay out of the index.
constexpr std::int64_t exact = std::int64_t{1} << 53;

bool is_index_key(const value& v) {
  if (v.is(kind::string) || v.is(kind::boolean)) return true;
  if (v.is(kind::integer)) return v.as_int() >= -exact && v.as_int() <= exact;
  return v.is(kind::unsigned_integer) && v.as_uint() <= static_cast<std::uint64_t>(exact);
}

const value* key_at(const code& program, code_id id) {
  const auto& in = program.instructions[id];
  if (in.code != opcode::constant || !is_index_key(program.constants[in.data])) return nullptr;
  return &program.constants[in.data];
}

bool is_constant(const code& program, code_id id) {
  return program.instructions[id].code == opcode::constant;
}

}  // namespace

std::optional<std::size_t> rule_bits::next(std::size_t from) const {
  for (auto word = from / 64; word < words_.size(); ++word) {
    auto bits = words_[word];
    if (word == from / 64) bits &= ~std::uint64_t{0} << (from % 64);
    if (bits != 0) return word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
  }
  return std::nullopt;
}

std::optional<rule_index::selector> rule_index::selector_of(const code& program, code_id clause) {
  const auto& in = program.instructions[clause];
  if (in.code == opcode::compare) return comparison_selector(program, in);
  if (in.code == opcode::either) return alternatives_selector(program, in);
  return std::nullopt;
}

std::optional<rule_index::selector> rule_index::comparison_selector(const code& program,
                                                                    const instruction& in) {
  const auto operands = program.operands_of(in);
  if (in.sub == expr_kind::equal) {
    for (const auto side : {0u, 1u}) {
      const auto* key = key_at(program, operands[side]);
      if (key && !is_constant(program, operands[1 - side]))
        return selector{{operands[1 - side], false}, {*key}};
    }
  }
  if (in.sub != expr_kind::in) return std::nullopt;
  if (const auto* key = key_at(program, operands[0]); key && !is_constant(program, operands[1]))
    return selector{{operands[1], true}, {*key}};
  const auto& listed = program.instructions[operands[1]];
  if (listed.code != opcode::constant || is_constant(program, operands[0])) return std::nullopt;
  // Without type checks the constant may be anything; `in` is an error at run time then.
  if (!program.constants[listed.data].is(kind::list)) return std::nullopt;
  const auto items = program.constants[listed.data].as_list();
  if (!std::all_of(items.begin(), items.end(), is_index_key)) return std::nullopt;
  return selector{{operands[0], false}, {items.begin(), items.end()}};
}

std::optional<rule_index::selector> rule_index::alternatives_selector(const code& program,
                                                                      const instruction& in) {
  std::optional<selector> all;
  for (const auto id : program.operands_of(in)) {
    auto one = selector_of(program, id);
    if (!one || (all && !(all->from == one->from))) return std::nullopt;
    if (!all) {
      all = std::move(one);
    } else {
      all->keys.insert(all->keys.end(), one->keys.begin(), one->keys.end());
    }
  }
  return all;
}

/// Decides under which of its selectors each rule goes: the one with the fewest rules beside it,
/// as long as enough rules use that source to make up for evaluating it.
class rule_index::planner {
 public:
  planner(const code& program, std::span<const compiled* const> rules) : options_(rules.size()) {
    for (std::size_t rule = 0; rule < rules.size(); ++rule)
      for (const auto& clause : rules[rule]->clauses) {
        if (auto found = selector_of(program, clause.code)) options_[rule].push_back(*found);
        options_[rule].push_back({{clause.code, false}, {value::boolean(true)}});
      }
    for (const auto& options : options_)
      for (const auto& s : options) count(s);
  }

  const selector* choose(std::size_t rule) const {
    const selector* best = nullptr;
    auto fewest = std::numeric_limits<std::size_t>::max();
    for (const auto& s : options_[rule]) {
      const auto& counted = *find(s.from);
      std::size_t beside = 0;
      for (const auto& key : s.keys) beside += counted.rules.at(key).size();
      // A lone key tells no rules apart, so it takes more of them to pay for its evaluation.
      const auto least = counted.rules.size() > 1 ? 3u : 8u;
      if (counted.users < least || beside >= fewest) continue;
      best = &s;
      fewest = beside;
    }
    return best;
  }

 private:
  struct counted_table : table {
    std::size_t users = 0;
  };

  const counted_table* find(const source& from) const {
    const auto at = positions_.find(from.expression * 2ull + (from.elements ? 1 : 0));
    return at == positions_.end() ? nullptr : &tables_[at->second];
  }

  void count(const selector& s) {
    const auto id = s.from.expression * 2ull + (s.from.elements ? 1 : 0);
    const auto [at, added] = positions_.emplace(id, tables_.size());
    if (added) tables_.push_back({{s.from, {}}, 0});
    auto& counted = tables_[at->second];
    ++counted.users;
    for (const auto& key : s.keys) counted.rules[key].push_back(0);
  }

  std::vector<std::vector<selector>> options_;
  std::unordered_map<std::uint64_t, std::size_t> positions_;
  std::vector<counted_table> tables_;
};

rule_index::rule_index(const code& program, std::span<const compiled* const> rules)
    : always_{rules.size()} {
  const planner plan{program, rules};
  for (std::size_t rule = 0; rule < rules.size(); ++rule) {
    const auto* chosen = plan.choose(rule);
    if (!chosen) {
      always_.set(rule);
      continue;
    }
    auto at = std::find_if(tables_.begin(), tables_.end(),
                           [&](const table& t) { return t.from == chosen->from; });
    if (at == tables_.end()) at = tables_.insert(tables_.end(), table{chosen->from, {}});
    for (const auto& key : chosen->keys) at->rules[key].push_back(static_cast<std::uint32_t>(rule));
  }
}

void rule_index::select(const table& from, const value& key, rule_bits& out) {
  const auto at = from.rules.find(key);
  if (at == from.rules.end()) return;
  for (const auto rule : at->second) out.set(rule);
}

rule_bits rule_index::candidates(evaluator& run, std::uint64_t cost_limit) const {
  auto out = always_;
  for (const auto& each : tables_) {
    budget cost{cost_limit};
    const auto v = run.run(each.from.expression, cost);
    if (!each.from.elements) {
      select(each, v, out);
    } else if (v.is(kind::list)) {
      for (const auto& item : v.as_list()) select(each, item, out);
    } else if (v.is(kind::map)) {
      for (const auto& key : v.map_keys()) select(each, key, out);
    }
  }
  return out;
}

}  // namespace switchboard::cel
