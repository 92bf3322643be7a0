#include "actors/read_model/recovery/closed_loading.hpp"

#include <vector>

#include "actors/read_model/projection/record_time.hpp"
#include "actors/read_model/projection/session_reading.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "runtime/store/damage.hpp"

namespace switchboard::recovery {

/// Each close has a row that goes after a fixed time: the rows lie in the order of the closes.
void for_each_lately_closed(const store::state_view& view, millis span,
                            const std::function<void(session_state&&)>& visit) {
  const auto time = projecting::record_time::read(view);
  if (!time.begun()) return;
  const auto first = time.now() - span - projecting::record_time::longest_step;
  const auto from = projecting::big_endian(
      static_cast<std::uint64_t>(unix_ms(first + projecting::last_close_lives)));
  std::vector<session_id> closed;
  view.scan(projecting::table::expiry, from, [&](std::string_view key, std::string_view) {
    const auto what = static_cast<projecting::expiring>(key[from.size()]);
    const auto id = projecting::session_of_state_key(key.substr(from.size() + 1));
    if (what == projecting::expiring::last_close && id) closed.push_back(*id);
    return true;
  });
  for (auto& id : closed) {
    try {
      auto s = projecting::read_session(view, id);
      if (s && s->over()) visit(std::move(*s));
    } catch (const store::damaged_data&) {
      // Said by the state.
    }
  }
}

}  // namespace switchboard::recovery
