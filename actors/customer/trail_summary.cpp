#include "actors/customer/trail_summary.hpp"

#include <algorithm>

namespace switchboard {

void trail_summary::note(const trail_entry& e) {
  if (std::ranges::find(recent_, e.session, &line::session) == recent_.end()) {
    auto place = std::ranges::upper_bound(recent_, e.opened_at, {}, &line::opened_at);
    recent_.insert(place, {e.session, e.opened_at});
    if (recent_.size() > most_sessions) recent_.erase(recent_.begin());
  }
  if (!e.agent.empty() && e.opened_at >= last_served_opened_) {
    last_served_opened_ = e.opened_at;
    last_agent_ = e.agent;
    last_group_ = e.group;
  }
  if (e.closed_at)
    last_closed_ = last_closed_ ? std::max(*last_closed_, *e.closed_at) : *e.closed_at;
}

trail_finding trail_summary::finding(timestamp now, const session_id& asking) const {
  trail_finding f;
  f.last_agent = last_agent_;
  f.last_group = last_group_;
  f.last_closed = last_closed_;
  f.sessions_30d = static_cast<int>(std::ranges::count_if(
      recent_, [&](auto& l) { return l.opened_at > now - month && l.session != asking; }));
  return f;
}

}  // namespace switchboard
