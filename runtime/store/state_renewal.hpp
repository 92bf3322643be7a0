#pragma once

#include <functional>
#include <vector>

#include "runtime/store/state_lmdb.hpp"

namespace switchboard::store {

/// An index in the state that is made anew, out of other tables, where it was made under rules that
/// hold no more. Done at the start, before anybody reads the state and before the projector writes;
/// unlike a change of layout it needs no copy.
struct state_renewal {
  std::function<bool(const state_view&)> is_due;
  /// One transaction, bounded. Answers whether there is more to do; what it wrote tells the next
  /// one, also after a crash, where to go on.
  std::function<bool(state_batch&)> step;
};

result<void> renew_state(state_lmdb& state, const std::vector<state_renewal>& renewals);

}  // namespace switchboard::store
