#include "actors/session/session_attendance.hpp"

namespace switchboard::session_attendance {
namespace {

result<void> must_be_served(const session_state& s) {
  if (s.over())
    return fail(errc::failed_precondition,
                "the session is over: " + std::string(to_string(s.phase)));
  if (!s.serving) return fail(errc::failed_precondition, "nobody serves the session");
  return {};
}

event::joined join(const participant& who, presence as) {
  event::joined j;
  j.who = {"supervisor", who.id, who.name};
  j.as = as;
  j.how = std::string(to_string(as));
  return j;
}

}  // namespace

result<payloads> attend(const session_state& s, const participant& by, presence as) {
  if (auto served = must_be_served(s); !served) return tl::unexpected(served.error());
  if (s.serving->agent.id == by.id)
    return fail(errc::failed_precondition, "you serve this session");
  if (participants::ties_of(s, by.id) & tie::offered) {
    return fail(errc::failed_precondition, "you are asked to join this session: answer the offer");
  }
  auto* p = participants::find(s, by.id);
  if (p && p->as == as) return payloads{};
  if (p && holds_room(p->as))
    return fail(errc::failed_precondition, "you have joined this session as an agent");
  if (!p && s.participants && s.participants->parties.size() >= session_transfer::most_parties) {
    return fail(errc::resource_exhausted,
                "as many have joined as may: " + std::to_string(session_transfer::most_parties));
  }
  payloads out;
  // The customer saw them come, and sees them go.
  if (p && is_heard(p->as) && !is_heard(as))
    out.push_back(event::parted{p->who, p->as, "listens only"});
  out.push_back(join(by, as));
  return out;
}

result<payloads> take_over(const session_state& s, const participant& by, const transfer_id& id,
                           const offer_id& offer) {
  if (auto served = must_be_served(s); !served) return tl::unexpected(served.error());
  if (s.serving->agent.id == by.id)
    return fail(errc::failed_precondition, "you serve this session");
  auto out = session_transfer::let_go(s, "taken over");
  event::transferred x;
  x.transfer = id;
  x.by = {"supervisor", by.id, by.name};
  x.mode = "takeover";
  x.to_agent = by.id;
  out.push_back(std::move(x));
  out.push_back(event::assigned{{"agent", by.id, by.name},
                                s.serving->group,
                                offer,
                                "taken over from " + s.serving->agent.id});
  return out;
}

result<payloads> whisper(const session_state& s, const participant& by, const message_content& m) {
  if (auto served = must_be_served(s); !served) return tl::unexpected(served.error());
  payloads out;
  bool there = s.serving->agent.id == by.id || participants::find(s, by.id);
  if (!there) {
    auto joins = attend(s, by, presence::monitor);
    if (!joins) return joins;
    out = std::move(*joins);
  }
  out.push_back(event::whispered{0, by, m.type, m.body, m.client_msg_id});
  return out;
}

result<payloads> leave(const session_state& s, const participant& by, const agent_id& who) {
  if (s.over())
    return fail(errc::failed_precondition,
                "the session is over: " + std::string(to_string(s.phase)));
  auto out =
      session_transfer::guest_lost(s, who, by.id == who.value ? "left" : "sent out by " + by.id);
  if (out.empty()) {
    return by.id == who.value
               ? fail(errc::failed_precondition, "you have not joined this session")
               : fail(errc::not_found, "agent: " + who.value + " is not in the session", "agent");
  }
  return out;
}

result<payloads> snooze(const session_state& s, const participant& by, timestamp until,
                        std::string reason, timestamp now, millis longest) {
  if (auto served = must_be_served(s); !served) return tl::unexpected(served.error());
  if (s.participants && s.participants->transfer)
    return fail(errc::failed_precondition, "a transfer is under way");
  for (std::size_t i = 0; s.participants && i < s.participants->parties.size(); ++i) {
    auto& p = s.participants->parties[i];
    if (holds_room(p.as)) return fail(errc::failed_precondition, p.who.id + " is in the session");
  }
  if (until <= now) return fail(errc::invalid_argument, "until: that time is past", "until");
  if (until - now > longest) {
    return fail(errc::invalid_argument,
                "until: at most " + std::to_string(longest.count() / 1000) + " s from now",
                "until");
  }
  if (s.participants && s.participants->snoozed_until == until) return payloads{};
  return payloads{event::snoozed{by, until, std::move(reason)}};
}

payloads wake(const session_state& s, std::string cause, const participant& by, timestamp now) {
  if (!participants::is_snoozed(s) || !s.serving) return {};
  payloads out{event::woken{std::move(cause), by}};
  auto rest = session_transfer::come_back(s, s.serving->agent, s.serving->group, now);
  out.insert(out.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
  return out;
}

}  // namespace switchboard::session_attendance
