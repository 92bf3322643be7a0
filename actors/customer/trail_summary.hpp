#pragma once

#include <optional>
#include <vector>

#include "actors/customer/trail_entry.hpp"
#include "actors/identification/findings.hpp"

namespace switchboard {

/// The little of a person's trail that routing asks for. Not durable itself: it is read from the
/// trail's rows and kept up by notes, in any order. Bounded.
class trail_summary {
 public:
  static constexpr std::size_t most_sessions = 128;
  static constexpr millis month{30LL * 24 * 3'600'000};

  void note(const trail_entry& e);
  /// As identification hands it on, for a session that does not count itself. Open orders are
  /// another's to count.
  trail_finding finding(timestamp now, const session_id& asking = {}) const;

 private:
  /// What counts of one session.
  struct line {
    session_id session;
    timestamp opened_at;
  };
  std::vector<line> recent_;  // the newest, oldest first
  // The newest session that somebody served or ended counts, not the newest note.
  timestamp last_served_opened_{};
  agent_id last_agent_;
  group_id last_group_;
  std::optional<timestamp> last_closed_;
};

}  // namespace switchboard
