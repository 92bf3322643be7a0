#include "tools/simulation/journal_checker.hpp"

#include <algorithm>

#include "actors/configuration/config_version.hpp"
#include "actors/session/journal_key.hpp"
#include "actors/session/session_time.hpp"
#include "config/dispatch_loader.hpp"

namespace switchboard::simulation {
namespace {

std::string named(const session_state& s) {
  return "session " + s.id.text() + " (" + std::string(to_string(s.phase)) + ")";
}

/// Which kinds of event change a session's phase, and from where each may.
bool step_exists(const session_state& s, const session_payload& what) {
  using p = session_phase;
  auto is = [&](auto... phases) { return ((s.phase == phases) || ...); };
  if (std::holds_alternative<event::opened>(what)) return s.seq == 0;
  if (s.seq == 0) return false;
  if (std::holds_alternative<event::identified>(what)) return !s.over();
  if (std::holds_alternative<event::planned>(what)) return is(p::identifying, p::waiting);
  if (std::holds_alternative<event::queued>(what)) return is(p::identifying, p::waiting);
  if (std::holds_alternative<event::offered>(what)) return is(p::waiting) && !s.serving && !s.offer;
  if (auto* x = std::get_if<event::offer_ended>(&what)) {
    return is(p::offered) && s.offer && s.offer->offer == x->offer &&
           s.offer->agent.id == x->agent.value;
  }
  if (auto* x = std::get_if<event::assigned>(&what)) {
    if (s.serving) return false;
    return is(p::waiting) || (is(p::offered) && s.offer && s.offer->offer == x->offer &&
                              s.offer->agent.id == x->agent.id);
  }
  if (auto* x = std::get_if<event::transferred>(&what)) {
    // By who serves it or has joined, or by a shift leader.
    return is(p::active) && s.serving &&
           (x->by.role != "agent" || s.serving->agent.id == x->by.id ||
            participants::find(s, x->by.id));
  }
  if (std::holds_alternative<event::transfer_started>(what))
    return is(p::active) && !(s.participants && s.participants->transfer);
  if (auto* x = std::get_if<event::join_offered>(&what)) {
    auto* t = participants::seeking(s);
    return t && t->id == x->transfer && !t->offer && s.serving &&
           s.serving->agent.id != x->agent.id;
  }
  if (auto* x = std::get_if<event::joined>(&what))
    return is(p::active) && s.serving && s.serving->agent.id != x->who.id;
  if (auto* x = std::get_if<event::parted>(&what))
    return participants::find(s, x->who.id) != nullptr;
  if (std::holds_alternative<event::snoozed>(what)) return is(p::active);
  if (std::holds_alternative<event::woken>(what))
    return is(p::active) && participants::is_snoozed(s);
  if (auto* x = std::get_if<event::left>(&what))
    return is(p::active) && s.serving && s.serving->agent.id == x->who.id;
  // What was left with nobody there is added to, and answered, after the end.
  if (std::holds_alternative<event::message>(what))
    return !s.over() || (s.left && s.left->outcome.empty());
  if (std::holds_alternative<event::closed>(what)) return !s.over();
  return true;
}

}  // namespace

void journal_checker::take(const store::placed_record& r, timestamp when) {
  ++records_;
  when_[r.at] = when;
  if (r.body.kind == store::entity_kind::session) return take_session(r, when);
  if (r.body.kind == store::entity_kind::rules) return take_configuration(r);
  if (r.body.kind != store::entity_kind::agent) return;
  agent_id id{r.body.key};
  auto& record = agents_[id];
  if (!replay(record, r.body.events))
    found_.breach("I5", "a record of agent " + r.body.key + " cannot be read");
  if (record.seq != r.body.entity_seq)
    found_.breach("I5", "agent " + r.body.key + " counts its events wrongly");
  check_capacity(id, "after a record of its own");
}

/// Limits may change while the node runs. A lower one takes nothing away from who has more, so only
/// higher ones count here.
void journal_checker::take_configuration(const store::placed_record& r) {
  bool whole = for_each_event(r.body.events, [&](configuration_event&& e) {
    if (auto* s = std::get_if<group_switch>(&e)) {
      s->closed ? void(closed_groups_.insert(s->group)) : void(closed_groups_.erase(s->group));
      return;
    }
    if (auto* a = std::get_if<config::stored_account>(&e)) {
      accounts_.insert_or_assign(a->id, std::move(*a));
      read_before_.clear();  // what a text means depends on them
      return;
    }
    auto* v = std::get_if<config_version>(&e);
    if (!v) return;
    carry_text(*v, version_);
    version_ = *v;
    auto read = read_config(*v);
    if (!read)
      return found_.breach(
          "I5", "version " + std::to_string(v->version) + " of the configuration cannot be read");
    for (auto& a : read->agents) limits_[a.id] = std::max(limits_[a.id], a.capacity);
    config_ = std::move(read);
  });
  if (!whole) found_.breach("I5", "a record of the configuration cannot be read");
}

void journal_checker::process_begins(timestamp now, timestamp wall) {
  for (auto& [id, page] : sessions_) {
    const auto own = std::max(wall, session_time::latest_stamp(page.state));
    page.opened = now - (own - page.state.opened_at);
    page.since = now - (own - page.state.phase_since);
  }
}

journal_checker::config_ptr journal_checker::read_config(const config_version& v) {
  auto& known = read_before_[v.text];
  if (known) return known;
  if (auto read = config::parse_dispatch(v.text, v.file, "", accounts_))
    known = std::make_shared<const config::dispatch_config>(std::move(*read));
  return known;
}

void journal_checker::take_session(const store::placed_record& r, timestamp when) {
  auto id = session_of_journal_key(r.body.key);
  if (!id) return found_.breach("I5", "a session's record has no session's key");
  auto& page = sessions_[*id];
  page.state.id = *id;
  if (page.state.seq == 0) page.opened = when;
  // Stamps stand still after the clock was set back: that a phase began they do not always tell.
  bool began = false;
  bool whole = session_codec::for_each(r.body.events, [&](const session_codec::stored_event& e) {
    const auto phase = page.state.phase;
    const auto since = page.state.phase_since;
    take_event(page, e);
    began = began || page.state.phase != phase || page.state.phase_since != since;
  });
  if (!whole) found_.breach("I5", "a record of " + named(page.state) + " cannot be read");
  if (page.state.seq != r.body.entity_seq)
    found_.breach("I5", named(page.state) + " counts its events wrongly");
  if (began) page.since = when;
  note_holders(page.state);
}

void journal_checker::take_event(session_page& page, const session_codec::stored_event& stored) {
  auto& s = page.state;
  if (stored.seq != s.seq + 1) {
    found_.breach("I5", named(s) + " goes from event " + std::to_string(s.seq) + " to " +
                            std::to_string(stored.seq));
  }
  auto e = session_codec::decode(stored);
  if (!e) return found_.breach("I5", named(s) + ": an event cannot be decoded");
  check_step(s, *e);
  if (e->at < page.last_stamp)
    found_.breach("I5", named(s) + ": time runs back at event " + std::to_string(e->seq));
  page.last_stamp = e->at;
  if (auto* x = std::get_if<event::assigned>(&e->what))
    page.served_by.push_back(agent_id{x->agent.id});
  if (auto* x = std::get_if<event::identified>(&e->what); x && s.dispatch)
    page.who = {s.dispatch->request.customer, x->found};
  apply(s, *e);
  page.transcript.push_back({stored.seq, stored.kind, stored.key, std::string(stored.open_part)});
}

void journal_checker::check_step(const session_state& before, const session_event& e) {
  if (step_exists(before, e.what)) return;
  bool about_agents = std::holds_alternative<event::offered>(e.what) ||
                      std::holds_alternative<event::assigned>(e.what) ||
                      std::holds_alternative<event::offer_ended>(e.what);
  found_.breach(about_agents ? "I2" : "I7",
                named(before) + " may not go by event " + std::to_string(e.what.index() + 1) + " " +
                    std::string(type_name(e.what)) + " (seq " + std::to_string(e.seq) + ")");
}

/// Whose room a session holds: its owner's unless it is put off, that of agents who have joined,
/// and of who is asked.
std::set<agent_id> journal_checker::holders_of(const session_state& s, bool offers) {
  std::set<agent_id> who;
  if (s.serving && !participants::is_snoozed(s)) who.insert(agent_id{s.serving->agent.id});
  if (s.offer && offers) who.insert(agent_id{s.offer->agent.id});
  if (!s.participants) return who;
  for (auto& p : s.participants->parties) {
    if (holds_room(p.as)) who.insert(agent_id{p.who.id});
  }
  if (auto& t = s.participants->transfer; offers && t && t->offer)
    who.insert(agent_id{t->offer->agent.id});
  return who;
}

void journal_checker::note_holders(const session_state& s) {
  auto now = holders_of(s, true);
  auto& before = holders_[s.id];
  for (auto& agent : before) {
    if (!now.contains(agent)) held_[agent].erase(s.id);
  }
  for (auto& agent : now) {
    if (before.contains(agent)) continue;
    held_[agent][s.id] = s.weight;
    check_capacity(agent, "when it got session " + s.id.text());
  }
  before = std::move(now);
}

void journal_checker::check_capacity(const agent_id& agent, const std::string& when) {
  auto limit = limits_.find(agent);
  if (limit == limits_.end()) return found_.breach("I1", "agent " + agent.value + " is nobody");
  if (auto n = used(agent); n > limit->second) {
    found_.breach("I1", "agent " + agent.value + " has " + std::to_string(n) + " of " +
                            std::to_string(limit->second) + " " + when);
  }
}

int journal_checker::used(const agent_id& agent) const {
  int units = 0;
  if (auto it = held_.find(agent); it != held_.end()) {
    for (auto& [session, weight] : it->second) units += weight;
  }
  if (auto it = agents_.find(agent); it != agents_.end()) {
    for (auto& w : it->second.wrap_ups) units += w.holds;
  }
  return units;
}

void journal_checker::reread(const store::journal& journal) {
  sessions_.clear();
  agents_.clear();
  closed_groups_.clear();
  config_ = first_config_;
  version_.reset();
  accounts_.clear();
  read_before_.clear();
  held_.clear();
  holders_.clear();
  auto end = journal.read(1, journal.durable() + 1, [&](const store::placed_record& r) {
    take(r, when_[r.at]);
    return true;
  });
  for (auto& [id, page] : sessions_) {
    if (page.who) page.who->before_crash = true;
    auto still = holders_of(page.state, false);
    for (auto& agent : holders_[id]) {
      if (!still.contains(agent)) held_[agent].erase(id);
    }
  }
  if (!end || *end != journal.durable() + 1) found_.breach("I5", "the journal cannot be read back");
}

const journal_checker::session_page* journal_checker::find(const session_id& id) const {
  auto it = sessions_.find(id);
  return it == sessions_.end() ? nullptr : &it->second;
}

std::array<std::int64_t, 7> journal_checker::by_phase() const {
  std::array<std::int64_t, 7> n{};
  for (auto& [id, page] : sessions_) n[static_cast<std::size_t>(page.state.phase)] += 1;
  return n;
}

}  // namespace switchboard::simulation
