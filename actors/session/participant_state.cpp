#include "actors/session/participant_state.hpp"

#include <algorithm>

#include "actors/session/session_state.hpp"

namespace switchboard::participants {
namespace {

participant_state& of(session_state& s) {
  if (!s.participants) s.participants = std::make_unique<participant_state>();
  return *s.participants;
}

void forget_party(participant_state& c, const std::string& id) {
  std::erase_if(c.parties, [&](auto& p) { return p.who.id == id; });
}

struct applier {
  session_state& s;
  const session_event& e;

  void operator()(const event::transfer_started& x) const {
    auto& c = of(s);
    c.transfer.emplace();
    auto& t = *c.transfer;
    t.id = x.transfer;
    t.mode = x.mode;
    t.by = x.by;
    t.to_agent = x.to_agent;
    t.note = x.note;
    t.since = e.at;
    t.until = x.until;
    t.plan = x.plan;
    t.groups = x.choice.groups;
  }
  void operator()(const event::transfer_ended& x) const {
    auto& c = of(s);
    c.transfer.reset();
    c.returns_to = x.returns_to;
    if (!x.returns_to.empty()) s.phase_since = e.at;  // its wait there begins now, its age does not
  }
  void operator()(const event::join_offered& x) const {
    if (auto& t = of(s).transfer)
      t->offer = join_offer{x.offer, x.agent, x.group, x.expires_at, x.why};
  }
  void operator()(const event::join_offer_ended& x) const {
    auto& t = of(s).transfer;
    if (!t) return;
    t->offer.reset();
    if (x.exclude) t->asked.push_back(x.agent);
  }
  void operator()(const event::joined& x) const {
    auto& c = of(s);
    forget_party(c, x.who.id);
    c.parties.push_back({x.who, x.as, x.group, e.at});
    if (!c.transfer || x.transfer.empty() || c.transfer->id != x.transfer) return;
    if (x.as == presence::conference) return c.transfer.reset();
    c.transfer->offer.reset();
    c.transfer->groups.clear();
    c.transfer->joined = agent_id{x.who.id};
    if (x.until) c.transfer->until = *x.until;
  }
  void operator()(const event::parted& x) const { forget_party(of(s), x.who.id); }
  void operator()(const event::snoozed& x) const { of(s).snoozed_until = x.until; }
  void operator()(const event::woken&) const {
    auto& c = of(s);
    c.snoozed_until.reset();
    // The owner before: woken lets the owner go, as `left` does.
    c.returns_to = agent_id{s.last_agent.id};
  }
  void operator()(const event::transferred& x) const {
    // A transfer recorded before there was a limit cannot be taken back.
    if (!s.participants && !x.until) return;
    auto& c = of(s);
    c.transfer.reset();
    c.snoozed_until.reset();
    c.returns_to = {};
    if (!x.until) return;
    c.transfer.emplace();
    c.transfer->id = x.transfer;
    c.transfer->mode = "cold";
    c.transfer->by = x.by;
    c.transfer->to_agent = x.to_agent;
    c.transfer->note = x.note;
    c.transfer->since = e.at;
    c.transfer->until = *x.until;
  }
  void operator()(const event::assigned& x) const {
    if (!s.participants) return;
    s.participants->transfer.reset();
    s.participants->returns_to = {};
    forget_party(*s.participants, x.agent.id);
  }
  void operator()(const event::left&) const {
    if (s.participants) s.participants->snoozed_until.reset();
  }
  void operator()(const event::closed&) const { s.participants.reset(); }
  void operator()(const auto&) const {}
};

}  // namespace

const party* find(const session_state& s, std::string_view id) {
  if (!s.participants) return nullptr;
  auto at = std::ranges::find_if(s.participants->parties, [&](auto& p) { return p.who.id == id; });
  return at == s.participants->parties.end() ? nullptr : &*at;
}

bool is_snoozed(const session_state& s) {
  return s.participants && s.participants->snoozed_until;
}

const open_transfer* seeking(const session_state& s) {
  return s.participants && s.participants->transfer && s.participants->transfer->seeks()
             ? &*s.participants->transfer
             : nullptr;
}

ties ties_of(const session_state& s, std::string_view account) {
  ties has = tie::nothing;
  if (s.serving && s.serving->agent.id == account) has |= tie::owner;
  if (s.last_agent.id == account && (s.over() || !s.serving)) has |= tie::past;
  if (s.offer && s.offer->agent.id == account) has |= tie::offered;
  if (auto* t = seeking(s); t && t->offer && t->offer->agent.id == account) has |= tie::offered;
  if (auto* p = find(s, account)) has |= is_heard(p->as) ? tie::speaker : tie::listener;
  return has;
}

/// Of spans: what was put off comes back at a time on the wall, which is no span.
std::optional<timestamp> next_deadline(const session_state& s) {
  if (!s.participants) return {};
  std::optional<timestamp> first;
  auto earlier = [&](timestamp t) { first = first ? std::min(*first, t) : t; };
  if (auto& t = s.participants->transfer) {
    earlier(t->until);
    if (t->offer) earlier(t->offer->expires_at);
  }
  return first;
}

void apply(session_state& s, const session_event& e) {
  std::visit(applier{s, e}, e.what);
  if (s.participants && s.participants->empty()) s.participants.reset();
}

}  // namespace switchboard::participants
