#include <algorithm>

#include "actors/reception/canned_search.hpp"
#include "actors/router/opening_hours.hpp"
#include "actors/session/automatic_message.hpp"
#include "actors/session/session_body.hpp"
#include "runtime/base/text.hpp"
#include "runtime/codec/params.hpp"

/// Receiving the customer: what may be said, what the session says by itself, and how it is closed.
namespace switchboard {

using codec::packer;

/// Whose settings hold: who serves, is offered, or is waited for; of a session that is over, who
/// served.
group_id session_body::group_in_charge() const {
  if (s_.serving) return s_.serving->group;
  if (s_.offer) return s_.offer->group;
  if (s_.dispatch && !s_.dispatch->groups.empty()) return s_.dispatch->groups.front();
  return s_.last_group;
}

// ---- what the session says by itself

namespace {

const std::string name_variable = "customer.name";

/// Looking the name up costs a read: only for a text that says it.
bool names_customer(const std::string& text) {
  return text.find('{' + name_variable + '}') != std::string::npos;
}

event::message said_by_itself(const std::string& text, std::string moment) {
  packer p;
  field(p.map(1), "text", text);
  return event::message{0, {"system", "", ""}, "text", {p.take()}, {}, std::move(moment)};
}

}  // namespace

/// By the name that holds now: the request's own, or what is known of the person.
std::string session_body::customer_called() const {
  auto& in_request = s_.dispatch ? s_.dispatch->request.customer.name : s_.customer_name;
  if (!services_.known_name) return in_request.empty() ? s_.customer_name : in_request;
  channel_customer who;
  who.id = s_.customer;
  auto name = called_now(in_request, s_.opened_at, services_.known_name(s_.person, s_.channel, who));
  return name.empty() ? s_.customer_name : name;
}

/// An agent's name as it is configured now; `before` where the account is gone.
std::string session_body::agent_called(const std::string& id, const std::string& before) const {
  auto config = services_.config();
  auto a = std::ranges::find(config->agents, agent_id{id}, &config::agent_config::id);
  return a == config->agents.end() ? before : a->name;
}

/// The text of that moment as it is said now; empty where nothing is configured.
std::string session_body::text_at(const char* moment, const template_values& extra) const {
  auto config = services_.config();
  auto* text = automatic_template(*config, s_.channel, s_.language, moment);
  if (!text) return {};
  auto values = extra;
  auto group = group_in_charge();
  if (names_customer(*text)) values.try_emplace(name_variable, customer_called());
  values.try_emplace("channel", s_.channel);
  values.try_emplace("group", group.value);
  auto g = std::ranges::find(config->groups, group, &config::group_config::id);
  values.try_emplace("group.name", g == config->groups.end() ? group.value : g->name);
  if (s_.serving)
    values.try_emplace("agent.name", agent_called(s_.serving->agent.id, s_.serving->agent.name));
  return spoken(*text, values);
}

/// Adds the text of that moment to the events; false where there is nothing to say.
bool session_body::say(const char* moment, session_machine::payloads& out,
                       const template_values& extra) {
  auto text = text_at(moment, extra);
  if (text.empty()) return false;
  out.push_back(said_by_itself(text, moment));
  return true;
}

/// Said before the session has a state: who asks is known from the request, and from what has this identity already.
void session_body::welcome(const consultation_request& r, const std::string& language,
                           session_machine::payloads& out) {
  auto config = services_.config();
  std::string moment = continues_ ? "continuation" : "welcome";
  auto* text = automatic_template(*config, r.channel, language, moment);
  if (!text && continues_)
    text = automatic_template(*config, r.channel, language, moment = "welcome");
  if (!text) return;
  template_values values{{"channel", r.channel}, {name_variable, r.customer.name}};
  if (names_customer(*text) && r.customer.name.empty() && services_.known_name)
    values[name_variable] = services_.known_name({}, r.channel, r.customer).value;
  if (auto said = spoken(*text, values); !said.empty()) out.push_back(said_by_itself(said, moment));
}

/// Who is left with nobody there hears so before the end: whether it is the hour, or that all are
/// away.
session_machine::payloads session_body::with_farewell(session_machine::payloads events) {
  auto* end = events.empty() ? nullptr : std::get_if<event::closed>(&events.back());
  if (!end || end->outcome != "left_message") return events;
  auto last = std::move(events.back());
  events.pop_back();
  auto* planned = events.empty() ? nullptr : std::get_if<event::planned>(&events.front());
  auto config = services_.config();
  bool any = false, all_closed = true;
  if (auto* plan = planned ? &planned->plan : s_.dispatch ? &s_.dispatch->plan : nullptr) {
    for (auto& step : plan->steps) {
      for (auto& g : step.groups) {
        any = true;
        all_closed = all_closed && !group_open(*config, g, wall());
      }
    }
  }
  if (!(any && all_closed && say("out_of_hours", events))) say("nobody_there", events);
  events.push_back(std::move(last));
  return events;
}

/// Who is assigned is introduced; one who had the session before and has it again is no news.
session_machine::payloads session_body::with_greeting(session_machine::payloads events) {
  auto* assigned = events.empty() ? nullptr : std::get_if<event::assigned>(&events.back());
  if (!assigned || assigned->agent.id == s_.last_agent.id) return events;
  auto config = services_.config();
  auto g = std::ranges::find(config->groups, assigned->group, &config::group_config::id);
  template_values values{
      {"agent.name", agent_called(assigned->agent.id, assigned->agent.name)},
      {"group", assigned->group.value},
      {"group.name", g == config->groups.end() ? assigned->group.value : g->name}};
  if (s_.transfers > 0 && say("transferred", events, values)) return events;
  say("assigned", events, values);
  return events;
}

// ---- what may be said

/// Judges the message among `events` (the first) by the input settings and the word lists. False:
/// the sender has had the answer, and nothing is to be recorded but what this records itself.
bool session_body::receive(const participant& from, session_machine::payloads& events,
                           const reply_to& to) {
  auto r = rules();
  if (!r || from.role == "system" || events.empty()) return true;
  auto side = side_of(from.role);
  auto& m = std::get<event::message>(events.front());
  auto group = group_in_charge();
  if (auto wrong = r->refusal(side, s_.channel, group.value, m.type, m.body.bytes)) {
    to.fail(services_.journal.last(), *wrong);
    return false;
  }
  if (!r->looks_for_words(side)) return true;
  auto verdict = r->words(side, s_.channel, group.value, m.body.bytes);
  if (verdict.lists == 0) return true;
  auto lists = r->list_names(verdict.lists);
  if (verdict.blocked) {
    auto at = commit({event::filtered{from, "block", {}, lists, std::move(verdict.words)}});
    auto field = "body." + verdict.field;
    to.fail(at, error{errc::invalid_argument,
                      field + ": holds a word that is not allowed",
                      field,
                      {},
                      0,
                      "word_lists." + lists.front()});
    return false;
  }
  bool masked = !verdict.body.empty();
  if (masked) m.body.bytes = std::move(verdict.body);
  events.push_back(event::filtered{from, masked ? "mask" : "flag", s_.seq + 1, std::move(lists),
                                   std::move(verdict.words)});
  return true;
}

/// A message that comes with a request was judged at the door by what holds for its channel. Here a
/// word of a list that is bound to a group is masked: the request itself is not refused for it.
void session_body::screen_opening(session_machine::payloads& events) {
  auto r = rules();
  if (!r || !r->looks_for_words(input_side::customer)) return;
  auto channel = s_.seq == 0 ? std::get<event::opened>(events.front()).channel : s_.channel;
  for (std::size_t i = 0, n = events.size(); i < n; ++i) {
    auto* m = std::get_if<event::message>(&events[i]);
    if (!m || m->from.role != "customer") continue;
    auto verdict =
        r->words(input_side::customer, channel, group_in_charge().value, m->body.bytes, true);
    if (verdict.lists == 0) continue;
    bool masked = !verdict.body.empty();
    event::filtered f{m->from, masked ? "mask" : "flag", s_.seq + i + 1,
                      r->list_names(verdict.lists), std::move(verdict.words)};
    if (masked) m->body.bytes = std::move(verdict.body);
    events.push_back(std::move(f));
  }
}

/// From the door, before a file is taken in or given out.
void session_body::call_attachment(session_call& m) {
  if (!permit_call(m)) return;
  auto at = services_.journal.last();
  if (m.method == session_method::may_read_attachment) {
    auto* r = s_.reception.get();
    if (r && std::ranges::find(r->gone_attachments, m.text) != r->gone_attachments.end()) {
      return m.reply.fail(at, error{errc::not_found,
                                    "attachment_id: its message was taken back",
                                    "attachment_id",
                                    {},
                                    0});
    }
    return m.reply.ok(at, codec::empty_map());
  }
  // As a message would be judged.
  if (auto may = session_machine::send(s_, m.by, {}, {}); !may)
    return m.reply.fail(at, may.error());
  auto r = rules();
  if (auto wrong = r ? r->file_refusal(side_of(m.by.role), s_.channel, group_in_charge().value,
                                       m.text, static_cast<std::int64_t>(m.number), m.text2)
                     : std::nullopt) {
    return m.reply.fail(at, *wrong);
  }
  m.reply.ok(at, codec::empty_map());
}

// ---- reading, canned replies

/// Messages of the other side past `message_seq`, and past what `by` wrote last.
std::uint32_t session_body::unread_after(const participant& by, std::uint64_t message_seq) const {
  bool customer = by.role == "customer";
  auto before = customer ? s_.unread_by_customer : s_.unread_by_agent;
  if (!tail_.covers(message_seq)) return before;
  std::uint32_t left = 0;
  tail_.after(message_seq, [&](std::uint64_t, store::position, std::string_view bytes) {
    session_codec::for_each(bytes, [&](auto& stored) {
      constexpr std::uint8_t message_kind = 10;
      auto e = stored.kind == message_kind ? session_codec::decode(stored) : std::nullopt;
      auto* m = e ? std::get_if<event::message>(&e->what) : nullptr;
      if (!m || m->from.role == "system") return;
      left = (m->from.role == "customer") == customer ? 0 : left + 1;
    });
  });
  return std::min(left, before);
}

void session_body::call_read(session_call& m, request_key key) {
  auto decided = session_machine::read(s_, m.by, m.number);
  if (decided && !decided->empty()) {
    if (auto left = unread_after(m.by, m.number); left > 0)
      std::get<event::read>(decided->front()).left = left;
  }
  act(m, key, std::move(decided));
}

void session_body::call_canned(session_call& m) {
  if (!permit_call(m)) return;
  auto at = services_.journal.last();
  auto config = services_.config();
  canned_query q;
  q.groups = {group_in_charge()};
  q.text = m.text;
  q.language = !m.text2.empty() ? m.text2 : s_.language;
  q.limit = m.number;
  auto g = std::ranges::find(config->groups, q.groups.front(), &config::group_config::id);
  q.values = {{name_variable, customer_called()},
              {"agent.name", agent_called(m.by.id, m.by.name)},
              {"channel", s_.channel},
              {"group", q.groups.front().value},
              {"group.name", g == config->groups.end() ? q.groups.front().value : g->name}};
  m.reply.ok(at, packed_canned(search_canned(config->reception.canned_replies, q)));
}

// ---- the end

std::optional<error> session_body::wrong_disposition(const group_id& group,
                                                     const std::string& given) const {
  auto r = rules();
  auto* g = r ? r->group(group.value) : nullptr;
  if (!g) return {};
  auto& policy = g->wrap_up.dispositions;
  auto rule = "groups." + group.value + ".wrap_up.dispositions";
  std::string choices;
  for (auto& c : policy.choices) choices += (choices.empty() ? "" : ", ") + c;
  bool has_one = !given.empty() || (s_.reception && !s_.reception->disposition.empty());
  if (policy.required && !has_one) {
    auto what = "disposition: is required" + (choices.empty() ? "" : "; one of " + choices);
    return error{errc::failed_precondition, what, "disposition", {}, 0, rule};
  }
  if (given.empty() || policy.choices.empty() ||
      std::ranges::find(policy.choices, given) != policy.choices.end())
    return {};
  auto near = nearest_name(given, policy.choices);
  auto what = "disposition: there is no \"" + given + "\"; " +
              (near.empty() ? "one of " + choices : "did you mean \"" + near + "\"?");
  return error{errc::invalid_argument, what, "disposition", {}, 0, rule};
}

/// Who was served is asked, once the session is over.
void session_body::ask_rating(session_machine::payloads& out) {
  auto config = services_.config();
  if (!config->reception.rating.ask || s_.rating != 0 || (!s_.serving && s_.last_agent.id.empty()))
    return;
  out.push_back(event::rating_requested{text_at("rate"), false});
}

void session_body::call_close(session_call& m, request_key key) {
  auto decided = session_machine::close(s_, m.by, m.text.empty() ? "closed" : m.text);
  if (!decided) return act(m, key, std::move(decided));
  if (decided->empty()) return settle_seq(m.reply, key, {}, s_.closed_seq);
  bool by_agent = m.by.role != "customer" && m.by.role != "system" && s_.serving.has_value();
  if (by_agent) {
    if (auto wrong = wrong_disposition(s_.serving->group, m.text2))
      return m.reply.fail(services_.journal.last(), *wrong);
  }
  session_machine::payloads all;
  if (s_.serving) say("closing", all);
  auto closed_seq = s_.seq + all.size() + 1;
  all.insert(all.end(), std::make_move_iterator(decided->begin()),
             std::make_move_iterator(decided->end()));
  bool wrapped = by_agent && (!m.text2.empty() || !m.summary.empty());
  if (wrapped) all.push_back(event::wrapped_up{m.by, m.summary, m.text2});
  ask_rating(all);
  settle_seq(m.reply, key, std::move(all), closed_seq);
}

void session_body::call_wrap_up(session_call& m, request_key key) {
  auto decided = session_machine::wrap_up(s_, m.by, m.text, m.text2);
  if (decided) {
    if (auto wrong = wrong_disposition(s_.last_group, m.text2)) decided = tl::unexpected(*wrong);
  }
  bool done = decided.has_value();
  act(m, key, std::move(decided));
  if (!done) return;
  if (auto agent = directory().find_agent(agent_id{m.by.id}))
    self_->send(agent, service_ended{s_.id, "wrapped_up", false});
}

}  // namespace switchboard
