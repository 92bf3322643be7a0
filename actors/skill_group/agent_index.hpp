#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/skill_group/agent_view.hpp"
#include "actors/skill_group/decision.hpp"
#include "actors/skill_group/eligibility_matrix.hpp"
#include "actors/skill_group/slot_table.hpp"
#include "actors/skill_group/strategy.hpp"
#include "actors/skill_group/weight_class.hpp"

namespace switchboard::dispatcher {

/// One agent as the group sees it: its last view, and what the group itself has in flight with it.
/// Three cache lines: the view's first, what a change of load reads and writes, what is left.
struct alignas(64) agent_entry {
  agent_view view;
  choice_key key;
  std::uint32_t profile = nothing;
  std::uint32_t seat = nothing;  // among the agents of its profile
  int unseen_weight = 0;  // proposed since the last revision, which cannot have it in its load
  bool member = false;
  bool able = false;  // online, trusted, not ramping: everything that does not depend on the entry,
                      // but room
  bool distrusted = false;   // it refused though the view says room: until the next revision
  std::uint8_t classes = 0;  // it stands in the trees of so many weight classes, from the lightest
  std::uint64_t label = 0;   // rises with the id
  std::int64_t roster_rank = 0;
  timestamp proposed_at{};
  timestamp ramp_until{};
  int in_flight = 0;                 // proposed, not yet taken or failed
  int settled = 0;                   // taken since the last revision
  int room_seen = 0;                 // when it was last refreshed
  std::uint32_t kept_for = nothing;  // waiter its freed room is reserved for
  std::uint32_t generation = 0;
  std::uint32_t fresh_mark = 0;
  bool fresh = false;           // able to do more than when the queue was last matched against it
  bool fresh_unlooked = false;  // and its head not looked at since

  int used() const { return view.used + unseen_weight; }
  int room() const { return view.capacity - used(); }
  bool online() const { return member && view.status == agent_status::online; }
};
static_assert(sizeof(agent_entry) == 3 * 64);

/// What an entry asks of the index.
struct agent_query {
  std::uint32_t signature = 0;
  int weight = 1;
  const std::vector<agent_id>* asked = nullptr;
  bool has_asked(const agent_id& id) const;
};

struct chosen_agent {
  std::uint32_t slot = nothing;
  choice_key key;
  std::uint32_t runner_up = nothing;
  choice_key runner_up_key;
};

/// The agents of a group by what they offer: per weight class (an agent stands in each whose weight
/// it has room for), per profile, in the order of the strategy's key. A change of an agent touches
/// its own profile and nothing per signature; a search goes over the profiles that fit the
/// signature, pruned by its mask.
class agent_index {
 public:
  static constexpr std::size_t max_classes = 8;
  /// Profiles whose agents are counted for a decision.
  static constexpr std::size_t max_counted = 64;

  agent_index(const strategy_rule& rule, eligibility_matrix& fits);

  std::uint32_t find(const agent_id& id) const;
  agent_entry& at(std::uint32_t slot) { return agents_[slot]; }
  const agent_entry& at(std::uint32_t slot) const { return agents_[slot]; }
  std::size_t size() const { return by_id_.size(); }
  /// Slots by id.
  const std::vector<std::uint32_t>& by_id() const { return by_id_; }
  std::size_t online() const { return online_; }
  std::size_t available() const { return available_; }

  std::uint32_t add(const agent_id& id);
  void remove(std::uint32_t slot);
  /// Takes over the view; true if the agent's presence or profile changed, that is, more than its
  /// load.
  bool set_view(std::uint32_t slot, const agent_view& view);
  /// Brings the trees up to date with the entry; true if the agent can now do something it could
  /// not before.
  bool refresh(std::uint32_t slot, timestamp now);
  void set_roster(std::span<const agent_id> best_first);
  /// Whether that agent may ever come here: not where the roster is told and lacks them.
  bool may_come(const agent_id& agent) const { return roster_.empty() || roster_.contains(agent); }
  /// A weight some entry has. At most max_classes get trees of their own; the others use the next
  /// lighter and check.
  void learn_weight(int weight);
  void rebuild();
  void set_rule(const strategy_rule& rule) {
    rule_ = &rule;
    rebuild();
  }

  /// The strategy's choice among able agents in the trees (so without those whose room is
  /// reserved). `rejected` gets agents the search met and refused, bounded.
  chosen_agent choose(const agent_query& q, std::mt19937_64* rng,
                      std::vector<rejected_agent>* rejected);
  /// Adds one candidate from outside the trees.
  void consider(const agent_query& q, std::uint32_t slot, chosen_agent& among);
  /// Agents in the trees with room that fit; second: exact.
  std::pair<std::size_t, bool> count(const agent_query& q);

  /// round_robin: the next choice begins after this id.
  void set_cursor(const agent_id& last);
  void set_cursor_at(std::uint32_t slot);
  const agent_id& cursor() const { return cursor_; }

 private:
  using tree = weight_class::tree;
  struct seat_plan {
    std::vector<std::uint32_t> slots;  // by seat
    std::vector<std::uint32_t> vacant;
  };
  struct search;

  std::size_t class_of(int weight) const;
  std::size_t classes_for(const agent_entry& a) const;
  void put_label(std::size_t at);
  void relabel();
  void count_online(std::uint32_t slot, int change);
  void enter_profile(std::uint32_t slot);
  void leave_profile(std::uint32_t slot);
  void place(std::uint32_t slot, std::size_t classes, const choice_key& key);
  agent_facts facts_of(const agent_entry& a) const;
  bool accepts(const agent_query& q, std::uint32_t slot,
               std::vector<rejected_agent>* rejected) const;
  std::uint32_t draw(const agent_query& q, std::mt19937_64& rng,
                     std::vector<rejected_agent>* rejected);
  choice_key rank_of(const agent_entry& a, const requirement& need) const;

  const strategy_rule* rule_;
  eligibility_matrix* fits_;
  std::vector<agent_entry> agents_;
  std::vector<std::uint32_t> free_;
  slot_table slots_;
  std::vector<std::uint32_t> by_id_;
  std::vector<seat_plan> plans_;       // per profile
  std::vector<weight_class> classes_;  // by weight
  std::unordered_map<agent_id, std::int64_t> roster_;
  agent_id cursor_;
  std::uint64_t cursor_label_ = 0;
  std::size_t online_ = 0, available_ = 0, out_of_order_ = 0;
};

}  // namespace switchboard::dispatcher
