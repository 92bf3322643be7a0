#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "actors/skill_group/decision.hpp"
#include "actors/skill_group/nothing.hpp"
#include "actors/skill_group/strategy.hpp"
#include "actors/skill_group/winner_tree.hpp"

namespace switchboard::dispatcher {

/// The first two among the agents of one profile, in one cache line: where profiles are few a
/// choice reads nothing else.
struct alignas(64) profile_front {
  choice_key best;
  std::uint32_t best_slot = nothing;  // nothing: nobody of this profile
  std::uint32_t count = 0;            // of its agents
  choice_key next;                    // for the cyclic walk: the greatest key
  std::uint32_t next_slot = nothing;
};

/// The agents who have room for one weight, by profile and the strategy's key. A change of an agent
/// touches its own profile's tree and front; only where profiles are many also a tree over them.
class weight_class {
 public:
  using tree = winner_tree<choice_key>;
  /// Up to so many profiles a choice looks at each that fits.
  static constexpr std::uint32_t few = 64;

  weight_class(int weight, const strategy_rule& rule)
      : weight_(weight), rule_(&rule), heads_(rule.cyclic) {}

  int weight() const { return weight_; }
  /// Fronts of profiles not in it yet are missing at the end.
  std::span<const profile_front> fronts() const { return fronts_; }
  const tree& seats(std::uint32_t profile) const { return seats_[profile]; }
  /// Over `profiles` profiles, by their fronts; kept from its first use on.
  const tree& heads(std::uint32_t profiles);
  /// For a strategy by lot: everybody in it, in no order.
  std::span<const std::uint32_t> members() const { return members_; }

  /// The agent `slot` on seat `seat` of `profile` (`slots`: who sits where), new or with another
  /// key.
  void put(std::uint32_t profile, std::uint32_t seat, const choice_key& key,
           std::span<const std::uint32_t> slots);
  void take(std::uint32_t profile, std::uint32_t seat, std::span<const std::uint32_t> slots);

 private:
  void front_changed(std::uint32_t profile, std::span<const std::uint32_t> slots);
  void set_head(std::uint32_t profile);
  void add_member(std::uint32_t slot);
  void drop_member(std::uint32_t slot);

  int weight_;
  const strategy_rule* rule_;
  std::vector<tree> seats_;            // per profile
  std::vector<profile_front> fronts_;  // per profile
  tree heads_;                         // over profiles
  bool keeps_heads_ = false;
  std::vector<std::uint32_t> members_, member_at_;  // slots, and where a slot stands
};

}  // namespace switchboard::dispatcher
