#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "actors/router/routing_rules.hpp"
#include "config/dispatch_loader.hpp"
#include "runtime/codec/pack.hpp"

/// A contact center read by config's loader, a customer, and the figures of its groups.
namespace switchboard::router_testing {

inline const timestamp noon = from_unix_ms(1'790'913'600'000);  // 2026-10-02 04:00 UTC, a Friday

inline std::shared_ptr<const routing_rules> rules_of(const std::string& yaml, int version = 1) {
  auto loaded = config::parse_dispatch(yaml, "d.yaml");
  if (!loaded) throw std::runtime_error(config::to_string(loaded.error()));
  auto made = compile_routing(*loaded, version);
  if (!made) throw std::runtime_error(config::to_string(made.error()));
  return *made;
}

/// What is wrong with the rules of a file that loads; empty when nothing is.
inline std::string errors_of(const std::string& yaml) {
  auto loaded = config::parse_dispatch(yaml, "d.yaml");
  if (!loaded) return "does not load: " + config::to_string(loaded.error());
  auto made = compile_routing(*loaded, 1);
  return made ? std::string() : config::to_string(made.error());
}

/// Groups a, b and c; `rules` begin on line 2, one a line.
inline std::string deployment_with(const std::string& rules) {
  return "groups: [{id: a}, {id: b}, {id: c}]\nrules:\n" + rules;
}

inline std::string packed_text(std::string_view key, std::string_view text) {
  codec::packer p;
  field(p.map(1), key, text);
  return p.take();
}

/// Somebody who asks, and what is decided.
struct customer {
  consultation_request request;
  findings found;
  queue_snapshot board;
  session_id session{.shard = 1, .ulid = {1, 2, 3}};
  std::vector<group_id> standing{};
  int weight = 1;
  timestamp now = noon;

  route_input input() const { return {session, request, found, weight, standing}; }
  route plan(const routing_rules& rules) const { return rules.plan(input(), board, now); }
  step_choice step(const routing_rules& rules, const routing_plan& plan, int from) const {
    return rules.choose_step(plan, input(), board, from, now);
  }
  void member(int level, std::string id = "m1") {
    found.member.emplace();
    found.member->id = std::move(id);
    found.member->level = level;
  }
  void reports(const std::string& group, queue_figures f) { board.put(group_id(group), f); }
};

/// The name of the rule that takes the customer.
inline std::string rule_for(const routing_rules& rules, const customer& c) {
  return c.plan(rules).plan.rule;
}

/// Whether a rule of this condition takes the customer.
inline bool matches(const std::string& condition, const customer& c) {
  const auto rules = rules_of(deployment_with("  - {name: yes, when: '" + condition +
                                              "', steps: [{group: a}]}\n"
                                              "  - {name: no, steps: [{group: b}]}\n"));
  return rule_for(*rules, c) == "yes";
}

/// All reasons, one a line.
inline std::string lines(const std::vector<std::string>& why) {
  std::string out;
  for (const auto& w : why) out += w + "\n";
  return out;
}

inline std::vector<group_id> groups(std::initializer_list<const char*> names) {
  std::vector<group_id> out;
  for (const auto* n : names) out.emplace_back(n);
  return out;
}

}  // namespace switchboard::router_testing
