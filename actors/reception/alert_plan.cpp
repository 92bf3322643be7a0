#include "actors/reception/alert_plan.hpp"

#include <algorithm>

namespace switchboard {
namespace {

constexpr int most_times = 20;  // where the settings say nothing

void earlier(std::optional<timestamp>& next, timestamp t) {
  next = next ? std::min(*next, t) : t;
}

told_alerts told_since(const told_alerts& told, timestamp since) {
  return told.last < since ? told_alerts{} : told;
}

/// Where the settings name no interval it is told once.
struct rhythm {
  std::optional<millis> after, every;
  std::uint32_t at_most = most_times;

  std::optional<timestamp> next(timestamp since, const told_alerts& told) const {
    if (!after) return {};
    if (told.times == 0) return since + *after;
    if (!every || told.times >= at_most) return {};
    return told.last + *every;
  }
};

void plan_unanswered(const alert_view& v, const config::alert_settings& s, timestamp now,
                     alert_plan& out) {
  auto since = *v.unanswered_since;
  auto told = told_since(v.unanswered, since);
  rhythm r{s.unanswered_after, s.unanswered_every,
           static_cast<std::uint32_t>(s.at_most.value_or(most_times))};
  auto next = r.next(since, told);
  bool may_escalate = s.escalate_after && !told.escalated;
  auto escalation = since + s.escalate_after.value_or(millis{0});
  bool escalates = may_escalate && escalation <= now;
  if ((next && *next <= now) || escalates) {
    told = {told.times + 1, now, told.escalated || escalates};
    out.due.push_back({alert_kind::unanswered,
                       told.escalated ? alert_level::leader : alert_level::agent, told.times,
                       since});
    next = r.next(since, told);
  }
  if (next) earlier(out.next, *next);
  if (may_escalate && !escalates) earlier(out.next, escalation);
}

void plan_waiting(const alert_view& v, const config::alert_settings& s, timestamp now,
                  alert_plan& out) {
  auto since = *v.waiting_since;
  auto told = told_since(v.waiting, since);
  rhythm r{s.waiting_after, s.waiting_every,
           static_cast<std::uint32_t>(s.at_most.value_or(most_times))};
  auto next = r.next(since, told);
  if (next && *next <= now) {
    told = {told.times + 1, now, true};
    out.due.push_back({alert_kind::waiting, alert_level::leader, told.times, since});
    next = r.next(since, told);
  }
  if (next) earlier(out.next, *next);
}

template <class T> void lay(std::optional<T>& under, const std::optional<T>& over) {
  if (over) under = over;
}

}  // namespace

std::string_view to_string(alert_kind k) {
  return k == alert_kind::unanswered ? "unanswered" : "waiting";
}
std::string_view to_string(alert_level l) {
  return l == alert_level::agent ? "agent" : "leader";
}

alert_plan plan_alerts(const alert_view& view, const config::alert_settings& settings,
                       timestamp now) {
  alert_plan out;
  if (view.unanswered_since) plan_unanswered(view, settings, now, out);
  if (view.waiting_since) plan_waiting(view, settings, now, out);
  return out;
}

config::alert_settings laid_over(const config::alert_settings& under,
                                 const config::alert_settings& over) {
  auto s = under;
  lay(s.new_message, over.new_message);
  lay(s.unanswered_after, over.unanswered_after);
  lay(s.unanswered_every, over.unanswered_every);
  lay(s.escalate_after, over.escalate_after);
  lay(s.waiting_after, over.waiting_after);
  lay(s.waiting_every, over.waiting_every);
  lay(s.at_most, over.at_most);
  return s;
}

}  // namespace switchboard
