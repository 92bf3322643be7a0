#include "actors/session/session_speech.hpp"

#include <algorithm>

#include "actors/router/opening_hours.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard {

using session_machine::payloads;

namespace {

const std::string name_variable = "customer.name";

/// Looking the name up costs a read: only for a text that says it.
bool names_customer(const std::string& text) {
  return text.find('{' + name_variable + '}') != std::string::npos;
}

event::message automatic(const std::string& text, std::string moment) {
  codec::packer p;
  field(p.map(1), "text", text);
  return event::message{0, {"system", "", ""}, "text", {p.take()}, {}, std::move(moment)};
}

std::string group_name(const config::dispatch_config& c, const group_id& group) {
  const auto g = std::ranges::find(c.groups, group, &config::group_config::id);
  return g == c.groups.end() ? group.value : g->name;
}

/// Whether the plan names groups and all of them are closed.
bool all_closed(const routing_plan& plan, const config::dispatch_config& c, timestamp wall) {
  bool any = false, closed = true;
  for (auto& step : plan.steps) {
    for (auto& g : step.groups) {
      any = true;
      closed = closed && !group_open(c, g, wall);
    }
  }
  return any && closed;
}

}  // namespace

group_id group_in_charge(const session_state& s) {
  if (s.serving) return s.serving->group;
  if (s.offer) return s.offer->group;
  if (s.dispatch && !s.dispatch->groups.empty()) return s.dispatch->groups.front();
  return s.last_group;
}

std::string session_speech::customer_name() const {
  auto& in_request = s_.dispatch ? s_.dispatch->request.customer.name : s_.customer_name;
  if (!known_) return in_request.empty() ? s_.customer_name : in_request;
  channel_customer who;
  who.id = s_.customer;
  auto name = called_now(in_request, s_.opened_at, known_(s_.person, s_.channel, who));
  return name.empty() ? s_.customer_name : name;
}

std::string session_speech::agent_name(const std::string& id, const std::string& before) const {
  const auto config = config_();
  const auto a = std::ranges::find(config->agents, agent_id{id}, &config::agent_config::id);
  return a == config->agents.end() ? before : a->name;
}

template_values session_speech::canned_values(const participant& by, const group_id& group) const {
  return {{name_variable, customer_name()},
          {"agent.name", agent_name(by.id, by.name)},
          {"channel", s_.channel},
          {"group", group.value},
          {"group.name", group_name(*config_(), group)}};
}

std::string session_speech::text(const char* moment, const template_values& extra) const {
  const auto config = config_();
  auto* text = automatic_template(*config, s_.channel, s_.language, moment);
  if (!text) return {};
  auto values = extra;
  const auto group = group_in_charge(s_);
  if (names_customer(*text)) values.try_emplace(name_variable, customer_name());
  values.try_emplace("channel", s_.channel);
  values.try_emplace("group", group.value);
  values.try_emplace("group.name", group_name(*config, group));
  if (s_.serving)
    values.try_emplace("agent.name", agent_name(s_.serving->agent.id, s_.serving->agent.name));
  return spoken(*text, values);
}

bool session_speech::say(const char* moment, payloads& out, const template_values& extra) const {
  const auto said = text(moment, extra);
  if (said.empty()) return false;
  out.push_back(automatic(said, moment));
  return true;
}

void session_speech::welcome(const consultation_request& r, const std::string& language,
                             bool continues, payloads& out) const {
  const auto config = config_();
  std::string moment = continues ? "continuation" : "welcome";
  auto* text = automatic_template(*config, r.channel, language, moment);
  if (!text && continues)
    text = automatic_template(*config, r.channel, language, moment = "welcome");
  if (!text) return;
  template_values values{{"channel", r.channel}, {name_variable, r.customer.name}};
  if (names_customer(*text) && r.customer.name.empty() && known_)
    values[name_variable] = known_({}, r.channel, r.customer).value;
  if (auto said = spoken(*text, values); !said.empty()) out.push_back(automatic(said, moment));
}

bool session_speech::leave_alone(const payloads& events) {
  auto* end = events.empty() ? nullptr : std::get_if<event::closed>(&events.back());
  return end && end->outcome == "left_message";
}

payloads session_speech::with_farewell(payloads events, timestamp wall) const {
  if (!leave_alone(events)) return events;
  auto last = std::move(events.back());
  events.pop_back();
  auto* planned = events.empty() ? nullptr : std::get_if<event::planned>(&events.front());
  auto* plan = planned ? &planned->plan : s_.dispatch ? &s_.dispatch->plan : nullptr;
  const bool out_of_hours = plan && all_closed(*plan, *config_(), wall);
  if (!(out_of_hours && say("out_of_hours", events))) say("nobody_there", events);
  events.push_back(std::move(last));
  return events;
}

payloads session_speech::with_greeting(payloads events) const {
  auto* assigned = events.empty() ? nullptr : std::get_if<event::assigned>(&events.back());
  if (!assigned || assigned->agent.id == s_.last_agent.id) return events;
  template_values values{{"agent.name", agent_name(assigned->agent.id, assigned->agent.name)},
                         {"group", assigned->group.value},
                         {"group.name", group_name(*config_(), assigned->group)}};
  if (s_.transfers > 0 && say("transferred", events, values)) return events;
  say("assigned", events, values);
  return events;
}

void session_speech::ask_rating(payloads& out) const {
  if (!config_()->reception.rating.ask || s_.rating != 0 ||
      (!s_.serving && s_.last_agent.id.empty()))
    return;
  out.push_back(event::rating_requested{text("rate"), false});
}

}  // namespace switchboard
