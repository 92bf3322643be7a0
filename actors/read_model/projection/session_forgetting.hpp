#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/base/ids.hpp"
#include "runtime/store/state.hpp"

namespace switchboard::projecting {

/// Takes sessions out of the state that were over before a given time: snapshot, transcript, place
/// in the trail, what was shown in it, the last close. Request ids have a shorter time of their own
/// (`session.closed_key_retention`), persons and what was counted stay. A message left that nobody
/// has settled stays too. In order of opening, a few at a time; what was looked at is not looked at
/// again before the end is reached. Used by one thread.
class session_forgetter {
 public:
  /// Called with the sessions of a slice before they go, for what is kept of them elsewhere; they
  /// stay this time when it answers false. May be empty.
  using before_forgetting = std::function<bool(const std::vector<session_id>&)>;

  /// At most so many; answers how many.
  std::size_t forget(store::state_batch& batch, timestamp over_before, std::size_t at_most,
                     const before_forgetting& before = {});

 private:
  /// Where the next look begins; empty: with the oldest.
  std::string from_;
};

}  // namespace switchboard::projecting
