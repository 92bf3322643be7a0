#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/skill_group/queue_entry.hpp"
#include "config/dispatch_config.hpp"

/// Why a group chose as it did, as data: nothing here is formatted until somebody reads it.
namespace switchboard {

/// The clauses of eligibility in the order they are checked; an agent's reason is the first that
/// fails.
enum class clause : std::uint8_t {
  none,           // passes all
  member,         // not a member of the group
  online,         // not online (away, busy, draining, reconnecting, offline)
  skill,          // lacks a required skill at its level
  room,           // no room for the weight, as far as the group knows
  asked,          // declined, missed or lost this session in this round
  sticky,         // the session waits for another agent
  ramp,           // had its share of this minute
  reserved_room,  // its freed room is kept for an older heavy item
};
std::string_view to_string(clause c);

/// What a strategy orders agents by; smaller is preferred, a later field breaks ties of the earlier
/// ones.
struct choice_key {
  std::int64_t first = 0;   // the strategy's own measure
  std::int64_t second = 0;  // last assignment, Unix ms
  std::uint64_t third = 0;  // rises with the agent's id
  auto operator<=>(const choice_key&) const = default;
};

struct rejected_agent {
  agent_id agent;
  clause because = clause::none;
  bool operator==(const rejected_agent&) const = default;
};

/// Reasons of one choice. Bounded: at most `max_rejected` agents are named, those the search met.
struct decision {
  static constexpr std::size_t max_rejected = 16;

  config::strategy strategy = config::strategy::longest_idle;
  /// Agents that passed every clause. A lower bound when `eligible_is_exact` is false (very many
  /// skill profiles).
  std::size_t eligible = 0;
  bool eligible_is_exact = true;
  choice_key winner_key;
  std::optional<agent_id> runner_up;
  choice_key runner_up_key;
  std::vector<rejected_agent> rejected;
};

/// "idle for 1m 20s", "load 33 %" and so on: what `key` meant under `s` at `now`.
std::string key_text(config::strategy s, const choice_key& key, timestamp now);

/// "longest_idle" and so on, as the configuration has it.
std::string_view strategy_name(config::strategy s);

/// A waiter and the agent chosen for it: the group reserves at the agent, then proposes to the
/// session.
struct match {
  queue_entry who;
  agent_id agent;
  decision why;
  /// Every agent who could have taken the session had been asked: its memory was cleared and a new
  /// round began. The session, which owns the list, clears its own.
  bool new_round = false;
};

/// For operators: every agent of the group against one waiter. Computed on demand by a scan.
struct explanation {
  enum class standing : std::uint8_t { waiting, held_for_sticky, proposed };

  standing state = standing::waiting;
  std::size_t position = 0;
  std::vector<agent_id> eligible;  // at most 16, by id
  std::size_t eligible_count = 0;
  std::vector<rejected_agent> rejected;  // at most 16, by id
  /// How many agents fail at each clause first, indexed by clause.
  std::vector<std::size_t> rejected_by;
  /// One sentence each: what would let it go ("an agent with refund 4 comes online", "room for 6 at
  /// lin").
  std::vector<std::string> unblocks;
};

}  // namespace switchboard
