#pragma once

#include "runtime/base/clock.hpp"
#include "runtime/store/state.hpp"

namespace switchboard::projecting {

/// Time as the journal tells it: what is kept for a span and then forgotten is measured in it
/// (docs/decisions/0036). It follows the stamps that the wall gives, at most `longest_step` from
/// one record to the next, and never runs back: so neither a clock that was set, nor a process that
/// stood still, lets anything be forgotten before as much has really happened. It begins with the
/// first stamp there is.
class record_time {
 public:
  static constexpr millis longest_step{10 * 60'000};

  /// As the state has it; one that has not begun where there is none, or it is damaged: nothing is
  /// over then.
  static record_time read(const store::state_view& view);
  void write(store::state_batch& batch) const;

  /// The stamp of a record the wall stamps, in the order of the journal: any but a session's later
  /// ones, which are in a time of its own.
  void note(timestamp stamp);
  bool begun() const { return now_ != timestamp{}; }
  timestamp now() const { return now_; }

 private:
  timestamp now_{}, last_stamp_{};
};

}  // namespace switchboard::projecting
