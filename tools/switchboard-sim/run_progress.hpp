#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace switchboard::sim {

/// How far a run is, on the standard error: one line that changes on a terminal, elsewhere a line
/// every ten seconds. Its last word is the speed.
class run_progress {
 public:
  explicit run_progress(std::string name);
  void at(double share, std::uint64_t sessions);
  void done(std::uint64_t sessions);

 private:
  using clock = std::chrono::steady_clock;
  std::string text(double share, std::uint64_t sessions) const;

  std::string name_;
  bool on_terminal_;
  clock::time_point began_, told_;
};

}  // namespace switchboard::sim
