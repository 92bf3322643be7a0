#include "actors/read_model/projection/row_sources.hpp"

#include <algorithm>

#include "actors/agent/agent_state.hpp"
#include "actors/customer/customer_record.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "actors/read_model/projection/stored_events.hpp"
#include "actors/session/journal_key.hpp"

namespace switchboard::projecting {
namespace {

using entity = store::value_source::entity;

std::optional<entity> session(const std::optional<session_id>& id) {
  if (!id) return {};
  return entity{store::entity_kind::session, journal_key(*id)};
}

/// The person key of a long id is no id any more: nobody has records under it.
entity customer(std::string_view person_key) {
  return {store::entity_kind::customer, std::string(person_key)};
}

std::optional<entity> entity_of(std::string_view table, std::string_view key) {
  const bool by_session = table == table::over || table == table::transcript ||
                          table == table::recalled || table == table::opens_of;
  if (by_session) return session(session_of_state_key(key.substr(0, session_key_size)));
  if (table == table::live || table == table::pulse) return session(session_of_live_key(key));
  if (table == table::trail && key.size() > session_key_size)
    return session(session_of_state_key(key.substr(key.size() - session_key_size)));
  if (table == table::agents) return entity{store::entity_kind::agent, std::string(key)};
  if (table == table::customers || table == table::blocked) return customer(key);
  // Person key, a zero byte, two numbers and a byte.
  constexpr std::size_t change_rest = 1 + 8 + 8 + 1;
  if (table == table::changes && key.size() > change_rest)
    return customer(key.substr(0, key.size() - change_rest));
  return {};
}

template <class Record> bool is_all_of(const store::record& r) {
  Record from_nothing;
  return replay(from_nothing, r.events) && from_nothing.seq == r.entity_seq;
}

bool begins(const store::record& r) {
  if (r.kind == store::entity_kind::session) {
    event_cursor events(r.events);
    return events.next() && events.event().seq == 1;
  }
  if (r.kind == store::entity_kind::agent) return is_all_of<agent_record>(r);
  return r.kind == store::entity_kind::customer && is_all_of<customer_record>(r);
}

/// Which events share a chunk follows from the batches in which they were folded.
std::string together(std::string_view table, std::string_view key) {
  return table == table::transcript ? std::string(key.substr(0, session_key_size)) : std::string();
}

}  // namespace

store::value_source row_sources() {
  return {entity_of, begins, together};
}

}  // namespace switchboard::projecting
