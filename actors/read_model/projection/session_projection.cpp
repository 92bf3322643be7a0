#include "actors/read_model/projection/session_projection.hpp"

#include <stdexcept>

#include "actors/customer/trail_entry.hpp"
#include "actors/read_model/projection/erasure.hpp"
#include "actors/session/journal_key.hpp"

namespace switchboard {

using projecting::event_cursor;

session_projection::session_projection(std::function<millis()> keys_kept)
    : keys_kept_(keys_kept ? std::move(keys_kept) : [] { return projecting::open_keys_live; }) {}
session_projection::~session_projection() = default;

std::vector<std::string> session_projection::tables() const {
  namespace table = projecting::table;
  std::vector<std::string> all;
  for (auto name :
       {table::live, table::pulse, table::over, table::transcript, table::trail, table::callers,
        table::opens_of, table::expiry, table::record_time, table::recalled, table::groups}) {
    all.emplace_back(name);
  }
  return all;
}

void session_projection::fold(const store::placed_record& r, const store::state_view& before) {
  if (!time_) time_ = projecting::record_time::read(before);
  if (r.body.kind == store::entity_kind::customer) {
    auto gone = projecting::erased_sessions_in(r.body.events);
    erased_.insert(erased_.end(), gone.begin(), gone.end());
  }
  if (r.body.kind != store::entity_kind::session) return time_->note(r.body.at);
  auto id = session_of_journal_key(r.body.key);
  if (!id) throw std::runtime_error("journal record " + std::to_string(r.at) + " names no session");
  auto& t = touched_[*id];
  event_cursor events(r.body.events);
  while (events.next()) {
    auto& e = events.event();
    if (e.seq == 1) time_->note(r.body.at);
    if (!fold_quickly(t, *id, e, before) && !fold_whole(t, *id, e, before)) {
      // Forgotten, or damaged and named: half a session would be worse than none.
      touched_.erase(*id);
      return;
    }
    append(t, e.seq, events.bytes());
  }
  // A record is checked by its CRC: damage within is a mistake of the writer, which no later flush
  // can mend.
  if (events.damaged())
    throw std::runtime_error("journal record " + std::to_string(r.at) + " is no list of events");
}

void session_projection::append(touched& t, std::uint64_t seq, std::string_view event) {
  if (t.chunks.empty() || t.chunks.back().events.size() + event.size() > chunk_bytes)
    t.chunks.emplace_back();
  auto& c = t.chunks.back();
  c.last = seq;
  c.events += event;
}

/// The session whole: from the batch, from the state, or new.
session_state& session_projection::load(touched& t, const session_id& id,
                                        const store::state_view& before) {
  if (t.state) return *t.state;
  t.state = std::make_unique<session_state>();
  t.state->id = id;
  if (t.begun_here) return *t.state;
  auto key = projecting::live_key(id);
  auto packed = before.find(projecting::table::live, key);
  t.lay_in_live = packed.has_value();
  if (!packed) packed = before.find(projecting::table::over, projecting::session_key(id));
  if (packed && !codec::unpack(*packed, *t.state)) {
    throw std::runtime_error("the snapshot of session " + id.text() + " cannot be read");
  }
  if (t.lay_in_live && !t.pulse) {
    auto pulse = before.find(projecting::table::pulse, key);
    t.pulse = pulse ? projecting::decode_pulse(*pulse) : std::nullopt;
  }
  if (t.pulse) projecting::lay_over(*t.state, *t.pulse);
  t.pulse.reset();
  return *t.state;
}

bool session_projection::fold_quickly(touched& t, const session_id& id,
                                      const session_codec::stored_event& e,
                                      const store::state_view& before) {
  if (e.kind != projecting::message_kind && e.kind != projecting::read_kind) return false;
  if (t.state) {
    auto pulse = projecting::pulse_of(*t.state);
    if (!projecting::apply(pulse, e)) return false;
    projecting::lay_over(*t.state, pulse);
    // A session that is over has no pulse of its own.
    if (t.state->over()) t.snapshot_changed = true;
    return true;
  }
  if (!t.pulse) {
    auto found = before.find(projecting::table::pulse, projecting::live_key(id));
    if (found) t.pulse = projecting::decode_pulse(*found);
  }
  return t.pulse && projecting::apply(*t.pulse, e);
}

bool session_projection::fold_whole(touched& t, const session_id& id,
                                    const session_codec::stored_event& stored,
                                    const store::state_view& before) {
  if (stored.seq == 1) t.begun_here = true;
  auto& s = load(t, id, before);
  if (s.seq == 0 && stored.seq > 1) return false;
  t.snapshot_changed = true;
  auto e = session_codec::decode(stored);
  if (!e) {
    // Of a newer version: its place counts, its meaning is not known here.
    s.seq = stored.seq;
    return true;
  }
  auto person = s.person;
  apply(s, *e);
  note_consequences(t, *e, person);
  return true;
}

void session_projection::note_consequences(touched& t, const session_event& e,
                                           const person_id& person_before) {
  auto& s = *t.state;
  if (auto* x = std::get_if<event::opened>(&e.what)) {
    note_open(s, e, x->request.request_id);
  } else if (auto* x = std::get_if<event::requested>(&e.what)) {
    note_open(s, e, x->request_id);
  } else if (std::holds_alternative<event::identified>(e.what)) {
    t.trail_changed = true;
    if (s.dispatch) {
      auto& d = *s.dispatch;
      t.origin = std::make_unique<trail_entry>();
      t.origin->entry = d.request.entry;
      t.origin->page = d.request.page;
      t.origin->sales_channel = d.found->sales_channel;
      t.origin->campaign = d.found->campaign;
    }
    if (!person_before.empty() && person_before != s.person) {
      left_trails_.push_back(projecting::trail_key(person_before, s.opened_at, s.id));
    }
  } else if (auto* x = std::get_if<event::assigned>(&e.what)) {
    t.trail_changed = true;
    if (!x->group.empty()) groups_[x->group.value] = {agent_id{x->agent.id}, e.at};
  } else if (std::holds_alternative<event::closed>(e.what)) {
    t.trail_changed = true;
    ended_.push_back({s.id, e.at, time_->now(), projecting::last_close_key(s.channel, s.customer),
                      agent_id{s.last_agent.id}, t.begun_here});
  } else if (std::holds_alternative<event::rated>(e.what)) {
    t.trail_changed = true;
  } else if (auto* x = std::get_if<event::recalled>(&e.what)) {
    t.recalled.push_back(x->message_seq);
  }
}

void session_projection::note_open(const session_state& s, const session_event& e,
                                   const std::string& request_id) {
  if (request_id.empty()) return;
  auto key = projecting::open_key(s.channel, s.customer, request_id);
  opens_[key] = {s.id, e.key.content, e.at, {}, e.key.key};
  opens_of_[projecting::session_key(s.id)] += key;
}

}  // namespace switchboard
