#include <algorithm>

#include "actors/router/opening_hours.hpp"
#include "actors/skill_group/group_body.hpp"

/// The group's configuration and calendar, and its end.
namespace switchboard {

std::vector<agent_id> group_body::read_roster() {
  std::vector<agent_id> roster;
  std::unordered_map<agent_id, std::string> names;
  for (auto& a : services_.config()->agents) {
    if (std::ranges::find(a.groups, id_) == a.groups.end()) continue;
    roster.push_back(a.id);
    names[a.id] = a.name;
  }
  dispatcher_.set_roster(roster);
  std::vector<agent_id> gone;
  for (auto& [id, name] : names_) {
    if (!names.contains(id)) gone.push_back(id);
  }
  names_ = std::move(names);
  return gone;
}

bool group_body::is_member(const agent_id& id) {
  if (retired_) return false;
  if (names_.contains(id)) return true;
  auto config = services_.config();
  auto a = std::ranges::find(config->agents, id, &config::agent_config::id);
  if (a == config->agents.end() || std::ranges::find(a->groups, id_) == a->groups.end())
    return false;
  names_[id] = a->name;
  return true;
}

void group_body::on_configuration(const configuration_changed&) {
  auto config = services_.config();
  auto mine = std::ranges::find(config->groups, id_, &config::group_config::id);
  if (mine == config->groups.end()) return retire();
  auto t = now();
  if (*mine != dispatcher_.options()) dispatcher_.reconfigure(*mine, t);
  for (auto& id : read_roster()) {
    dispatcher_.agent_gone(id, t);
    agents_.erase(id);
  }
  look_at_the_clock(t);
  pump();
  arm();
}

bool group_body::open_now() {
  const auto wall = wall_time(services_.clock);
  const auto config = services_.config();
  const bool looked =
      config == calendar_of_ && looked_at_ <= wall && (!calendar_edge_ || wall < *calendar_edge_);
  if (!looked) calendar_edge_ = next_change(*config, dispatcher_.options(), wall);
  looked_at_ = wall;
  calendar_of_ = config;
  return services_.open(dispatcher_.options(), wall);
}

void group_body::look_at_the_clock(timestamp t) {
  bool was_open = dispatcher_.open();
  dispatcher_.set_open(!retired_ && open_now(), t);
  if (was_open == dispatcher_.open()) return;
  report();
  if (was_open) return send_waiters_on("the group " + id_.value + " has closed", false);
  take_back_waiters();
}

void group_body::send_waiters_on(const std::string& reason, bool removed) {
  auto all = std::exchange(sessions_, {});
  auto t = now();
  for (auto& [id, session] : all) {
    // What was put to a session is settled with it; the rest is taken back.
    if (auto it = pending_.find(id); it != pending_.end()) {
      if (!it->second.put_to_session) release(it->second);
      dispatcher_.proposal_failed(id, it->second.agent, proposal_failure::session_refused, t);
      pending_.erase(it);
    }
    if (auto* c = dispatcher_.find(id); c && !removed)
      kept_.insert_or_assign(id, place_kept{*c, session});
    dispatcher_.leave(id, t);
    self_->send(session, queue_gone{id, id_, reason, removed});
  }
  if (!removed) return;
  for (auto& [id, place] : std::exchange(kept_, {}))
    self_->send(place.session, queue_gone{id, id_, reason, removed});
}

void group_body::turn_away(const queue_entry& c, const session_actor& session, admission how) {
  sessions_.erase(c.session);
  dispatcher_.leave(c.session, now());
  if (!session) return;
  if (!retired_) kept_.insert_or_assign(c.session, place_kept{c, session, how});
  auto why = "the group " + id_.value + (retired_ ? " is no more" : " is closed");
  self_->send(session, queue_gone{c.session, id_, std::move(why), retired_});
}

void group_body::take_back_waiters() {
  auto all = std::exchange(kept_, {});
  auto t = now();
  for (auto& [id, place] : all) {
    if (dispatcher_.enter(place.what, t, place.how) == enter_outcome::full) {
      self_->send(place.session, queue_refused{id, id_, "the queue holds as many as it may",
                                               dispatcher_.options().on_full});
    } else {
      sessions_[id] = place.session;
    }
  }
  pump();
  // Told last: whoever is proposed to an agent hears of that instead.
  for (auto& [id, place] : all) {
    if (!pending_.contains(id) && dispatcher_.contains(id)) tell_position(id, place.session);
  }
}

void group_body::retire() {
  if (retired_) return;
  retired_ = true;
  probe_->state = "retired";
  dispatcher_.set_open(false);
  send_waiters_on("the group " + id_.value + " is no more", true);
  settle_and_end(now());
  arm();
}

void group_body::settle_and_end(timestamp t) {
  if (retire_at_ == timestamp{}) retire_at_ = t + retire_after;
  settle_due_ = std::max(retire_at_, t + millis{1'000});
  if (t < retire_at_ || !put_.empty()) return;
  if (std::exchange(told_retired_, true)) return;
  self_->send(services_.directory.configuration, group_retired{id_});
}

}  // namespace switchboard
