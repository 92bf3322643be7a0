#include "runtime/store/state_renewal.hpp"

namespace switchboard::store {

result<void> renew_state(state_lmdb& state, const std::vector<state_renewal>& renewals) {
  for (const auto& renewal : renewals) {
    if (!renewal.is_due(*state.view())) continue;
    for (bool more = true; more;) {
      auto written =
          state.write(state.projected(), [&](state_batch& batch) { more = renewal.step(batch); });
      // Without room it stays due: at the next start.
      if (!written && is_full(written.error())) return {};
      if (!written) return written;
    }
  }
  return {};
}

}  // namespace switchboard::store
