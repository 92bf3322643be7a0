#include "actors/read_model/projection/erasure.hpp"

#include <algorithm>
#include <variant>

#include "actors/customer/customer_record.hpp"
#include "actors/read_model/projection/card_projection.hpp"
#include "actors/read_model/projection/left_message_projection.hpp"
#include "actors/read_model/projection/session_reading.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "actors/read_model/projection/stored_events.hpp"
#include "actors/session/journal_key.hpp"
#include "runtime/codec/byte_reader.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard::projecting {
namespace {

/// Looks at the kinds alone: nearly all records of customers are about something else.
template <class... Event> bool holds(std::string_view events) {
  codec::byte_reader r(events);
  while (!r.at_end()) {
    auto fields = r.array();
    auto is = r.uinteger();
    if (!fields || !is) return false;
    if (((*is == codec::kind_number<Event, customer_payload::kinds>) || ...)) return true;
    for (auto left = *fields - 1; left > 0; --left) {
      if (!r.skip()) return false;
    }
  }
  return false;
}

bool tells_of_merges(std::string_view customer_events) {
  return holds<customer_event::merged_away, customer_event::absorbed, customer_event::given_back,
               customer_event::forgot>(customer_events);
}

}  // namespace

std::string erased_event(const session_codec::stored_event& e) {
  codec::packer content;
  content.map(1).str("erased").boolean(true);
  codec::packer p;
  p.array(10).uinteger(e.kind).uinteger(e.seq).time(e.at).uinteger(
      static_cast<std::uint64_t>(e.seen_by));
  p.uinteger(e.customer_prev).uinteger(e.agent_prev).uinteger(0).uinteger(0);
  p.bin(content.view()).bin({});
  return p.take();
}

std::optional<std::string> erased_events(std::string_view events) {
  std::string out;
  event_cursor c(events);
  while (c.next()) out += erased_event(c.event());
  if (c.damaged()) return {};
  return out;
}

session_state erased_session(const session_state& s) {
  session_state left;
  left.id = s.id;
  left.phase = s.phase;
  left.channel = s.channel;
  left.weight = s.weight;
  left.seq = s.seq;
  left.customer_prev = s.customer_prev;
  left.agent_prev = s.agent_prev;
  left.opened_at = s.opened_at;
  left.phase_since = s.phase_since;
  left.closed_at = s.closed_at;
  left.last_agent = s.last_agent;
  left.last_group = s.last_group;
  left.offers = s.offers;
  left.messages = s.messages;
  left.transfers = s.transfers;
  left.last_customer_at = s.last_customer_at;
  left.last_agent_at = s.last_agent_at;
  left.first_agent_at = s.first_agent_at;
  left.closed_seq = s.closed_seq;
  left.rating = s.rating;
  return left;
}

std::vector<session_id> erased_sessions_in(std::string_view customer_events) {
  std::vector<session_id> out;
  if (!holds<customer_event::sessions_erased>(customer_events)) return out;
  customer_record scratch;
  replay(scratch, customer_events, [&](auto&, const customer_payload& e, timestamp) {
    if (auto* x = std::get_if<customer_event::sessions_erased>(&e))
      out.insert(out.end(), x->sessions.begin(), x->sessions.end());
  });
  return out;
}

void erase_session(store::state_batch& batch, const session_id& id) {
  auto s = read_session(batch, id);
  if (!s || !s->over()) return;
  batch.put(table::over, session_key(id), codec::pack(erased_session(*s)));
  erase_left_message(batch, id);
  erase_member_of_cards(batch, id);
  if (!s->person.empty()) batch.erase(table::trail, trail_key(s->person, s->opened_at, id));
  if (auto last = find_last_close(batch, s->channel, s->customer); last && last->session == id)
    batch.erase(table::callers, last_close_key(s->channel, s->customer));
  std::vector<std::pair<std::string, std::string>> chunks;
  batch.scan(table::transcript, transcript_key(id, 0),
             [&](std::string_view key, std::string_view events) {
               if (!last_seq_of(key, id)) return false;
               // A chunk that cannot be read is not kept for that.
               chunks.emplace_back(key, erased_events(events).value_or(std::string{}));
               return true;
             });
  for (auto& [key, events] : chunks) batch.put(table::transcript, key, events);
}

std::optional<store::record_edit> edit_for(const erasure& what, const store::placed_record& r) {
  if (r.body.kind == store::entity_kind::session) {
    auto id = session_of_journal_key(r.body.key);
    if (!id || !what.sessions.contains(*id)) return {};
    auto left = erased_events(r.body.events);
    if (!left) return {};
    return store::record_edit{std::move(*left), {}};
  }
  if (r.body.kind != store::entity_kind::customer) return {};
  if (what.persons.contains(r.body.key))
    return store::record_edit{emptied(r.body.events), std::string(erased_key)};
  // Others once merged with them, and parted again, stay but for that.
  if (!tells_of_merges(r.body.events)) return {};
  auto left = without_merges_of(r.body.events, what.persons);
  if (!left) return {};
  return store::record_edit{std::move(*left), {}};
}

}  // namespace switchboard::projecting
