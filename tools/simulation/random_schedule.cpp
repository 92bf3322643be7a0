#include "tools/simulation/random_schedule.hpp"

#include <algorithm>

namespace switchboard::simulation {

bool random_schedule::held(caf::resumable* job) const {
  if (held_.empty()) return false;
  auto* actor = dynamic_cast<caf::scheduled_actor*>(job);
  return actor && held_.contains(actor->name());
}

bool random_schedule::anybody_ready() const {
  return std::ranges::any_of(coordinator_.jobs, [&](auto* job) { return !held(job); });
}

bool random_schedule::step() {
  auto& jobs = coordinator_.jobs;
  if (jobs.empty()) return false;
  auto at = luck_.below(jobs.size());
  // The next one that is not held up, from a random place on.
  for (std::size_t tried = 0; held(jobs[at]); at = (at + 1) % jobs.size()) {
    if (++tried == jobs.size()) return false;
  }
  std::swap(jobs[0], jobs[at]);
  ++steps_;
  return coordinator_.try_run_once();
}

std::optional<std::chrono::nanoseconds> random_schedule::until_due() const {
  auto& clock = coordinator_.clock();
  if (clock.schedule().empty()) return {};
  return clock.schedule().begin()->first - clock.current_time;
}

}  // namespace switchboard::simulation
