#include <algorithm>

#include "actors/skill_group/group_body.hpp"

/// What is offered to whom: proposals from the dispatcher's matches to the session's word, and the
/// deadlines between.
namespace switchboard {

group_body::pending_offers::iterator group_body::find_pending(const session_id& session,
                                                              const offer_id& offer) {
  auto it = pending_.find(session);
  return it != pending_.end() && it->second.offer == offer ? it : pending_.end();
}

void group_body::release(const pending_offer& p) {
  if (auto agent = agents_.find(p.agent); agent != agents_.end())
    self_->send(agent->second, release_room{p.offer});
}

offer_id group_body::next_offer(const session_id& s) {
  return offer_id{s.text() + "." + std::to_string(salt_) + "." + std::to_string(++offers_)};
}

std::size_t group_body::pump() {
  std::size_t n = 0;
  if (!dispatcher_.ready(now())) return n;
  report_soon();
  if (by_claim())
    return (void)dispatcher_.head_for({}, now()),
           n;  // the dispatcher's deadlines pass all the same
  while (auto m = dispatcher_.next_match(now(), rng_)) {
    ++n;
    auto agent = agents_.find(m->agent);
    if (agent == agents_.end()) {
      dispatcher_.proposal_failed(m->who.session, m->agent, proposal_failure::agent_refused, now());
      continue;
    }
    auto offer = next_offer(m->who.session);
    auto why = std::string("by ") + key_text(m->why.strategy, m->why.winner_key, now()) + ", " +
               std::to_string(m->why.eligible) + " eligible";
    if (m->why.runner_up)
      why += "; next " + m->why.runner_up->value + " " +
             key_text(m->why.strategy, m->why.runner_up_key, now());
    self_->send(agent->second,
                reserve_room{offer, m->who.session, id_, m->who.need.weight, m->who.urgency()});
    pending_.insert_or_assign(
        m->who.session,
        pending_offer{offer, m->agent, std::move(why), now() + services_.options.proposal_patience,
                      false, note_of(m->why, now())});
  }
  return n;
}

void group_body::report() {
  dirty_ = false;
  auto r = report_of(dispatcher_, now());
  for (auto& router : services_.directory.routers) self_->send(router, r);
  if (services_.directory.configuration) self_->send(services_.directory.configuration, r);
}

void group_body::arm() {
  auto t = now();
  if (dirty_ && report_due_ <= t) {
    report();
    report_due_ = t + services_.options.report_every;
  }
  // Whatever was looked at, nobody is left standing beside who could have them.
  if (dispatcher_.has_untried() && !by_claim()) pump();
  auto next = dispatcher_.next_deadline(t);
  auto earlier = [&](timestamp x) { next = next ? std::min(*next, x) : x; };
  if (dirty_) earlier(report_due_);
  if (retired_ && !told_retired_) earlier(settle_due_);
  if (!pending_.empty())
    earlier(watch_due_ > t ? watch_due_ : watch_due_ = t + services_.options.proposal_patience);
  if (calendar_edge_) earlier(running_time_of(services_.clock, *calendar_edge_));
  if (next)
    timer_.arm(*next);
  else
    timer_.cancel();
}

void group_body::on_timer(const timer_fired& m) {
  if (!timer_.rang(m.generation)) return;
  auto t = now();
  look_at_the_clock(t);
  std::erase_if(put_, [&](auto& p) { return p.second.until <= t; });
  claims_.expire(t);
  const auto deadline = dispatcher_.next_deadline(t);
  bool due = deadline && *deadline <= t;
  for (auto it = pending_.begin(); it != pending_.end();) {
    // What was put to the session is the session's to settle: its room may be promised already.
    if (it->second.until > t || it->second.put_to_session) {
      ++it;
      continue;
    }
    // Nobody answered: the entry goes back, the agent's room is released should it have been
    // granted, and it is left alone until it says something. It was not asked: that is the
    // session's to remember, which knows nothing of this.
    release(it->second);
    dispatcher_.proposal_failed(it->first, it->second.agent, proposal_failure::agent_refused, t);
    it = pending_.erase(it);
    due = true;
  }
  if (pump() > 0 && !due) services_.late_matches += 1;
  if (retired_) settle_and_end(now());
  arm();
}

}  // namespace switchboard
