#pragma once

#include <cstdint>
#include <vector>

namespace switchboard {

/// What a pool's workers have done so far, as one look at it finds them.
struct worker_progress {
  struct worker {
    std::uint64_t begun = 0, ended = 0;  // jobs
  };
  std::vector<worker> workers;
  /// Jobs that nobody has taken yet.
  std::size_t waiting = 0;
};

/// Whether the workers have got on between two looks: none has sat in one job all the time, and
/// where jobs waited all the time, some were begun. Idle workers have.
inline bool advanced(const worker_progress& before, const worker_progress& now) {
  bool any_begun = false;
  for (std::size_t i = 0; i < now.workers.size(); ++i) {
    const auto& w = now.workers[i];
    const bool begun = i >= before.workers.size() || before.workers[i].begun != w.begun;
    any_begun = any_begun || begun;
    if (!begun && w.begun != w.ended) return false;
  }
  return any_begun || before.waiting == 0 || now.waiting == 0;
}

}  // namespace switchboard
