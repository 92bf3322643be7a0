#include <algorithm>

#include "actors/session/session_body.hpp"
#include "runtime/hosting/answer_together.hpp"

/// What agents and supervisors ask of a session besides talking in it: transfers, joining, putting
/// it off.
namespace switchboard {

using codec::packer;

session_transfer::limits session_body::transfer_limits() const {
  auto config = services_.config();
  return {config->session.transfer_limit, config->session.joint_limit};
}

bool session_body::take_company_call(session_call& m, request_key key) {
  auto t = now();
  switch (m.method) {
    case session_method::transfer:
      call_transfer(m, key);
      break;
    case session_method::transfer_cancel:
      act(m, key, session_transfer::cancel(s_, m.by, transfer_id{m.text}, t));
      break;
    case session_method::transfer_complete:
      act(m, key, session_transfer::complete(s_, m.by, transfer_id{m.text}));
      break;
    case session_method::leave:
      act(m, key, session_attendance::leave(s_, m.by, agent_id{m.by.id}));
      break;
    case session_method::remove:
      act(m, key, session_attendance::leave(s_, m.by, agent_id{m.to_agent}));
      break;
    case session_method::monitor:
      act(m, key, session_attendance::attend(s_, m.by, presence::monitor));
      break;
    case session_method::barge:
      act(m, key, session_attendance::attend(s_, m.by, presence::barge));
      break;
    case session_method::whisper:
      call_whisper(m, key);
      break;
    case session_method::takeover:
      call_takeover(m, key);
      break;
    case session_method::snooze: {
      auto longest = services_.config()->session.snooze_limit;
      constexpr millis usual{24 * 3'600'000};
      auto until = m.number == 0 ? wall() + std::min(usual, longest)
                                 : from_unix_ms(static_cast<std::int64_t>(m.number));
      act(m, key, session_attendance::snooze(s_, m.by, until, m.text, wall(), longest));
      break;
    }
    case session_method::wake: {
      auto woken = session_attendance::wake(s_, "agent", m.by, t);
      if (woken.empty())
        act(m, key, fail(errc::failed_precondition, "the session is not snoozed"));
      else
        act(m, key, std::move(woken));
      break;
    }
    default:
      return false;
  }
  return true;
}

void session_body::call_whisper(session_call& m, request_key key) {
  message_content content{m.op_id, m.mode, std::move(m.body)};
  auto decided = session_attendance::whisper(s_, m.by, content);
  if (!decided) return m.reply.fail(services_.journal.last(), decided.error());
  // Joining comes first and alone, so that the key's answer is the whisper's.
  if (decided->size() > 1) {
    auto said = std::move(decided->back());
    decided->pop_back();
    commit(std::move(*decided));
    decided = session_machine::payloads{std::move(said)};
  }
  auto at = commit(std::move(*decided), key);
  packer p;
  p.map(2).str("seq").uinteger(s_.seq);
  field(p, "at", latest_stamp_);
  m.reply.ok(at, p.take());
}

// ---- transfers

session_transfer::wish session_body::wish_of(const session_call& m) const {
  return {transfer_id{s_.id.text() + ".t" + std::to_string(s_.seq + 1)},
          m.by,
          m.mode,
          m.to_group,
          m.to_agent,
          m.by_rules,
          m.text};
}

/// The call that is under way is asked for once more: it is answered once for both.
bool session_body::joins_the_call(const session_call& m, request_key key) {
  if (key.key == 0 || !lines_ || !lines_->call || lines_->call->key != key) return false;
  auto& reply = lines_->call->call.reply;
  reply = {std::make_shared<answer_together>(reply, m.reply), 0};
  return true;
}

void session_body::call_transfer(session_call& m, request_key key) {
  auto at = services_.journal.last();
  if (auto may = session_transfer::may_begin(s_, wish_of(m)); !may)
    return m.reply.fail(at, may.error());
  if (joins_the_call(m, key)) return;
  if (lines_ && lines_->call)
    return m.reply.fail(at, error{errc::aborted, "another transfer is under way", {}, {}, 0});
  // Who is there already needs no way found.
  if (m.mode == "cold" && company::find(s_, m.to_agent)) return begin_transfer(m, key, {}, {});
  auto& d = *s_.dispatch;
  transfer_request r{s_.id,      d.request,       d.found.value_or(findings{}),
                     s_.weight,  d.plan.priority, m.to_group,
                     m.to_agent, m.by_rules,      s_.serving->group};
  lines().call.emplace();
  lines_->call->call = std::move(m);
  lines_->call->key = key;
  lines_->call->until = now() + services_.options.identification_patience;
  self_->send(directory().router_of(s_.id.shard), std::move(r));
  arm();
}

void session_body::on_transfer_routed(transfer_routed& m) {
  if (!lines_ || !lines_->call || !lines_->call->offer.empty()) return;
  auto w = std::move(*lines_->call);
  lines_->call.reset();
  tidy_lines();
  if (!m.refusal.empty())
    return give_up(w, error{errc::failed_precondition, m.refusal, m.refused_field, {}, 0});
  if (!still_permitted(w.call)) return;
  if (w.call.to_agent.empty())
    return begin_transfer(w.call, w.key, std::move(m.plan), std::move(m.first));
  w.agent = directory().find_agent(agent_id{w.call.to_agent});
  w.plan = std::move(m.plan);
  w.first = std::move(m.first);
  ask_for_room(std::move(w));
}

void session_body::begin_transfer(session_call& call, request_key key, routing_plan plan,
                                  step_choice first) {
  auto wish = wish_of(call);
  auto id = wish.id.value;
  auto decided = session_transfer::begin(s_, std::move(wish), std::move(plan), std::move(first),
                                         now(), transfer_limits());
  if (!decided) return call.reply.fail(services_.journal.last(), decided.error());
  packer p;
  field(p.map(1), "transfer_id", id);
  settle(call.reply, key, std::move(*decided), p.take());
}

void session_body::call_takeover(session_call& m, request_key key) {
  auto at = services_.journal.last();
  if (auto may = session_attendance::take_over(s_, m.by, {}, {}); !may)
    return m.reply.fail(at, may.error());
  if (joins_the_call(m, key)) return;
  if (lines_ && lines_->call)
    return m.reply.fail(at, error{errc::aborted, "a transfer is under way", {}, {}, 0});
  company_lines::waiting_call w;
  w.agent = directory().find_agent(agent_id{m.by.id});
  w.first.groups = {s_.serving->group};
  w.call = std::move(m);
  w.key = key;
  ask_for_room(std::move(w));
}

void session_body::ask_for_room(company_lines::waiting_call w) {
  if (!w.agent) return give_up(w, error{errc::not_found, "there is no such agent", {}, {}, 0});
  w.offer =
      offer_id{s_.id.text() + ".r" + std::to_string(s_.seq) + "." + std::to_string(next_ticket_++)};
  w.until = now() + services_.options.identification_patience;
  auto group = w.first.groups.empty() ? group_id{} : w.first.groups.front();
  const bool takeover = w.call.method == session_method::takeover;
  // A cold transfer waits for the agent; that the agent can come at all is asked, without room.
  const bool waits = !takeover && w.call.mode == "cold";
  self_->send(w.agent, hold_room{s_.id, w.offer, group, waits ? 0 : s_.weight, takeover});
  lines().call = std::move(w);
  arm();
}

void session_body::on_room_held(room_held& m) {
  auto agent = caf::actor_cast<agent_actor>(self_->current_sender());
  auto release = [&] {
    if (m.refusal.empty() && agent) self_->send(agent, release_room{m.offer});
  };
  if (!lines_ || !lines_->call || lines_->call->offer != m.offer) return release();
  auto w = std::move(*lines_->call);
  lines_->call.reset();
  tidy_lines();
  bool takeover = w.call.method == session_method::takeover;
  if (m.refusal.empty() && !still_permitted(w.call)) return release();
  if (!m.refusal.empty()) {
    auto field = takeover ? std::string{} : std::string("to.agent");
    auto who = takeover ? std::string("you") : "to.agent: " + m.agent.value;
    return give_up(
        w, error{errc::failed_precondition, who + " cannot take it: " + m.refusal, field, {}, 0});
  }
  if (takeover) {
    auto decided = session_attendance::take_over(s_, w.call.by, wish_of(w.call).id, m.offer);
    if (!decided) release();
    return act(w.call, w.key, std::move(decided));
  }
  if (w.call.mode == "cold") return begin_transfer(w.call, w.key, std::move(w.plan), std::move(w.first));
  auto before = s_.seq;
  auto group = w.first.groups.front();
  begin_transfer(w.call, w.key, std::move(w.plan), std::move(w.first));
  if (s_.seq == before) return release();
  session_machine::proposal p;
  p.offer = m.offer;
  p.agent = {"agent", m.agent.value, m.name};
  p.group = group;
  p.why = "asked by name";
  auto config = services_.config();
  auto at = std::ranges::find_if(config->groups, [&](auto& g) { return g.id == group; });
  if (at != config->groups.end()) {
    p.automatic = at->offer.accept == config::accept_mode::automatic;
    p.timeout = at->offer.timeout;
  }
  auto joins = session_transfer::propose(s_, p, now(), transfer_limits());
  if (!joins) return release();
  lines().asked = agent;
  commit(std::move(*joins));
}

void session_body::give_up(company_lines::waiting_call& w, const error& why) {
  w.call.reply.fail(services_.journal.last(), why);
}

/// Who owns it now is no guest any more.
void session_body::has_new_owner(const event::assigned& x) {
  if (!lines_) return;
  // Goes on reading where the guest was.
  if (auto* g = find_guest(agent_id{x.agent.id})) agent_readers_ = std::move(g->readers);
  std::erase_if(lines_->guests, [&](auto& g) { return g.who.value == x.agent.id; });
  tidy_lines();
}

}  // namespace switchboard
