#include "actors/session/session_attention.hpp"

#include <algorithm>

namespace switchboard {

using session_machine::payloads;

namespace {

alert_view alerts_of(const session_state& s) {
  alert_view v;
  if (s.reception) {
    v.unanswered = s.reception->unanswered;
    v.waiting = s.reception->waiting;
  }
  if (s.serving && s.unanswered_since != timestamp{})
    v.unanswered_since = std::max(s.unanswered_since, s.serving->since);
  const bool waits = s.phase == session_phase::waiting || s.phase == session_phase::offered;
  if (waits) v.waiting_since = s.last_agent.id.empty() ? s.opened_at : s.phase_since;
  return v;
}

silence_view silence_of(const session_state& s) {
  silence_view v;
  v.last_word = std::max({s.last_customer_at, s.last_agent_at, s.phase_since});
  v.unanswered_since = alerts_of(s).unanswered_since;
  if (s.reception) {
    v.warned_at = s.reception->idle_warned_at;
    v.silence_told_at = s.reception->silence_told_at;
  }
  return v;
}

/// Silence counts while somebody serves the customer.
bool may_fall_silent(const session_state& s) {
  return s.phase == session_phase::active && !participants::is_snoozed(s);
}

config::alert_settings settings_of(const session_state& s, const reception_rules& rules) {
  return rules.alerts(group_in_charge(s).value, s.serving ? s.serving->agent.id : "");
}

std::optional<timestamp> reminder_at(const session_state& s, const reception_rules& rules) {
  const auto after = rules.config().reception.rating.remind_after;
  const bool asked = s.reception && s.reception->rating_asked_at != timestamp{};
  if (!asked || after <= millis{0} || s.reception->rating_reminded || s.rating != 0) return {};
  return s.reception->rating_asked_at + after;
}

/// Whoever serves the customer, and who is above them, or above the group that is waited for.
bool is_concerned(const agent_id& who, const session_state& s, const reception_rules& rules) {
  if (s.serving && s.serving->agent.id == who.value) return true;
  const auto above = s.serving ? rules.leaders_of(s.serving->agent.id)
                               : rules.leaders_of_group(group_in_charge(s));
  return std::ranges::find(above, who) != above.end();
}

std::vector<agent_id> who_is_told(const due_alert& due, const session_state& s,
                                  const reception_rules& rules) {
  if (due.kind != alert_kind::unanswered) return rules.leaders_of_group(group_in_charge(s));
  std::vector<agent_id> to{agent_id{s.serving->agent.id}};
  if (due.level == alert_level::leader) {
    const auto leaders = rules.leaders_of(s.serving->agent.id);
    to.insert(to.end(), leaders.begin(), leaders.end());
  }
  return to;
}

agent_alert alert_of(const session_state& s, std::string what, std::string level, timestamp since,
                     std::uint32_t times) {
  auto person = s.person.empty() ? person_id{"c:" + s.channel + ":" + s.customer} : s.person;
  return {s.id,
          std::move(person),
          s.customer_name,
          s.channel,
          group_in_charge(s),
          agent_id{s.serving ? s.serving->agent.id : ""},
          what,
          level,
          since,
          times,
          s.unread_by_agent};
}

agent_alert cleared(agent_alert a) {
  a.what = "cleared";
  a.unread = 0;
  return a;
}

}  // namespace

std::optional<timestamp> session_attention::deadline(const session_state& s,
                                                     const reception_rules& rules, timestamp now) {
  if (s.over()) return reminder_at(s, rules);
  std::optional<timestamp> first;
  auto earlier = [&](std::optional<timestamp> t) {
    if (t) first = first ? std::min(*first, *t) : t;
  };
  // What is due already is done on waking, which must happen: hence not `next` alone.
  if (may_fall_silent(s)) {
    const auto p = plan_silence(silence_of(s), rules.config().session, now);
    earlier(p.close || p.warn || p.tell_silence ? now : p.next);
  }
  if (!rules.alerts_anybody()) return first;
  if (const auto v = alerts_of(s); v.unanswered_since || v.waiting_since) {
    const auto p = plan_alerts(v, settings_of(s, rules), now);
    earlier(p.due.empty() ? p.next : now);
  }
  return first;
}

payloads session_attention::break_silence(const session_state& s, const reception_rules& rules,
                                          const session_speech& speech, timestamp now) {
  payloads out;
  if (!may_fall_silent(s)) return out;
  const auto plan = plan_silence(silence_of(s), rules.config().session, now);
  if (plan.close) {
    auto events = session_machine::close(s, {"system", "", ""}, "idle");
    if (!events) return out;
    speech.ask_rating(*events);
    return std::move(*events);
  }
  if (plan.warn) {
    speech.say("idle_notice", out,
               {{"closes_in", span_for_people(plan.closes_at - now, s.language)}});
    out.push_back(
        event::alert{"idle_warning", "agent", 1, s.unread_by_agent, silence_of(s).last_word, {}});
  }
  if (plan.tell_silence) {
    speech.say("long_silence", out);
    out.push_back(event::alert{
        "long_silence", "agent", 1, s.unread_by_agent, *silence_of(s).unanswered_since, {}});
  }
  return out;
}

payloads session_attention::remind_of_rating(const session_state& s, const reception_rules& rules,
                                             const session_speech& speech, timestamp now) {
  payloads out;
  if (!s.over()) return out;
  if (const auto due = reminder_at(s, rules); due && *due <= now)
    out.push_back(event::rating_requested{speech.text("rate_reminder"), true});
  return out;
}

session_decision session_attention::alert(const session_state& s, const reception_rules& rules,
                                          timestamp now) {
  session_decision out;
  if (s.over() || !rules.alerts_anybody()) return out;
  for (const auto& due : plan_alerts(alerts_of(s), settings_of(s, rules), now).due) {
    const auto to = who_is_told(due, s, rules);
    auto what = alert_of(s, std::string(to_string(due.kind)), std::string(to_string(due.level)),
                         due.since, due.times);
    out.events.push_back(
        event::alert{what.what, what.level, due.times, s.unread_by_agent, due.since, to});
    tell(s, &rules, std::move(what), to, out.effects);
  }
  return out;
}

/// `to` hears of it beside those who know of an alert already, as far as it still concerns them;
/// the others hear that it is over.
void session_attention::tell(const session_state& s, const reception_rules* rules, agent_alert what,
                             const std::vector<agent_id>& to, session_effects& out) {
  if (!alert_) alert_.emplace();
  auto& a = *alert_;
  a.last = std::move(what);
  for (auto& id : to) {
    if (std::ranges::find(a.told, id) == a.told.end()) a.told.push_back(id);
  }
  std::vector<agent_id> gone;
  std::erase_if(a.told, [&](auto& id) {
    if (!rules || is_concerned(id, s, *rules)) return false;
    gone.push_back(id);
    return true;
  });
  if (!gone.empty()) out.push_back(effect::alert_agents{std::move(gone), cleared(a.last)});
  if (!a.told.empty()) out.push_back(effect::alert_agents{a.told, a.last});
}

void session_attention::tell_again(const session_state& s, const reception_source& rules,
                                   session_effects& out) {
  const auto r = rules ? rules() : nullptr;
  auto& last = alert_->last;
  tell(s, r.get(), alert_of(s, last.what, last.level, last.since, last.times), {}, out);
}

void session_attention::said(const event::message& x, const session_state& s,
                             const reception_source& rules, session_effects& out) {
  if (x.from.role == "agent" || x.from.role == "supervisor") return clear(out);
  if (x.from.role == "customer") tell_unread(s, rules, out);
}

void session_attention::tell_unread(const session_state& s, const reception_source& rules,
                                    session_effects& out) {
  if (!s.serving || s.unread_by_agent == 0) return;
  const auto r = rules ? rules() : nullptr;
  if (!r || !r->alerts_anybody()) return;
  if (alert_ && !alert_->told.empty() && alert_->last.what != "new_message")
    return tell_again(s, rules, out);
  if (!r->alerts(s.serving->group.value, s.serving->agent.id).new_message.value_or(false)) return;
  tell(s, r.get(),
       alert_of(s, "new_message", "agent", std::max(s.unanswered_since, s.serving->since), 1),
       {agent_id{s.serving->agent.id}}, out);
}

void session_attention::read(const event::read& x, const session_state& s,
                             const reception_source& rules, session_effects& out) {
  if (x.by.role == "customer" || !alert_ || alert_->told.empty()) return;
  if (alert_->last.what == "new_message" && s.unread_by_agent == 0) return clear(out);
  tell_again(s, rules, out);
}

void session_attention::clear(session_effects& out) {
  if (alert_ && !alert_->told.empty())
    out.push_back(effect::alert_agents{std::move(alert_->told), cleared(std::move(alert_->last))});
  alert_.reset();
}

}  // namespace switchboard
