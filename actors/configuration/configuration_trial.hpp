#pragma once

#include <map>
#include <string>
#include <vector>

#include "actors/configuration/configuration_change.hpp"
#include "actors/configuration/loaded_configuration.hpp"
#include "actors/router/queue_snapshot.hpp"

namespace switchboard {

/// Where a waiting session would go under another configuration, compared with where the active
/// rules would send it now: both see the same figures. Bounded by the number of different moves,
/// not of sessions. Pure.
class configuration_trial {
 public:
  static constexpr std::size_t most_moves = 500;
  static constexpr std::size_t most_examples = 5;

  struct move {
    std::string from, to;  // "rule \"vip\" in vip, priority 6"
    std::size_t sessions = 0;
    std::vector<std::string> examples;  // session ids
  };

  configuration_trial(loaded_configuration active, loaded_configuration candidate);

  /// `ahead`: the groups it waits in and those its plan would lead to. One of them that is no more
  /// under the candidate has it planned anew, at the latest on getting there.
  void take(const route_input& waiting, const queue_snapshot& board, timestamp now,
            const std::vector<group_id>& ahead = {});

  const configuration_change& change() const { return change_; }
  std::vector<std::string> change_lines() const { return lines_of(change_, active_, candidate_); }
  std::size_t waiting() const { return waiting_; }
  std::size_t would_move() const { return would_move_; }
  /// The most frequent first.
  std::vector<move> moves() const;

 private:
  loaded_configuration active_, candidate_;
  configuration_change change_;
  std::size_t waiting_ = 0, would_move_ = 0;
  std::map<std::pair<std::string, std::string>, move> moves_;
};

}  // namespace switchboard
