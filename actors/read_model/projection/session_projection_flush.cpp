#include <algorithm>

#include "actors/customer/trail_entry.hpp"
#include "actors/read_model/projection/erasure.hpp"
#include "actors/read_model/projection/session_projection.hpp"
#include "actors/read_model/projection/session_reading.hpp"

namespace switchboard {

namespace table = projecting::table;
using projecting::live_key;
using projecting::session_key;

void session_projection::flush(store::state_batch& batch) {
  std::vector<row> rows;
  rows.reserve(touched_.size());
  for (auto& [id, t] : touched_) rows.emplace_back(id, &t);
  std::ranges::sort(rows, [](const row& a, const row& b) { return a.first.ulid < b.first.ulid; });
  write_snapshots(batch, rows);
  write_transcripts(batch, rows);
  write_trail(batch, rows);
  write_ends(batch);
  write_opens(batch);
  for (auto& [group, latest] : groups_) batch.put(table::groups, group, codec::pack(latest));
  for (auto& id : erased_) projecting::erase_session(batch, id);
  if (time_) time_->write(batch);
  sweep(batch);
  time_.reset();
  touched_.clear();
  erased_.clear();
  opens_.clear();
  opens_of_.clear();
  ended_.clear();
  left_trails_.clear();
  groups_.clear();
}

void session_projection::write_snapshots(store::state_batch& batch,
                                         const std::vector<row>& rows) const {
  std::vector<row> live;
  for (auto& [id, t] : rows) {
    if (!t->state || !t->state->over()) {
      live.emplace_back(id, t);
      continue;
    }
    if (!t->snapshot_changed) continue;
    batch.put(table::over, session_key(id), codec::pack(*t->state));
    if (!t->lay_in_live) continue;
    batch.erase(table::live, live_key(id));
    batch.erase(table::pulse, live_key(id));
  }
  std::ranges::sort(live, {}, &row::first);
  for (auto& [id, t] : live) {
    if (t->state && t->snapshot_changed)
      batch.put(table::live, live_key(id), codec::pack(*t->state));
  }
  for (auto& [id, t] : live) {
    if (t->state)
      batch.put(table::pulse, live_key(id), projecting::encode(projecting::pulse_of(*t->state)));
    else if (t->pulse)
      batch.put(table::pulse, live_key(id), projecting::encode(*t->pulse));
  }
}

void session_projection::write_transcripts(store::state_batch& batch,
                                           const std::vector<row>& rows) const {
  for (auto& [id, t] : rows) {
    for (auto& c : t->chunks)
      batch.put(table::transcript, projecting::transcript_key(id, c.last), c.events);
    for (auto seq : t->recalled) {
      batch.put(table::recalled, projecting::recalled_key(id, seq), "1");
      auto found = projecting::find_chunk(batch, id, seq);
      if (!found) continue;
      if (auto rest = projecting::without_message(found->events, seq)) {
        batch.put(table::transcript, projecting::transcript_key(id, found->last), *rest);
      }
    }
  }
}

namespace {

/// Where the customer came in: as just told, or as the row has it from before.
trail_entry origin_of(const store::state_view& view, std::string_view key,
                      const trail_entry* told) {
  if (told) return *told;
  trail_entry kept;
  if (auto packed = view.find(table::trail, key)) codec::unpack(*packed, kept);
  return kept;
}

}  // namespace

void session_projection::write_trail(store::state_batch& batch,
                                     const std::vector<row>& rows) const {
  for (auto& key : left_trails_) batch.erase(table::trail, key);
  std::map<std::string, std::string> entries;
  for (auto& [id, t] : rows) {
    if (!t->trail_changed || t->state->person.empty()) continue;
    auto& s = *t->state;
    auto key = projecting::trail_key(s.person, s.opened_at, id);
    auto entry = projecting::trail_entry_of(s);
    auto from = origin_of(batch, key, t->origin.get());
    entry.entry = std::move(from.entry);
    entry.page = std::move(from.page);
    entry.sales_channel = std::move(from.sales_channel);
    entry.campaign = std::move(from.campaign);
    entries[std::move(key)] = codec::pack(entry);
  }
  for (auto& [key, entry] : entries) batch.put(table::trail, key, entry);
}

std::string session_projection::take_opens_of(store::state_batch& batch, const ended& e) {
  const auto session = session_key(e.session);
  std::string keys;
  if (auto kept = e.begun_here ? std::nullopt : batch.find(table::opens_of, session)) {
    keys = std::move(*kept);
    batch.erase(table::opens_of, session);
  }
  if (auto fresh = opens_of_.extract(session)) keys += fresh.mapped();
  return keys;
}

void session_projection::close_open(store::state_batch& batch, std::string_view key,
                                    const ended& e) {
  if (auto fresh = opens_.find(key); fresh != opens_.end()) {
    if (fresh->second.session == e.session) fresh->second.closed_at = e.on_record;
    return;
  }
  projecting::open_request open;
  const auto packed = batch.find(table::callers, key);
  if (!packed || !codec::unpack(*packed, open) || open.session != e.session) return;
  open.closed_at = e.on_record;
  batch.put(table::callers, key, codec::pack(open));
}

/// A close sets the clock of the session's open keys going, and is what the customer's next request
/// may continue.
void session_projection::write_ends(store::state_batch& batch) {
  constexpr auto key_size = projecting::open_key_size;
  const auto kept = keys_kept_();
  for (auto& e : ended_) {
    batch.put(table::callers, e.last_close_key,
              codec::pack(projecting::last_close{e.session, e.at, e.last_agent, e.on_record}));
    batch.put(table::expiry,
              projecting::expiry_key(e.on_record + projecting::last_close_lives,
                                     projecting::expiring::last_close, e.session),
              e.last_close_key);
    const auto keys = take_opens_of(batch, e);
    if (keys.empty()) continue;
    for (std::size_t i = 0; i + key_size <= keys.size(); i += key_size) {
      close_open(batch, std::string_view(keys).substr(i, key_size), e);
    }
    batch.put(table::expiry,
              projecting::expiry_key(e.on_record + kept, projecting::expiring::opens, e.session),
              keys);
  }
}

void session_projection::write_opens(store::state_batch& batch) const {
  for (auto& [key, open] : opens_) batch.put(table::callers, key, codec::pack(open));
  for (auto& [key, keys] : opens_of_) {
    batch.put(table::opens_of, key, batch.find(table::opens_of, key).value_or("") + keys);
  }
}

namespace {

/// Takes a row away if it still speaks of that session.
template <class Row>
void expire(store::state_batch& batch, std::string_view table, std::string_view key,
            const session_id& session) {
  Row row;
  auto packed = batch.find(table, key);
  if (packed && codec::unpack(*packed, row) && row.session == session) batch.erase(table, key);
}

}  // namespace

/// What was filed under a shorter retention than the one of now waits for its new time.
void session_projection::expire_opens(store::state_batch& batch, const session_id& session,
                                      std::string_view keys, millis kept) const {
  constexpr auto key_size = projecting::open_key_size;
  std::string later;
  timestamp closed_at{};
  for (std::size_t i = 0; i + key_size <= keys.size(); i += key_size) {
    auto one = keys.substr(i, key_size);
    projecting::open_request row;
    auto packed = batch.find(table::callers, one);
    if (!packed || !codec::unpack(*packed, row) || row.session != session) continue;
    if (row.closed_at && *row.closed_at + kept > time_->now()) {
      closed_at = *row.closed_at;
      later += one;
    } else {
      batch.erase(table::callers, one);
    }
  }
  if (later.empty()) return;
  batch.put(table::expiry,
            projecting::expiry_key(closed_at + kept, projecting::expiring::opens, session), later);
}

void session_projection::sweep(store::state_batch& batch) const {
  if (!time_ || !time_->begun()) return;
  std::vector<std::pair<std::string, std::string>> due;
  auto end = projecting::big_endian(static_cast<std::uint64_t>(unix_ms(time_->now())));
  batch.scan(table::expiry, std::string_view("\0", 1),
             [&](std::string_view key, std::string_view value) {
               if (key.substr(0, end.size()) >= end) return false;
               due.emplace_back(key, value);
               return due.size() < sweep_at_most;
             });
  constexpr std::size_t head = 9;
  const auto kept = keys_kept_();
  for (auto& [key, keys] : due) {
    batch.erase(table::expiry, key);
    auto session = projecting::session_of_state_key(std::string_view(key).substr(head));
    if (!session) continue;
    if (key[head - 1] == static_cast<char>(projecting::expiring::opens)) {
      expire_opens(batch, *session, keys, kept);
      continue;
    }
    expire<projecting::last_close>(batch, table::callers, keys, *session);
  }
}

}  // namespace switchboard
