#include "actors/read_model/projection/left_message_projection.hpp"

#include <charconv>
#include <stdexcept>

#include "actors/read_model/projection/state_keys.hpp"
#include "actors/read_model/projection/stored_events.hpp"
#include "actors/session/journal_key.hpp"

namespace switchboard {
namespace {

constexpr std::string_view rows = "left_messages";
constexpr std::string_view row_of = "left_of";

bool concerns_left_messages(std::uint8_t kind) {
  using projecting::kind_of;
  return kind == kind_of<event::message_left> || kind == kind_of<event::message_claimed> ||
         kind == kind_of<event::message_released> || kind == kind_of<event::message_settled>;
}

std::string group_prefix(const group_id& group) {
  return group.value + std::string(1, '\0');
}

std::string row_key(const left_message_row& r) {
  return group_prefix(r.group) +
         projecting::big_endian(static_cast<std::uint64_t>(unix_ms(r.left_at))) +
         projecting::session_key(r.session);
}

}  // namespace

std::vector<std::string> left_message_projection::tables() const {
  return {std::string(rows), std::string(row_of)};
}

left_message_projection::touched& left_message_projection::load(const session_id& id,
                                                                const store::state_view& before) {
  auto [it, fresh] = touched_.try_emplace(id);
  if (!fresh) return it->second;
  if (auto key = before.find(row_of, projecting::session_key(id))) {
    auto packed = before.find(rows, *key);
    left_message_row row;
    if (packed && codec::unpack(*packed, row)) it->second = {std::move(*key), std::move(row)};
  }
  return it->second;
}

void left_message_projection::fold(const store::placed_record& r, const store::state_view& before) {
  if (r.body.kind != store::entity_kind::session) return;
  auto id = session_of_journal_key(r.body.key);
  if (!id) throw std::runtime_error("journal record " + std::to_string(r.at) + " names no session");
  projecting::event_cursor events(r.body.events);
  while (events.next()) {
    // Nearly every event is none of these, and is not looked into.
    if (!concerns_left_messages(events.event().kind)) continue;
    auto e = session_codec::decode(events.event());
    if (!e) continue;
    auto& t = load(*id, before);
    if (auto* x = std::get_if<event::message_left>(&e->what)) {
      t.row = left_message_row{*id,         x->group,   x->channel, x->customer, x->customer_name,
                               x->language, x->subject, e->at,      {},          {}};
    } else if (auto* x = std::get_if<event::message_claimed>(&e->what); x && t.row) {
      t.row->claimed_by = x->by;
      t.row->claimed_at = e->at;
    } else if (std::holds_alternative<event::message_released>(e->what) && t.row) {
      t.row->claimed_by = {};
      t.row->claimed_at = {};
    } else if (std::holds_alternative<event::message_settled>(e->what)) {
      t.row.reset();
    }
  }
}

void left_message_projection::flush(store::state_batch& batch) {
  for (auto& [id, t] : touched_) {
    const auto session = projecting::session_key(id);
    if (t.row) {
      const auto key = row_key(*t.row);
      batch.put(rows, key, codec::pack(*t.row));
      batch.put(row_of, session, key);
    } else if (!t.key.empty()) {
      batch.erase(rows, t.key);
      batch.erase(row_of, session);
    }
  }
  touched_.clear();
}

namespace projecting {

bool is_left_message(const store::state_view& view, const session_id& session) {
  return view.find(row_of, session_key(session)).has_value();
}

void erase_left_message(store::state_batch& batch, const session_id& session) {
  auto key = batch.find(row_of, session_key(session));
  if (!key) return;
  batch.erase(rows, *key);
  batch.erase(row_of, session_key(session));
}

std::string left_message_cursor(const left_message_row& row) {
  return row.group.value + "/" + std::to_string(unix_ms(row.left_at)) + "/" + row.session.text();
}

std::string left_message_key(const std::string& cursor) {
  const auto first = cursor.find('/'), second = cursor.rfind('/');
  if (first == std::string::npos || second == first) return {};
  left_message_row row;
  row.group = group_id{cursor.substr(0, first)};
  const auto session = session_id::parse(cursor.substr(second + 1));
  const auto digits = cursor.substr(first + 1, second - first - 1);
  std::int64_t at = 0;
  const auto [end, trouble] = std::from_chars(digits.data(), digits.data() + digits.size(), at);
  if (!session || trouble != std::errc{} || end != digits.data() + digits.size()) return {};
  row.session = *session;
  row.left_at = from_unix_ms(at);
  return row_key(row);
}

std::uint64_t count_left_messages(const store::state_view& view, const group_id& group) {
  const auto prefix = group_prefix(group);
  std::uint64_t n = 0;
  view.scan(rows, prefix, [&](std::string_view key, std::string_view) {
    n += key.starts_with(prefix) ? 1 : 0;
    return key.starts_with(prefix);
  });
  return n;
}

void for_each_left_message(
    const store::state_view& view, const group_id& group, std::string_view after,
    const std::function<bool(std::string_view key, const left_message_row&)>& visit) {
  const auto prefix = group_prefix(group);
  const auto from = after.starts_with(prefix) ? std::string(after) : prefix;
  view.scan(rows, from, [&](std::string_view key, std::string_view packed) {
    if (!key.starts_with(prefix)) return false;
    left_message_row row;
    if (key == after || !codec::unpack(packed, row)) return true;
    return visit(key, row);
  });
}

}  // namespace projecting

}  // namespace switchboard
