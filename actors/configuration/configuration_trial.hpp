#pragma once

#include <map>
#include <string>
#include <vector>

#include "actors/configuration/configuration_change.hpp"
#include "actors/configuration/loaded_configuration.hpp"
#include "actors/router/queue_board.hpp"

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

  /// `planned_by`: the rules that planned it, where those are older than the active ones.
  void take(const route_input& waiting, const queue_board& board, timestamp now,
            const routing_rules* planned_by = nullptr);

  const configuration_change& change() const { return change_; }
  std::vector<std::string> change_lines() const { return lines_of(change_, active_, candidate_); }
  std::size_t waiting() const { return waiting_; }
  std::size_t would_move() const { return would_move_; }
  /// The most frequent first.
  std::vector<move> moves() const;

 private:
  bool strands(const route& planned) const;

  loaded_configuration active_, candidate_;
  configuration_change change_;
  std::size_t waiting_ = 0, would_move_ = 0;
  std::map<std::pair<std::string, std::string>, move> moves_;
};

}  // namespace switchboard
