#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/store/journal.hpp"

namespace switchboard::channel {

/// Whoever holds output back until the journal has it.
class gated_output {
 public:
  virtual ~gated_output() = default;
  /// On the gate's strand. Lets go what `durable` covers; what still waits lists itself again.
  virtual void release(store::position durable) = 0;
};

/// Wakes those with output, once for however many commits and outputs have come together since:
/// `wake` (any thread) must bring about one `drain` on the strand that the listed outputs live on.
/// One gate for each io thread, one journal callback for each gate, no look at anybody who does not
/// wait. Thread-safe, but for `drain` and `stop`.
class gate {
 public:
  gate(store::journal& journal, std::function<void()> wake);
  /// Needs `stop` before.
  ~gate() = default;
  gate(const gate&) = delete;
  gate& operator=(const gate&) = delete;

  /// `waiting` wants its release at `after`; woken at once where the journal is there already.
  void list(std::shared_ptr<gated_output> waiting, store::position after);
  void drain();
  /// After it no wake comes from the journal, and nobody is kept or listed any more.
  void stop();

 private:
  void wake_waiting();

  store::journal& journal_;
  std::function<void()> wake_;
  std::mutex lock_;
  std::vector<std::shared_ptr<gated_output>> waiting_;
  bool scheduled_ = false;
  bool stopped_ = false;
  std::vector<std::shared_ptr<gated_output>> batch_;
  int subscription_ = 0;
  bool subscribed_ = false;
};

}  // namespace switchboard::channel
