#include "actors/session/session_state.hpp"

#include <algorithm>

namespace switchboard {
namespace {

void enter(session_state& s, session_phase p, timestamp at) {
  s.phase = p;
  s.phase_since = at;
}

dispatch_state& dispatching(session_state& s) {
  if (!s.dispatch) s.dispatch = std::make_unique<dispatch_state>();
  return *s.dispatch;
}

reception_state& reception(session_state& s) {
  if (!s.reception) s.reception = std::make_unique<reception_state>();
  return *s.reception;
}

void stop_serving(session_state& s) {
  if (!s.serving) return;
  s.last_agent = s.serving->agent;
  s.last_group = s.serving->group;
  s.serving.reset();
}

struct applier {
  session_state& s;
  const session_event& e;

  void operator()(const event::opened& x) const {
    s.channel = x.channel;
    s.customer = x.customer.id;
    s.customer_name = x.customer.name;
    s.language = x.language;
    s.weight = x.weight;
    s.continues = x.continues;
    s.opened_at = e.at;
    dispatching(s).request = x.request;
    enter(s, session_phase::identifying, e.at);
  }
  void operator()(const event::requested&) const {}
  void operator()(const event::identified& x) const {
    dispatching(s).found = x.found;
    s.person = x.found.person;
    if (s.customer_name.empty() && x.member) s.customer_name = x.member->name;
  }
  void operator()(const event::planned& x) const {
    auto& d = dispatching(s);
    d.plan = x.plan;
    d.step = 0;
    d.groups.clear();
    d.asked.clear();
  }
  void operator()(const event::queued& x) const {
    auto& d = dispatching(s);
    d.step = x.choice.step;
    d.groups = x.choice.groups;
    d.step_until = x.until;
    d.asked = x.asked;
    if (s.phase != session_phase::waiting) enter(s, session_phase::waiting, e.at);
  }
  void operator()(const event::offered& x) const {
    s.offer = open_offer{x.offer, x.agent, x.group, x.expires_at};
    dispatching(s).last_why = x.why;
    ++s.offers;
    enter(s, session_phase::offered, e.at);
  }
  void operator()(const event::offer_ended& x) const {
    s.offer.reset();
    if (x.exclude) dispatching(s).asked.push_back(x.agent);
    enter(s, session_phase::waiting, e.at);
  }
  void operator()(const event::round_restarted&) const { dispatching(s).asked.clear(); }
  void operator()(const event::assigned& x) const {
    if (!s.offer) ++s.offers;
    s.offer.reset();
    s.serving = service{x.agent, x.group, e.at};
    auto& d = dispatching(s);
    d.last_why = x.why;
    d.step_until.reset();
    d.asked.clear();
    enter(s, session_phase::active, e.at);
  }
  void operator()(const event::message& x) const {
    ++s.messages;
    if (x.from.role == "customer") {
      s.last_customer_at = e.at;
      if (s.unanswered_since == timestamp{}) s.unanswered_since = e.at;
      ++s.unread_by_agent;
    }
    if (x.from.role == "agent" || x.from.role == "supervisor") {
      s.last_agent_at = e.at;
      if (s.first_agent_at == timestamp{}) s.first_agent_at = e.at;
      s.unanswered_since = {};
      ++s.unread_by_customer;
    }
    // Who writes has seen what was there.
    if (x.from.role == "customer") s.unread_by_customer = 0;
    if (x.from.role == "agent") s.unread_by_agent = 0;
  }
  void operator()(const event::recalled& x) const {
    s.recalled.push_back(x.message_seq);
    if (!x.attachment.empty()) reception(s).gone_attachments.push_back(x.attachment);
  }
  void operator()(const event::read& x) const {
    bool customer = x.by.role == "customer";
    auto& mark = customer ? s.read_by_customer : s.read_by_agent;
    mark = std::max(mark, x.message_seq);
    (customer ? s.unread_by_customer : s.unread_by_agent) = x.left.value_or(0);
  }
  void operator()(const event::transferred&) const {
    ++s.transfers;
    stop_serving(s);
    s.offer.reset();
    enter(s, session_phase::waiting, e.at);
  }
  void operator()(const event::left&) const {
    stop_serving(s);
    enter(s, session_phase::waiting, e.at);
  }
  void operator()(const event::note&) const {}
  void operator()(const event::tagged& x) const {
    std::erase_if(s.tags,
                  [&](auto& t) { return std::ranges::find(x.remove, t) != x.remove.end(); });
    for (auto& t : x.add) {
      if (std::ranges::find(s.tags, t) == s.tags.end()) s.tags.push_back(t);
    }
  }
  void operator()(const event::rated& x) const { s.rating = x.score; }
  void operator()(const event::wrapped_up& x) const {
    auto& r = reception(s);
    if (!x.disposition.empty()) r.disposition = x.disposition;
    if (!x.summary.empty()) r.summary = x.summary;
  }
  void operator()(const event::alert& x) const {
    auto& r = reception(s);
    told_alerts told{x.times, e.at, x.level == "leader"};
    if (x.what == "unanswered") r.unanswered = told;
    if (x.what == "waiting") r.waiting = told;
    if (x.what == "idle_warning") r.idle_warned_at = e.at;
    if (x.what == "long_silence") r.silence_told_at = e.at;
  }
  void operator()(const event::filtered&) const {}
  void operator()(const event::rating_requested& x) const {
    auto& r = reception(s);
    if (x.reminder)
      r.rating_reminded = true;
    else
      r.rating_asked_at = e.at;
  }
  void operator()(const event::bumped& x) const {
    dispatching(s).bumped = dispatching(s).plan.priority = x.priority;
  }
  void operator()(const event::message_left& x) const {
    s.left = std::make_unique<left_message>();
    s.left->group = x.group;
  }
  void operator()(const event::message_claimed& x) const {
    if (!s.left) return;
    s.left->claimed_by = x.by;
    s.left->claimed_at = e.at;
  }
  void operator()(const event::message_released&) const {
    if (s.left) s.left->claimed_by = {};
  }
  void operator()(const event::message_settled& x) const {
    if (s.left) s.left->outcome = x.outcome;
  }
  void operator()(const event::closed& x) const {
    stop_serving(s);
    s.offer.reset();
    s.dispatch.reset();
    s.close_reason = x.reason;
    s.closed_at = e.at;
    s.closed_seq = e.seq;
    enter(s,
          x.outcome == "abandoned"      ? session_phase::abandoned
          : x.outcome == "left_message" ? session_phase::left_message
                                        : session_phase::closed,
          e.at);
  }
  void operator()(const event::woken&) const {
    stop_serving(s);
    enter(s, session_phase::waiting, e.at);
  }
  void operator()(const event::card_shown& x) const {
    constexpr std::size_t most_cards = 64;
    if (s.cards.size() >= most_cards) s.cards.erase(s.cards.begin());
    s.cards.push_back({x.message_seq, x.product_id, false, {}});
  }
  void operator()(const event::card_clicked& x) const {
    if (auto* card = card_at(x.message_seq)) card->clicked = true;
  }
  void operator()(const event::card_bought& x) const {
    if (auto* card = card_at(x.message_seq)) card->order_id = x.order_id;
  }
  void operator()(const auto&) const {}  // of the participants alone

 private:
  shown_card* card_at(std::uint64_t message_seq) const {
    auto at = std::ranges::find(s.cards, message_seq, &shown_card::message_seq);
    return at == s.cards.end() ? nullptr : &*at;
  }
};

}  // namespace

std::string_view to_string(session_phase p) {
  constexpr std::string_view names[] = {"identifying", "waiting",   "offered",     "active",
                                        "closed",      "abandoned", "left_message"};
  return names[static_cast<int>(p)];
}

session_event sequence(const session_state& s, session_payload what, timestamp now,
                       request_key key) {
  session_event e{s.seq + 1, now, s.customer_prev, s.agent_prev, key, std::move(what)};
  if (auto* m = std::get_if<event::message>(&e.what)) m->message_seq = e.seq;
  return e;
}

void apply(session_state& s, const session_event& e) {
  s.seq = e.seq;
  s.last_at = std::max(s.last_at, e.at);
  auto seen = visibility_of(e.what);
  if (may_see(reader::customer, seen)) s.customer_prev = e.seq;
  if (may_see(reader::agent, seen)) s.agent_prev = e.seq;
  std::visit(applier{s, e}, e.what);
  participants::apply(s, e);
}

}  // namespace switchboard
