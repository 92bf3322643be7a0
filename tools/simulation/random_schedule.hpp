#pragma once

#include <set>
#include <string>

#include <caf/scheduler/test_coordinator.hpp>

#include "tools/simulation/chance.hpp"

namespace switchboard::simulation {

/// Lets one actor handle one message at a time, which actor being a matter of chance. Actors may be
/// held up by name, as a slow center or a starved worker would be: their messages wait while time
/// passes.
class random_schedule {
 public:
  random_schedule(caf::scheduler::test_coordinator& coordinator, chance& luck)
      : coordinator_(coordinator), luck_(luck) {}

  /// False where nobody may run.
  bool step();
  bool anybody_ready() const;
  void hold_up(const std::string& actor_name) { held_.insert(actor_name); }
  void let_all_go() { held_.clear(); }
  bool holding() const { return !held_.empty(); }
  bool holds(const std::string& name) const { return held_.contains(name); }
  std::uint64_t steps() const { return steps_; }
  /// How long until something is due by CAF's clock; nothing: never.
  std::optional<std::chrono::nanoseconds> until_due() const;

 private:
  bool held(caf::resumable* job) const;

  caf::scheduler::test_coordinator& coordinator_;
  chance& luck_;
  std::set<std::string> held_;
  std::uint64_t steps_ = 0;
};

}  // namespace switchboard::simulation
