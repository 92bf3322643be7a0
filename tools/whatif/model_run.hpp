#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>

#include "tools/whatif/deployment_model.hpp"
#include "tools/whatif/run_result.hpp"

namespace switchboard::whatif {

struct run_options {
  /// More sessions open at once than any contact center has: the model lets them pile up.
  std::size_t most_open = 200'000;
  /// Called every 4096 events with the share of the time that is simulated, 0..1, and the sessions
  /// so far. Empty: nobody asks.
  std::function<void(double, std::uint64_t)> progress;
  /// Called for each session that counts and was accepted: its number among all, from 0, and its
  /// wait. Empty: nobody asks.
  std::function<void(std::uint64_t, std::int64_t)> accepted;
};

/// `most_open` was reached.
class too_many_sessions : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Plays a model from its start to its end in virtual time: the router's rules, the groups'
/// dispatchers and the agents' machines are those of the daemon; sessions, offers and messages
/// between them follow the daemon's actors step by step, without their delays. After the end nobody
/// new comes, and who waits has another day to be served. The same model gives the same result.
run_result run_model(const deployment_model& model, const run_options& options = {});

}  // namespace switchboard::whatif
