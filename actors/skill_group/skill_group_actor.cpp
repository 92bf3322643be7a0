#include "actors/skill_group/skill_group_actor.hpp"

#include <algorithm>
#include <random>

#include "actors/skill_group/group_account.hpp"
#include "actors/skill_group/group_messages.hpp"
#include "actors/skill_group/pending_claims.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/hosting/hosted_actor.hpp"

namespace switchboard {
namespace {

using codec::packer;

class group_body {
 public:
  static inline const char* name = "skill_group";

  group_body(group_actor::pointer self, const group_services& services, config::group_config config, std::size_t expected,
             agent_id last_assigned)
      : self_(self),
        services_(services),
        id_(config.id),
        desk_(std::move(config)),
        probe_(services.probes.enrol(actor_kind::skill_group, id_.value)),
        rng_(services.random()),
        salt_(services.random() & 0xffffff) {
    read_roster();
    if (!last_assigned.empty()) desk_.restore_round_robin(last_assigned);
    if (expected > 0) desk_.expect(expected, now() + millis{5'000});
    desk_.set_open(services_.open(desk_.options(), now()));
    report_due_ = now();
    arm();
  }

  group_actor::behavior_type make_behavior() {
    return {
        [this](const enter_queue& m) { on_enter(m); },
        [this](const claim_back& m) { on_claim_back(m); },
        [this](const leave_queue& m) { on_leave(m); },
        [this](const ask_position& m) { on_ask_position(m); },
        [this](const proposal_answered& m) { on_proposal_answered(m); },
        [this](const agent_available& m) { on_agent(m); },
        [this](const room_answer& m) { on_room_answer(m); },
        [this](const claim_waiter& m) { on_claim(m); },
        [this](explain_waiter& m) { on_explain(m); },
        [this](const configuration_changed& m) { on_configuration(m); },
        [this](const wake& m) { on_wake(m); },
        [this](const status_request& m) { on_status(m); },
    };
  }

 private:
  /// An offer between reservation and the session's word; at most one of a session here.
  struct proposal {
    offer_id offer;
    agent_id agent;
    std::string why;
    timestamp until;
    bool put_to_session = false;
    decision_note decision{};
  };

  using proposals = std::unordered_map<session_id, proposal>;
  /// Put to a session whose word on it is still out, also when the group has turned to something else meanwhile. Released
  /// blind the room would be given away twice: a session may take an offer late. One whose session has ended meanwhile is
  /// forgotten after `put_kept`; the agent has asked by then.
  struct put_offer {
    agent_actor agent;
    timestamp until;
  };
  static constexpr millis put_kept{60'000};

  timestamp now() const { return services_.clock.now(); }

  // ---- sessions

  void on_enter(const enter_queue& m) {
    probe_->note(now());
    auto session = caf::actor_cast<session_actor>(self_->current_sender());
    if (m.recovered) desk_.registered();
    if (!desk_.open()) return turn_away(m.what.session, session);
    auto outcome = desk_.enter(m.what, now(), m.recovered ? admission::returning : admission::fresh);
    if (outcome == enter_outcome::full) {
      self_->send(session, queue_refused{m.what.session, id_, "the queue holds as many as it may", desk_.options().on_full});
      return;
    }
    sessions_[m.what.session] = session;
    pump();
    // Somebody who is not served at once hears where they stand.
    if (!proposals_.contains(m.what.session)) tell_position(m.what.session, session);
    arm();
  }

  void on_claim_back(const claim_back& m) {
    auto session = caf::actor_cast<session_actor>(self_->current_sender());
    sessions_[m.what.session] = session;
    if (auto it = proposals_.find(m.what.session); it != proposals_.end()) {
      bool asked = std::ranges::find(m.what.asked, it->second.agent) != m.what.asked.end();
      desk_.proposal_failed(m.what.session, it->second.agent, asked ? proposal_failure::missed : proposal_failure::agent_lost, now());
      proposals_.erase(it);
    }
    if (!desk_.open()) return turn_away(m.what.session, session);
    desk_.enter(m.what, now(), admission::returning);
    pump();
    arm();
  }

  void on_leave(const leave_queue& m) {
    auto* c = desk_.find(m.session);
    if (!c) {
      sessions_.erase(m.session);
      return;
    }
    auto waited = std::chrono::duration_cast<millis>(now() - c->opened_at);
    if (m.cause == leave_cause::accepted) desk_.note_accepted(waited, now());
    if (m.cause == leave_cause::abandoned) desk_.note_abandoned(waited, now());
    if (auto it = proposals_.find(m.session); it != proposals_.end()) {
      bool taken = m.cause == leave_cause::accepted || m.cause == leave_cause::joined;
      if (taken) desk_.proposal_taken(m.session, it->second.agent, now());
      else desk_.proposal_failed(m.session, it->second.agent, proposal_failure::session_refused, now());
      // A reservation still on its way is released when its answer comes and finds no proposal; one that was put to the
      // session, when the session answers.
      proposals_.erase(it);
    }
    desk_.leave(m.session, now());
    sessions_.erase(m.session);
    pump();
    arm();
  }

  void on_ask_position(const ask_position& m) {
    auto session = caf::actor_cast<session_actor>(self_->current_sender());
    if (session && desk_.contains(m.session)) tell_position(m.session, session);
  }

  void tell_position(const session_id& id, const session_actor& session) {
    auto position = desk_.position(id);
    if (!position) return;
    position_is m{id, id_, static_cast<int>(*position), {}};
    if (auto e = desk_.eta(id, now())) m.eta = time_estimate{e->p50_ms, e->p90_ms};
    self_->send(session, std::move(m));
  }

  void on_proposal_answered(const proposal_answered& m) {
    auto put = put_.find(m.offer);
    if (put == put_.end()) return;
    if (!m.taken) self_->send(put->second.agent, release_room{m.offer});
    put_.erase(put);
    auto it = find_proposal(m.session, m.offer);
    if (it == proposals_.end()) return;
    if (m.taken) {
      // The session tells what becomes of it: leave_queue when assigned, claim_back when the offer fails.
      it->second.until = now() + millis{24 * 3'600'000};
      return;
    }
    desk_.proposal_failed(m.session, it->second.agent, proposal_failure::session_refused, now());
    proposals_.erase(it);
    pump();
    arm();
  }

  // ---- agents

  void on_agent(const agent_available& m) {
    probe_->note(now());
    auto agent = caf::actor_cast<agent_actor>(self_->current_sender());
    head_claim head{m.round, id_, false, {}, {}, 1, {}};
    if (!is_member(m.view.id)) {
      if (m.round != 0) self_->send(agent, std::move(head));
      return;
    }
    agents_[m.view.id] = agent;
    desk_.agent_changed(m.view, now());
    if (m.round != 0) {
      if (auto c = desk_.ready(now()) && !by_claim() ? desk_.head_for(m.view.id, now()) : std::nullopt) {
        if (desk_.mark_proposed(c->session, m.view.id, now())) {
          head.any = true;
          head.offer = next_offer(c->session);
          head.session = c->session;
          head.weight = c->need.weight;
          head.urgency = c->urgency();
          proposals_.insert_or_assign(c->session, proposal{head.offer, m.view.id, "freed: first in line here",
                                                           now() + services_.options.proposal_patience, false,
                                                           note_of_freed(desk_.options().strategy)});
        }
      }
      self_->send(agent, std::move(head));
    } else {
      pump();
    }
    arm();
  }

  void on_room_answer(const room_answer& m) {
    auto it = find_proposal(m.session, m.offer);
    auto agent = caf::actor_cast<agent_actor>(self_->current_sender());
    if (it == proposals_.end()) {
      // The session left meanwhile, or it took too long.
      if (m.refusal.empty()) self_->send(agent, release_room{m.offer});
      desk_.agent_changed(m.view, now());
      return;
    }
    auto session = sessions_.find(m.session);
    if (m.refusal.empty() && session != sessions_.end()) {
      desk_.agent_changed(m.view, now());
      it->second.put_to_session = true;
      put_.insert_or_assign(m.offer, put_offer{agent, now() + put_kept});
      propose(m.session, it->second, session->second, agent);
      return;
    }
    if (m.refusal.empty()) self_->send(agent, release_room{m.offer});
    claims_.refuse(m.offer, m.refusal.empty() ? "it does not wait here any more" : m.refusal);
    desk_.proposal_failed(m.session, it->second.agent, proposal_failure::agent_refused, now(), m.view);
    proposals_.erase(it);
    pump();
    arm();
  }

  void propose(const session_id& id, const proposal& p, const session_actor& session, const agent_actor& agent) {
    auto& o = desk_.options();
    propose_agent m{id, {}, {}};
    m.what.offer = p.offer;
    auto name = names_.find(p.agent);
    m.what.agent = participant{"agent", p.agent.value, name == names_.end() ? "" : name->second};
    m.what.group = id_;
    auto claim = claims_.take(p.offer);
    m.what.automatic = o.offer.accept == config::accept_mode::automatic || claim;
    if (claim) m.claimed = *claim;
    m.what.timeout = o.offer.timeout;
    m.what.why = p.why;
    m.what.decision = p.decision;
    m.what.new_round = desk_.in_new_round(id);
    self_->send(session, std::move(m), caf::actor_cast<caf::strong_actor_ptr>(agent));
  }

  // ---- the choice

  proposals::iterator find_proposal(const session_id& session, const offer_id& offer) {
    auto it = proposals_.find(session);
    return it != proposals_.end() && it->second.offer == offer ? it : proposals_.end();
  }

  void release(const proposal& p) {
    if (auto agent = agents_.find(p.agent); agent != agents_.end()) self_->send(agent->second, release_room{p.offer});
  }

  offer_id next_offer(const session_id& s) {
    return offer_id{s.text() + "." + std::to_string(salt_) + "." + std::to_string(++offers_)};
  }

  bool by_claim() const { return desk_.options().offer.accept == config::accept_mode::claim; }

  /// Until no eligible pair is left (I3).
  std::size_t pump() {
    std::size_t n = 0;
    if (!desk_.ready(now())) return n;
    report_soon();
    if (by_claim()) return (void)desk_.head_for({}, now()), n;  // the desk's deadlines pass all the same
    while (auto m = desk_.next_match(now(), rng_)) {
      ++n;
      auto agent = agents_.find(m->agent);
      if (agent == agents_.end()) {
        desk_.proposal_failed(m->who.session, m->agent, proposal_failure::agent_refused, now());
        continue;
      }
      auto offer = next_offer(m->who.session);
      auto why = std::string("by ") + key_text(m->why.strategy, m->why.winner_key) + ", " + std::to_string(m->why.eligible) + " eligible";
      if (m->why.runner_up) why += "; next " + m->why.runner_up->value + " " + key_text(m->why.strategy, m->why.runner_up_key);
      self_->send(agent->second, reserve_room{offer, m->who.session, id_, m->who.need.weight, m->who.urgency()});
      proposals_.insert_or_assign(m->who.session, proposal{offer, m->agent, std::move(why), now() + services_.options.proposal_patience,
                                                           false, note_of(m->why)});
    }
    return n;
  }

  void report_soon() { dirty_ = true; }

  void report() {
    dirty_ = false;
    auto r = report_of(desk_, now());
    for (auto& router : services_.directory.routers) self_->send(router, r);
    if (services_.directory.configuration) self_->send(services_.directory.configuration, r);
  }

  void arm() {
    auto t = now();
    if (dirty_ && report_due_ <= t) {
      report();
      report_due_ = t + services_.options.report_every;
    }
    auto next = desk_.next_deadline(t);
    auto earlier = [&](timestamp x) { next = next ? std::min(*next, x) : x; };
    if (dirty_) earlier(report_due_);
    if (retired_ && !told_retired_) earlier(std::max(retire_at_, t + millis{1'000}));
    if (!proposals_.empty()) earlier(watch_due_ > t ? watch_due_ : watch_due_ = t + services_.options.proposal_patience);
    if (!desk_.options().calendar.empty()) earlier(calendar_due_ > t ? calendar_due_ : calendar_due_ = t + millis{30'000});
    if (!next) return;
    if (armed_for_ != timestamp{} && armed_for_ <= *next) return;
    armed_for_ = *next;
    self_->send(services_.directory.timekeeper_of(entity_shard('g', id_.value)), arm_timer{*next, ++generation_});
  }

  void on_wake(const wake& m) {
    if (m.generation != generation_) return;
    armed_for_ = {};
    auto t = now();
    look_at_the_clock(t);
    std::erase_if(put_, [&](auto& p) { return p.second.until <= t; });
    claims_.expire(t);
    for (auto it = proposals_.begin(); it != proposals_.end();) {
      // What was put to the session is the session's to settle: its room may be promised already.
      if (it->second.until > t || it->second.put_to_session) {
        ++it;
        continue;
      }
      // Nobody answered: the claim goes back, the agent's room is released should it have been granted.
      release(it->second);
      desk_.proposal_failed(it->first, it->second.agent, proposal_failure::agent_lost, t);
      it = proposals_.erase(it);
    }
    bool due = desk_.next_deadline(t) <= t;
    if (pump() > 0 && !due) services_.late_matches += 1;
    if (retired_) settle_and_end(now());
    arm();
  }

  // ---- the configuration

  /// Who is in this group, in the order `top_down` asks them; answers with those who are not any more.
  std::vector<agent_id> read_roster() {
    std::vector<agent_id> roster;
    std::unordered_map<agent_id, std::string> names;
    for (auto& a : services_.config()->agents) {
      if (std::ranges::find(a.groups, id_) == a.groups.end()) continue;
      roster.push_back(a.id);
      names[a.id] = a.name;
    }
    desk_.set_roster(roster);
    std::vector<agent_id> gone;
    for (auto& [id, name] : names_) {
      if (!names.contains(id)) gone.push_back(id);
    }
    names_ = std::move(names);
    return gone;
  }

  /// An agent who has left may still send what was on its way. One that came a moment ago is in the configuration already.
  bool is_member(const agent_id& id) {
    if (retired_) return false;
    if (names_.contains(id)) return true;
    auto config = services_.config();
    auto a = std::ranges::find(config->agents, id, &config::agent_config::id);
    if (a == config->agents.end() || std::ranges::find(a->groups, id_) == a->groups.end()) return false;
    names_[id] = a->name;
    return true;
  }

  /// Waiters, places, agents and what was learned stay; only what differs is taken over.
  void on_configuration(const configuration_changed&) {
    probe_->note(now());
    auto config = services_.config();
    auto mine = std::ranges::find(config->groups, id_, &config::group_config::id);
    if (mine == config->groups.end()) return retire();
    auto t = now();
    if (*mine != desk_.options()) desk_.reconfigure(*mine, t);
    for (auto& id : read_roster()) {
      desk_.agent_gone(id, t);
      agents_.erase(id);
    }
    look_at_the_clock(t);
    pump();
    arm();
  }

  /// Open or closed, by the calendar and by hand. Who waits when it closes is sent on, to be served elsewhere or heard at least.
  void look_at_the_clock(timestamp t) {
    bool was_open = desk_.open();
    desk_.set_open(!retired_ && services_.open(desk_.options(), t), t);
    if (was_open == desk_.open()) return;
    report();
    if (was_open) send_waiters_on("the group " + id_.value + " has closed", false);
  }

  void send_waiters_on(const std::string& reason, bool removed) {
    auto all = std::exchange(sessions_, {});
    auto t = now();
    for (auto& [id, session] : all) {
      // What was put to a session is settled with it; the rest is taken back.
      if (auto it = proposals_.find(id); it != proposals_.end()) {
        if (!it->second.put_to_session) release(it->second);
        desk_.proposal_failed(id, it->second.agent, proposal_failure::session_refused, t);
        proposals_.erase(it);
      }
      desk_.leave(id, t);
      self_->send(session, queue_gone{id, id_, reason, removed});
    }
  }

  void turn_away(const session_id& id, const session_actor& session) {
    sessions_.erase(id);
    desk_.leave(id, now());
    if (session) self_->send(session, queue_gone{id, id_, "the group " + id_.value + (retired_ ? " is no more" : " is closed"), retired_});
  }

  void retire() {
    if (retired_) return;
    retired_ = true;
    probe_->state = "retired";
    desk_.set_open(false);
    send_waiters_on("the group " + id_.value + " is no more", true);
    settle_and_end(now());
    arm();
  }

  /// It ends when the offers it had put to sessions are settled and what was on its way has come.
  void settle_and_end(timestamp t) {
    if (retire_at_ == timestamp{}) retire_at_ = t + retire_after;
    if (t < retire_at_ || !put_.empty()) return;
    if (std::exchange(told_retired_, true)) return;
    self_->send(services_.directory.configuration, group_retired{id_});
  }

  // ---- an agent's own choice

  void on_claim(const claim_waiter& m) {
    auto t = now();
    auto refuse = [&](errc code, std::string why) { m.reply.fail(0, error{code, "session_id: " + why, "session_id", {}, 0}); };
    if (auto it = proposals_.find(m.session); it != proposals_.end()) {
      return refuse(errc::aborted, "it is being offered to " + it->second.agent.value);
    }
    auto why = desk_.ready(t) ? desk_.why_not(m.session, m.agent, t) : clause::member;
    auto agent = agents_.find(m.agent);
    if (why != clause::none || agent == agents_.end()) {
      return refuse(errc::failed_precondition, "you cannot take it: " + std::string(to_string(why)));
    }
    if (!desk_.mark_proposed(m.session, m.agent, t)) return refuse(errc::aborted, "it has just gone");
    proposal p{next_offer(m.session), m.agent, "claimed by " + m.agent.value, t + services_.options.proposal_patience, false,
               note_of_freed(desk_.options().strategy)};
    p.decision.winner_key = "claimed it";
    claims_.add(p.offer, m.reply, t + 2 * services_.options.proposal_patience);
    self_->send(agent->second, reserve_room{p.offer, m.session, id_, desk_.find(m.session)->need.weight, desk_.find(m.session)->urgency()});
    proposals_.insert_or_assign(m.session, std::move(p));
    arm();
  }

  // ---- why

  void on_explain(explain_waiter& m) {
    packer p;
    pack_waiter(p, desk_, m.session, now());
    m.queues += p.view();
    ++m.queues_told;
    std::erase(m.groups, id_);
      // The next group goes on; one that has gone meanwhile is left out.
    while (!m.groups.empty()) {
      if (auto next = services_.directory.find_group(m.groups.front())) return self_->send(next, std::move(m));
      m.groups.erase(m.groups.begin());
    }
    m.reply.ok(0, whole_of(m));
  }

  void on_status(const status_request& m) {
    packer p;
    pack_group(p, desk_, proposals_.size(), now());
    m.reply.ok(0, p.take());
  }

  group_actor::pointer self_;
  const group_services& services_;
  group_id id_;
  group_desk desk_;
  std::shared_ptr<actor_probe> probe_;
  std::mt19937_64 rng_;
  std::uint64_t salt_;
  std::uint64_t offers_ = 0;
  std::unordered_map<session_id, session_actor> sessions_;
  std::unordered_map<agent_id, agent_actor> agents_;
  std::unordered_map<agent_id, std::string> names_;
  proposals proposals_;
  std::unordered_map<offer_id, put_offer> put_;
  pending_claims claims_;
  bool dirty_ = true, retired_ = false, told_retired_ = false;
  timestamp retire_at_{};
  static constexpr millis retire_after{10'000};
  timestamp report_due_{}, watch_due_{}, calendar_due_{}, armed_for_{};
  std::uint64_t generation_ = 0;
};

}  // namespace

group_actor spawn_group(caf::actor_system& system, const group_services& services, config::group_config config,
                        std::size_t expected, agent_id last_assigned) {
  return system.spawn<hosted_actor<group_actor, group_body>>(std::cref(services), std::move(config), expected,
                                                             std::move(last_assigned));
}

}  // namespace switchboard
