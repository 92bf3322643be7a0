#include <algorithm>

#include "actors/skill_group/group_body.hpp"

/// What a group is asked: agents who choose for themselves, why somebody waits, how it stands.
namespace switchboard {

using codec::packer;

void group_body::on_claim(const claim_waiter& m) {
  auto t = now();
  auto refuse = [&](errc code, std::string why) {
    m.reply.fail(0, error{code, "session_id: " + why, "session_id", {}, 0});
  };
  if (auto it = pending_.find(m.session); it != pending_.end()) {
    return refuse(errc::aborted, "it is being offered to " + it->second.agent.value);
  }
  auto why = dispatcher_.ready(t) ? dispatcher_.why_not(m.session, m.agent, t) : clause::member;
  auto agent = agents_.find(m.agent);
  if (why != clause::none || agent == agents_.end()) {
    return refuse(errc::failed_precondition, "you cannot take it: " + std::string(to_string(why)));
  }
  if (!dispatcher_.mark_proposed(m.session, m.agent, t))
    return refuse(errc::aborted, "it has just gone");
  pending_offer p{next_offer(m.session),
                  m.agent,
                  "claimed by " + m.agent.value,
                  t + services_.options.proposal_patience,
                  false,
                  note_of_freed(dispatcher_.options().strategy)};
  p.decision.winner_key = "claimed it";
  claims_.add(p.offer, {m.reply, m.key, t + 2 * services_.options.proposal_patience});
  self_->send(agent->second,
              reserve_room{p.offer, m.session, id_, dispatcher_.find(m.session)->need.weight,
                           dispatcher_.find(m.session)->urgency()});
  pending_.insert_or_assign(m.session, std::move(p));
  pump();  // room kept for it elsewhere is free for others
  arm();
}

void group_body::on_explain(explain_waiter& m) {
  packer p;
  pack_waiter(p, dispatcher_, m.session, now());
  m.queues += p.view();
  ++m.queues_told;
  std::erase(m.groups, id_);
  // The next group goes on; one that has gone meanwhile is left out.
  while (!m.groups.empty()) {
    if (auto next = services_.directory.find_group(m.groups.front()))
      return self_->send(next, std::move(m));
    m.groups.erase(m.groups.begin());
  }
  m.reply.ok(0, whole_of(m));
}

void group_body::on_status(const status_request& m) {
  packer p;
  pack_group(p, dispatcher_, pending_.size(), m.detail, now());
  m.reply.ok(0, p.take());
}

}  // namespace switchboard
