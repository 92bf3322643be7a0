#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>

#include "tools/simulation/seeded_run.hpp"

namespace switchboard::sim {

/// What became of one seed.
struct seed_outcome {
  std::uint64_t seed = 0;
  bool held = false;
  /// Of one that did not hold: what it has in common with others that failed alike, and what was
  /// found.
  std::string kind, report;
  simulation::seeded_run::figures figures;
};

/// One seed played in a process of its own, so that a broken invariant, which ends the process it
/// is found in, ends that seed and nothing else. To be made by a process of one thread. Not
/// thread-safe.
class seed_process {
 public:
  /// Starts it; throws std::system_error where the system has no room for another process.
  /// `trace`: it prints what happens on the standard output.
  seed_process(std::uint64_t seed, bool trace);
  ~seed_process();
  seed_process(seed_process&& other) noexcept;
  seed_process& operator=(seed_process&&) = delete;

  /// Readable when there is something to `take_in`.
  int descriptor() const { return from_; }
  /// False once it has ended.
  bool take_in();
  /// After its end.
  seed_outcome outcome() const;

 private:
  std::uint64_t seed_;
  pid_t child_ = -1;
  int from_ = -1, status_ = 0;
  std::string told_;
};

}  // namespace switchboard::sim
