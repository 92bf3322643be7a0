#include <algorithm>

#include "actors/agent/agent_body.hpp"
#include "actors/agent/move_tally.hpp"
#include "actors/read_model/projection/agent_reading.hpp"
#include "runtime/hosting/unless_known.hpp"

/// Connections, and what clients ask of an agent.
namespace switchboard {
namespace {

constexpr answer_limits answers_kept{2'000, 256u << 10};

std::string empty_answer() {
  return std::string(1, '\x80');
}

std::string nothing_moved() {
  packer p;
  p.map(3).str("sessions").uinteger(0).str("asked").uinteger(0).str("stayed").array(0);
  return p.take();
}

/// As a restart would find it.
agent_machine durable_self(const agent_services& services, const agent_machine& m) {
  const auto& id = m.config().id;
  const auto view = services.state->view();
  const auto now = services.clock.now();
  agent_machine self(m.config(), projecting::read_agent(*view, id), m.zone());
  self.take_over(projecting::read_served(*view, id));
  self.take_up(now, wall_time(services.clock),
               [&](const group_id& g) { return wrap_up_time(*services.config(), g); });
  if (m.connected())
    self.line_back();
  else
    self.line_lost(m.grace_until().value_or(now));
  return self;
}

/// While the journal stands still nobody is told of what may never have been.
template <class Pack>
void tell(const agent_services& services, const agent_machine& m, store::position knows,
          const reply_to& to, const Pack& pack) {
  if (knows <= services.journal.durable() || !store::stands_still(services.gate))
    return to.ok(knows, pack(m, true));
  to.ok(0, pack(durable_self(services, m), false));
}

}  // namespace

void agent_body::on_connection(agent_connection& m) {
  if (m.attached) {
    // It logged in as its account went: nobody would tell it anything any more.
    if (retired_) return m.out->end();
    connections_.push_back(m.out);
    auto before = m_.status();
    m_.line_back();
    if (m_.status() != before) changed(true);
  } else {
    std::erase_if(connections_, [&](auto& c) { return c->id() == m.out->id(); });
    if (connections_.empty() && m_.record().status != agent_status::offline) {
      m_.line_lost(now() + grace());
      changed(false);
      arm();
    } else if (connections_.empty()) {
      m_.line_lost(now());
      leave_guests("disconnected");  // who is not on duty and goes has no grace to wait for
    }
  }
  for (auto& [session, who] : sessions_)
    self_->send(who, agent_readers{m_.config().id, connections_});
  for (auto& [offer, p] : offers_)
    self_->send(p.session, agent_readers{m_.config().id, connections_});
}

void agent_body::on_call(agent_call& m) {
  if (m.method == agent_method::moved) return on_moved(m);
  auto before = answered_before(m_.record().answered, m.known_by, wall(), answers_kept);
  if (!before) return m.reply.fail(services_.journal.last(), before.error());
  if (*before) return m.reply.again(services_.journal.last(), std::move(**before));
  if (m.method == agent_method::move_sessions && joins_a_move(m)) return;
  // What came of an offer its session keeps.
  const bool keeps = m.method != agent_method::accept && m.method != agent_method::decline;
  if (keeps && refused_as_new(m.reply)) return;
  switch (m.method) {
    case agent_method::moved:
      return;
    case agent_method::set_state:
      return set_state(m);
    case agent_method::snapshot:
      return snapshot(m.reply);
    case agent_method::accept:
    case agent_method::decline:
      return answer_offer(m);
    case agent_method::force_state:
      return set_state(m);
    case agent_method::move_sessions:
      return move_sessions(m);
    case agent_method::times:
      return tell(services_, m_, knows_, m.reply, [&](const agent_machine& self, bool) {
        return agent_pushes::times(self, m.from, m.to, wall(), self.in_state_for(now()));
      });
  }
}

store::position agent_body::settle(const agent_call& m, std::vector<agent_payload> events,
                                   const std::string& answer) {
  const auto& key = m.known_by.key;
  if (key.key != 0) events.emplace_back(answer_recorded{key.key, key.content, {answer}});
  return events.empty() ? services_.journal.last() : commit(std::move(events));
}

void agent_body::set_state(const agent_call& m) {
  auto wanted = status_named(m.state);
  if (!wanted) {
    return m.reply.fail(services_.journal.last(),
                        error{errc::invalid_argument,
                              "state: expected online, away, busy, draining or offline",
                              "state",
                              {},
                              0});
  }
  // What a leader gives as reason is the leader's own.
  if (auto why =
          m.by.id.empty() ? reason_refused(*services_.config(), *wanted, m.reason) : std::string{};
      !why.empty()) {
    return m.reply.fail(services_.journal.last(),
                        error{errc::invalid_argument, why, "reason", {}, 0});
  }
  if (removed_ && *wanted != agent_status::offline && *wanted != agent_status::draining) {
    return m.reply.fail(services_.journal.last(),
                        error{errc::failed_precondition, "state: " + why_removed_, "state", {}, 0});
  }
  if (*wanted != agent_status::offline && m_.status() == agent_status::offline && !m_.connected()) {
    return m.reply.fail(services_.journal.last(),
                        error{errc::failed_precondition,
                              "state: " + m_.config().id.value + " has no connection",
                              "state",
                              {},
                              0});
  }
  bool same = m_.record().status == *wanted && m_.record().reason == m.reason;
  std::vector<agent_payload> events;
  if (!same) events.emplace_back(agent_event::presence_changed{*wanted, m.reason, m.by.id});
  const auto at = settle(m, std::move(events), empty_answer());
  if (!same) {
    changed(*wanted == agent_status::online);
    if (*wanted == agent_status::offline) {
      leave("offline");
      if (removed_) retire();
    }
    if (*wanted == agent_status::draining) drain_until_ = now() + services_.options.drain_limit;
    check_drained();
    arm();
  }
  m.reply.ok(at, empty_answer());
}

void agent_body::move_sessions(const agent_call& m) {
  auto refused = move_refused(*services_.config(), m_.config().id, m.to_group, m.to_agent);
  if (refused) return m.reply.fail(services_.journal.last(), *refused);
  // What it has only joined is another's, and stays there.
  std::vector<session_id> mine;
  for (auto& [session, held] : m_.serving()) {
    if (sessions_.contains(session)) mine.push_back(session);
  }
  if (mine.empty()) return m.reply.ok(settle(m, {}, nothing_moved()), nothing_moved());
  auto answered = m.reply;
  if (m.known_by.key.key != 0) {
    moves_.push_back(std::make_shared<keyed_move>(services_.directory, m));
    answered = {moves_.back(), 0};
  }
  auto tally = std::make_shared<move_tally>(answered, mine);
  for (std::uint32_t i = 0; i < mine.size(); ++i) {
    session_call c;
    c.method = session_method::move;
    c.session = mine[i];
    c.reply = {tally, i};
    c.by = m.by;
    c.text = m.reason;
    c.to_group = m.to_group;
    c.to_agent = m.to_agent;
    self_->send(sessions_.at(mine[i]), std::move(c));
  }
}

/// Asked for once more while the sessions are still asked: answered with the first.
bool agent_body::joins_a_move(const agent_call& m) {
  std::erase_if(moves_, [](auto& k) { return k->over(); });
  const auto& key = m.known_by.key;
  auto same = std::ranges::find_if(
      moves_, [&](auto& k) { return key.key != 0 && k->key().key == key.key; });
  if (same == moves_.end()) return false;
  if ((*same)->key() != key) {
    m.reply.fail(
        services_.journal.last(),
        error{errc::already_exists, "op_id: used before with other content", "op_id", {}, 0});
    return true;
  }
  return (*same)->add(m.reply);
}

void agent_body::on_moved(const agent_call& m) {
  const auto at = settle(m, {}, m.answer.bytes);
  for (auto& k : moves_) {
    if (k->key() != m.known_by.key) continue;
    for (auto& to : k->take_waiting()) to.ok(at, m.answer.bytes);
  }
}

void agent_body::snapshot(const reply_to& to) const {
  tell(services_, m_, knows_, to, [this](const agent_machine& self, bool as_it_is) {
    std::vector<const offer_made*> offers;
    // A restart ends offers, and alerts come anew.
    if (!as_it_is) return agent_pushes::snapshot(self, rev_, offers, {});
    for (auto& [id, o] : offers_) offers.push_back(&o.what);
    return agent_pushes::snapshot(self, rev_, offers, board_);
  });
}

void agent_body::answer_offer(const agent_call& m) {
  auto it = offers_.find(m.offer);
  auto session = it != offers_.end() ? it->second.session : session_actor{};
  auto id = session_of(m.offer.value);
  // An offer that is over here may still be told by its session who won.
  if (!session && id) session = services_.directory.sessions.find(*id);
  auto unknown = [&] {
    m.reply.fail(services_.journal.last(),
                 error{errc::not_found, "offer_id: there is no such offer", "offer_id", {}, 0});
  };
  if (!id) return unknown();
  if (!m.op_id.empty()) {
    // The session keeps the key, beside what came of the offer.
    session_call c;
    c.method = m.method == agent_method::accept ? session_method::accept_offer
                                                : session_method::decline_offer;
    c.session = *id;
    c.by = {"agent", m_.config().id.value, m_.config().name};
    c.op_id = m.op_id;
    c.text = m.offer.value;
    c.text2 = m.reason.empty() ? "declined" : m.reason;
    c.reply = m.reply;
    if (session)
      self_->send(session, std::move(c));
    else
      self_->send(services_.directory.directory_of(id->shard), std::move(c));
    return;
  }
  if (!session) return unknown();
  self_->send(session, offer_answer{*id, m.offer, m_.config().id, m.method == agent_method::accept,
                                    m.reason.empty() ? "declined" : m.reason, m.reply});
}

void agent_body::push(std::string_view method, std::string_view packed_map) {
  packer p;
  p.array(3).integer(2).str(method).array(1).raw(packed_map);
  auto frame = p.take();
  for (auto& c : connections_) c->notify(services_.journal.last(), frame);
}

}  // namespace switchboard
