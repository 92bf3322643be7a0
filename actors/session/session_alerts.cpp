#include <algorithm>

#include "actors/session/automatic_message.hpp"
#include "actors/session/session_body.hpp"

/// Who is told that the customer waits, what is said into silence, and which agents look at the
/// same session.
namespace switchboard {

using codec::packer;

session_body::desk_side& session_body::desk() {
  if (!desk_) desk_ = std::make_unique<desk_side>();
  return *desk_;
}

alert_view session_body::alerts_view() const {
  alert_view v;
  if (s_.reception) {
    v.unanswered = s_.reception->unanswered;
    v.waiting = s_.reception->waiting;
  }
  if (s_.serving && s_.unanswered_since != timestamp{})
    v.unanswered_since = std::max(s_.unanswered_since, s_.serving->since);
  bool waits = s_.phase == session_phase::waiting || s_.phase == session_phase::offered;
  if (waits) v.waiting_since = s_.last_agent.id.empty() ? s_.opened_at : s_.phase_since;
  return v;
}

silence_view session_body::quiet_view() const {
  silence_view v;
  v.last_word = std::max({s_.last_customer_at, s_.last_agent_at, s_.phase_since});
  v.unanswered_since = alerts_view().unanswered_since;
  if (s_.reception) {
    v.warned_at = s_.reception->idle_warned_at;
    v.silence_told_at = s_.reception->silence_told_at;
  }
  return v;
}

std::optional<timestamp> session_body::reception_deadline() const {
  std::optional<timestamp> first;
  auto earlier = [&](std::optional<timestamp> t) {
    if (t) first = first ? std::min(*first, *t) : *t;
  };
  auto r = rules();
  if (!r) return first;
  // What is due already is done on waking, which must happen: hence not `next` alone.
  if (s_.phase == session_phase::active && !company::is_snoozed(s_)) {
    auto p = plan_silence(quiet_view(), r->config().session, now());
    earlier(p.close || p.warn || p.tell_silence ? now() : p.next);
  }
  if (s_.over()) {
    auto after = r->config().reception.rating.remind_after;
    bool asked = s_.reception && s_.reception->rating_asked_at != timestamp{};
    if (asked && after > millis{0} && !s_.reception->rating_reminded && s_.rating == 0) {
      earlier(s_.reception->rating_asked_at + after);
    }
    return first;
  }
  if (r->alerts_anybody()) {
    auto v = alerts_view();
    if (v.unanswered_since || v.waiting_since) {
      auto p = plan_alerts(
          v, r->alerts(group_in_charge().value, s_.serving ? s_.serving->agent.id : ""), now());
      earlier(p.due.empty() ? p.next : now());
    }
  }
  return first;
}

void session_body::keep_reception_deadlines() {
  auto r = rules();
  if (!r) return;
  if (s_.phase == session_phase::active && !company::is_snoozed(s_))
    say_after_silence(plan_silence(quiet_view(), r->config().session, now()));
  if (s_.over()) {
    auto due = reception_deadline();
    if (!due || *due > now()) return;
    commit({event::rating_requested{text_at("rate_reminder"), true}});
    return;
  }
  if (!r->alerts_anybody()) return;
  auto settings = r->alerts(group_in_charge().value, s_.serving ? s_.serving->agent.id : "");
  for (auto& due : plan_alerts(alerts_view(), settings, now()).due) tell_due(due, *r);
}

void session_body::say_after_silence(const silence_plan& plan) {
  session_machine::payloads out;
  auto t = now();
  if (plan.close) {
    auto events = session_machine::close(s_, {"system", "", ""}, "idle");
    if (!events) return;
    ask_rating(*events);
    commit(std::move(*events));
    return;
  }
  if (plan.warn) {
    say("idle_notice", out, {{"closes_in", span_for_people(plan.closes_at - t, s_.language)}});
    out.push_back(
        event::alert{"idle_warning", "agent", 1, s_.unread_by_agent, quiet_view().last_word, {}});
  }
  if (plan.tell_silence) {
    say("long_silence", out);
    out.push_back(event::alert{
        "long_silence", "agent", 1, s_.unread_by_agent, *quiet_view().unanswered_since, {}});
  }
  if (!out.empty()) commit(std::move(out));
}

void session_body::tell_due(const due_alert& due, const reception_rules& rules) {
  std::vector<agent_id> to;
  if (due.kind == alert_kind::unanswered) {
    to.push_back(agent_id{s_.serving->agent.id});
    if (due.level == alert_level::leader) {
      auto leaders = rules.leaders_of(s_.serving->agent.id);
      to.insert(to.end(), leaders.begin(), leaders.end());
    }
  } else {
    to = rules.leaders_of_group(group_in_charge());
  }
  auto what = std::string(to_string(due.kind)), level = std::string(to_string(due.level));
  commit({event::alert{what, level, due.times, s_.unread_by_agent, due.since, to}});
  tell_alert(std::move(what), std::move(level), due.since, due.times, to);
}

/// Who serves it, and who is above them, or above its group, by the rules in force.
bool session_body::may_be_alerted(const agent_id& who, const reception_rules& rules) const {
  if (s_.serving && s_.serving->agent.id == who.value) return true;
  auto above = s_.serving ? rules.leaders_of(s_.serving->agent.id)
                          : rules.leaders_of_group(group_in_charge());
  return std::ranges::find(above, who) != above.end();
}

void session_body::tell_alert(std::string what, std::string level, timestamp since,
                              std::uint32_t times, const std::vector<agent_id>& to) {
  auto& d = desk();
  auto person = s_.person.empty() ? person_id{"c:" + s_.channel + ":" + s_.customer} : s_.person;
  d.last = {s_.id,
            person,
            s_.customer_name,
            s_.channel,
            group_in_charge(),
            agent_id{s_.serving ? s_.serving->agent.id : ""},
            std::move(what),
            std::move(level),
            since,
            times,
            s_.unread_by_agent};
  for (auto& id : to) {
    if (std::ranges::find(d.told, id) == d.told.end()) d.told.push_back(id);
  }
  // Whoever was told before and is not concerned any more hears that it is over, and nothing else.
  auto gone = d.last;
  gone.what = "cleared";
  gone.unread = 0;
  auto r = rules();
  std::erase_if(d.told, [&](auto& id) {
    if (!r || may_be_alerted(id, *r)) return false;
    if (auto agent = directory().find_agent(id)) self_->send(agent, gone);
    return true;
  });
  for (auto& id : d.told) {
    if (auto agent = directory().find_agent(id)) self_->send(agent, d.last);
  }
}

void session_body::clear_alerts() {
  if (!desk_ || desk_->told.empty()) return;
  auto cleared = desk_->last;
  cleared.what = "cleared";
  cleared.unread = 0;
  for (auto& id : desk_->told) {
    if (auto agent = directory().find_agent(id)) self_->send(agent, cleared);
  }
  desk_->told.clear();
  desk_->last = {};
}

/// Answered: nobody need be told any more. Something new: the serving agent is, where it is so
/// configured; an alert that stands goes on with the new count.
void session_body::note_message(const event::message& x) {
  if (x.from.role == "agent" || x.from.role == "supervisor") return clear_alerts();
  if (x.from.role == "customer") tell_unread();
}

void session_body::tell_unread() {
  if (!s_.serving || s_.unread_by_agent == 0) return;
  auto r = rules();
  if (!r || !r->alerts_anybody()) return;
  if (desk_ && !desk_->told.empty() && desk_->last.what != "new_message") {
    auto& l = desk_->last;
    return tell_alert(l.what, l.level, l.since, l.times, {});
  }
  if (!r->alerts(s_.serving->group.value, s_.serving->agent.id).new_message.value_or(false)) return;
  tell_alert("new_message", "agent", std::max(s_.unanswered_since, s_.serving->since), 1,
             {agent_id{s_.serving->agent.id}});
}

void session_body::note_read(const event::read& x) {
  if (x.by.role == "customer" || !desk_ || desk_->told.empty()) return;
  if (desk_->last.what == "new_message" && s_.unread_by_agent == 0) return clear_alerts();
  auto l = desk_->last;
  tell_alert(l.what, l.level, l.since, l.times, {});
}

// ---- two agents at one session

void session_body::note_viewer(const participant& by, const outbox_ptr& out, bool comes) {
  if (by.role == "customer" || by.role == "system" || !out) return;
  auto& v = desk().viewers;
  std::erase_if(v, [&](auto& one) { return one.first == out->id(); });
  if (comes) v.emplace_back(out->id(), by);
  show_viewers();
}

/// Each agent who looks on learns who else does, as often as that changes.
void session_body::show_viewers() {
  if (!desk_ || desk_->viewers.empty()) {
    if (!desk_ || desk_->shown_viewers == 0) return;
  }
  std::erase_if(desk_->viewers, [&](auto& v) {
    return std::ranges::none_of(subscribers_, [&](auto& s) { return s.out->id() == v.first; });
  });
  std::vector<participant> agents;
  auto add = [&](const participant& p) {
    if (std::ranges::none_of(agents, [&](auto& a) { return a.id == p.id; })) agents.push_back(p);
  };
  if (s_.serving && !agent_readers_.empty()) add(s_.serving->agent);
  for (auto& [out, who] : desk_->viewers) add(who);
  bool tells = agents.size() > 1 || desk_->shown_viewers > 1;
  desk_->shown_viewers = agents.size();
  if (!tells) return;
  packer p;
  p.map(1).str("agents").array(static_cast<std::uint32_t>(agents.size()));
  for (auto& a : agents) codec::pack_value(p, a, codec::audience::client);
  auto frame = session_codec::fleeting_notification(s_.id, "viewing", p.view());
  for (auto* list : {&subscribers_, &agent_readers_}) {
    for (auto& s : *list) {
      if (s.as == reader::agent) s.out->notify(services_.journal.last(), frame);
    }
  }
}

}  // namespace switchboard
