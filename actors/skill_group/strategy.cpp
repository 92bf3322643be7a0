#include "actors/skill_group/strategy.hpp"

#include <algorithm>
#include <array>

#include "runtime/base/error.hpp"
#include "runtime/base/span_text.hpp"

namespace switchboard {
namespace dispatcher {
namespace {

choice_key key_of(std::int64_t first, const agent_facts& a) {
  return {first, unix_ms(a.last_assigned), a.by_id};
}

// Idle since the last assignment, but not since before the agent came: who has just arrived has not
// been idle all night.
choice_key longest_idle(const agent_facts& a) {
  return key_of(unix_ms(std::max(a.last_assigned, a.online_since)), a);
}

// used/capacity in units of 2^-32: two different fractions differ by at least 1/(capacity ×
// capacity), so for capacities up to 32,768 equal numbers mean equal loads.
choice_key least_loaded(const agent_facts& a) {
  auto capacity = std::max(a.capacity, 1);
  return key_of((static_cast<std::int64_t>(a.used) << 32) / capacity, a);
}

choice_key by_id_only(const agent_facts& a) {
  return {0, 0, a.by_id};
}
choice_key fewest_today(const agent_facts& a) {
  return key_of(a.assigned_today, a);
}
choice_key ties_only(const agent_facts& a) {
  return key_of(0, a);
}
choice_key top_down(const agent_facts& a) {
  return {a.roster_rank, 0, a.by_id};
}

std::string idle_text(const choice_key& k, timestamp now) {
  return "idle for " + span_text(now - from_unix_ms(k.first));
}
std::string load_text(const choice_key& k, timestamp) {
  return "load " + std::to_string((k.first * 100 + (1ll << 31)) >> 32) + " %";
}
std::string turn_text(const choice_key& k, timestamp) {
  return k.first == 0 ? "next in turn" : "next in turn, from the beginning";
}
std::string today_text(const choice_key& k, timestamp) {
  return std::to_string(k.first) + " assigned today";
}
std::string grade_text(const choice_key& k, timestamp) {
  return "skill levels " + std::to_string(-k.first);
}
std::string rank_text(const choice_key& k, timestamp) {
  return "rank " + std::to_string(k.first);
}
std::string lot_text(const choice_key&, timestamp) {
  return "by lot";
}

using config::strategy;
constexpr std::array<strategy_rule, 7> rules{{
    {strategy::longest_idle, longest_idle, idle_text},
    {strategy::least_loaded, least_loaded, load_text},
    {strategy::round_robin, by_id_only, turn_text, true, false, false},
    {strategy::fewest_today, fewest_today, today_text},
    {strategy::best_skill, ties_only, grade_text, false, true, false},
    {strategy::top_down, top_down, rank_text},
    {strategy::random, ties_only, lot_text, false, false, true},
}};

}  // namespace

const strategy_rule& rule_of(strategy s) {
  for (auto& rule : rules) {
    if (rule.name == s) return rule;
  }
  SB_INVARIANT(!"every strategy has a rule");
  return rules[0];
}

int skill_grade(const requirement& need, const std::vector<skill_level>& skills) {
  int sum = 0;
  auto at = skills.begin();
  for (auto& wanted : need.skills) {
    while (at != skills.end() && at->skill < wanted.skill) ++at;
    if (at != skills.end() && at->skill == wanted.skill) sum += at->level;
  }
  return sum;
}

bool has_skills(const requirement& need, const std::vector<skill_level>& skills) {
  auto at = skills.begin();
  for (auto& wanted : need.skills) {
    while (at != skills.end() && at->skill < wanted.skill) ++at;
    if (at == skills.end() || at->skill != wanted.skill || at->level < wanted.level) return false;
  }
  return true;
}

}  // namespace dispatcher

std::string_view strategy_name(config::strategy s) {
  constexpr std::string_view names[] = {"longest_idle", "least_loaded", "round_robin",
                                        "fewest_today", "best_skill",   "top_down",
                                        "random"};
  return names[static_cast<std::size_t>(s)];
}

std::string key_text(config::strategy s, const choice_key& key, timestamp now) {
  return dispatcher::rule_of(s).text(key, now);
}

}  // namespace switchboard
