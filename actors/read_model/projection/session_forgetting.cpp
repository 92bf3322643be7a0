#include "actors/read_model/projection/session_forgetting.hpp"

#include <utility>

#include "actors/read_model/projection/card_projection.hpp"
#include "actors/read_model/projection/left_message_projection.hpp"
#include "actors/read_model/projection/session_reading.hpp"
#include "actors/read_model/projection/state_keys.hpp"

namespace switchboard::projecting {
namespace {

/// Looked at in one slice: those that were over late stand between those that were over soon.
constexpr std::size_t most_looked_at = 4096;

/// A ULID begins with its time: 48 bits of milliseconds.
timestamp opened_at(const session_id& id) {
  std::int64_t ms = 0;
  for (std::size_t i = 0; i < 6; ++i) ms = ms << 8 | id.ulid[i];
  return from_unix_ms(ms);
}

void erase_rows_of(store::state_batch& batch, std::string_view table, const std::string& prefix) {
  std::vector<std::string> keys;
  batch.scan(table, prefix, [&](std::string_view key, std::string_view) {
    if (!key.starts_with(prefix)) return false;
    keys.emplace_back(key);
    return true;
  });
  for (auto& key : keys) batch.erase(table, key);
}

void forget_one(store::state_batch& batch, const session_state& s) {
  const auto key = session_key(s.id);
  erase_rows_of(batch, table::transcript, key);
  erase_rows_of(batch, table::recalled, key);
  forget_cards(batch, s.id);
  if (!s.person.empty()) batch.erase(table::trail, trail_key(s.person, s.opened_at, s.id));
  auto closed_at = s.closed_at.value_or(s.phase_since);
  if (auto last = find_last_close(batch, s.channel, s.customer); last && last->session == s.id) {
    batch.erase(table::callers, last_close_key(s.channel, s.customer));
    closed_at = last->on_record.value_or(closed_at);
  }
  batch.erase(table::expiry, expiry_key(closed_at + last_close_lives, expiring::last_close, s.id));
  batch.erase(table::over, key);
}

}  // namespace

std::size_t session_forgetter::forget(store::state_batch& batch, timestamp over_before,
                                      std::size_t at_most, const before_forgetting& before) {
  std::vector<session_state> due;
  std::size_t looked = 0;
  std::string stopped_at;
  batch.scan(table::over, from_, [&](std::string_view key, std::string_view packed) {
    auto id = session_of_state_key(key);
    if (id && opened_at(*id) >= over_before) return false;
    if (due.size() == at_most || ++looked > most_looked_at) {
      stopped_at = key;
      return false;
    }
    session_state s;
    if (!id || !codec::unpack(packed, s)) return true;
    if (s.closed_at.value_or(s.phase_since) >= over_before) return true;
    s.id = *id;
    if (!is_left_message(batch, s.id)) due.push_back(std::move(s));
    return true;
  });
  const auto began = std::exchange(from_, std::move(stopped_at));
  if (due.empty()) return 0;
  std::vector<session_id> ids;
  for (auto& s : due) ids.push_back(s.id);
  if (before && !before(ids)) {
    from_ = began;
    return 0;
  }
  for (auto& s : due) forget_one(batch, s);
  return due.size();
}

}  // namespace switchboard::projecting
