#include "actors/read_model/projection/card_projection.hpp"

#include <algorithm>
#include <stdexcept>
#include <variant>

#include "actors/read_model/projection/state_keys.hpp"
#include "actors/read_model/projection/stored_events.hpp"
#include "actors/session/journal_key.hpp"

namespace switchboard {
namespace {

constexpr std::string_view cards = "cards", cards_of = "cards_of",
                           cards_unbought = "cards_unbought";
/// As long as anybody may configure that a sale is an agent's credit.
constexpr millis longest_credit{90ll * 24 * 3'600'000};
constexpr std::size_t number_bytes = 8;

bool speaks_of_cards(std::uint8_t kind) {
  using projecting::kind_of;
  return kind == kind_of<event::card_shown> || kind == kind_of<event::card_clicked> ||
         kind == kind_of<event::card_bought>;
}

std::string time_key(timestamp t) {
  return projecting::big_endian(static_cast<std::uint64_t>(std::max<std::int64_t>(0, unix_ms(t))));
}
std::string card_key(const session_id& session, std::uint64_t message_seq) {
  return projecting::session_key(session) + projecting::big_endian(message_seq);
}
std::string agent_prefix(std::string_view agent) {
  return std::string(agent) + '\0';
}

}  // namespace

std::vector<std::string> card_projection::tables() const {
  return {std::string(cards), std::string(cards_of), std::string(cards_unbought)};
}

void card_projection::fold(const store::placed_record& r, const store::state_view& before) {
  now_ = std::max(now_, r.body.at);
  if (r.body.kind != store::entity_kind::session) return;
  auto id = session_of_journal_key(r.body.key);
  if (!id) return;
  projecting::event_cursor events(r.body.events);
  while (events.next()) {
    if (!speaks_of_cards(events.event().kind)) continue;
    if (auto e = session_codec::decode(events.event())) fold_event(*id, *e, before);
  }
}

card_projection::touched* card_projection::find(const std::string& key,
                                                const store::state_view& before) {
  if (auto at = touched_.find(key); at != touched_.end()) return &at->second;
  auto packed = before.find(cards, key);
  touched t;
  if (!packed) return nullptr;
  if (!codec::unpack(*packed, t.row)) throw std::runtime_error("a card's row cannot be read");
  return &touched_.emplace(key, std::move(t)).first->second;
}

void card_projection::fold_event(const session_id& session, const session_event& e,
                                 const store::state_view& before) {
  if (auto* x = std::get_if<event::card_shown>(&e.what)) {
    auto& t = touched_[card_key(session, x->message_seq)];
    t.fresh = true;
    t.row = {session,     x->message_seq,      x->by.id, x->member_id, x->product_id, x->name,
             x->currency, x->price_hundredths, e.at};
  } else if (auto* x = std::get_if<event::card_clicked>(&e.what)) {
    if (auto* t = find(card_key(session, x->message_seq), before)) t->row.clicked_at = e.at;
  } else if (auto* x = std::get_if<event::card_bought>(&e.what)) {
    auto* t = find(card_key(session, x->message_seq), before);
    if (!t) return;
    t->row.order_id = x->order_id;
    t->row.ordered_at = x->ordered_at;
    t->row.quantity = x->quantity;
    t->row.amount_hundredths = x->amount_hundredths;
    t->row.amount_currency = x->currency;
  }
}

void card_projection::flush(store::state_batch& batch) {
  for (auto& [key, t] : touched_) batch.put(cards, key, codec::pack(t.row));
  std::map<std::string, std::string> by_agent, unbought;
  for (auto& [key, t] : touched_) {
    if (t.fresh) by_agent[agent_prefix(t.row.agent) + time_key(t.row.shown_at) + key] = key;
    if (!t.row.member_id.empty()) unbought[time_key(t.row.shown_at) + key] = t.row.order_id;
  }
  for (auto& [key, card] : by_agent) batch.put(cards_of, key, card);
  for (auto& [key, order] : unbought) {
    if (order.empty())
      batch.put(cards_unbought, key, key.substr(number_bytes));
    else
      batch.erase(cards_unbought, key);
  }
  if (!touched_.empty()) sweep(batch);
  touched_.clear();
}

void card_projection::sweep(store::state_batch& batch) const {
  constexpr std::size_t at_most = 1'000;
  auto until = time_key(now_ - longest_credit);
  std::vector<std::string> old;
  batch.scan(cards_unbought, "", [&](std::string_view key, std::string_view) {
    if (key.substr(0, number_bytes) >= until || old.size() >= at_most) return false;
    old.emplace_back(key);
    return true;
  });
  for (auto& key : old) batch.erase(cards_unbought, key);
}

namespace projecting {
namespace {

std::optional<card_row> row_at(const store::state_view& view, std::string_view key) {
  card_row row;
  auto packed = view.find(cards, key);
  if (!packed || !codec::unpack(*packed, row)) return {};
  return row;
}

}  // namespace

namespace {

/// By their keys.
std::vector<std::pair<std::string, card_row>> cards_in(const store::state_view& view,
                                                       const session_id& session) {
  const auto prefix = session_key(session);
  std::vector<std::pair<std::string, card_row>> all;
  view.scan(cards, prefix, [&](std::string_view key, std::string_view packed) {
    if (!key.starts_with(prefix)) return false;
    card_row row;
    if (codec::unpack(packed, row)) all.emplace_back(key, std::move(row));
    return true;
  });
  return all;
}

}  // namespace

void erase_member_of_cards(store::state_batch& batch, const session_id& session) {
  for (auto& [key, row] : cards_in(batch, session)) {
    row.member_id.clear();
    row.order_id.clear();
    batch.put(cards, key, codec::pack(row));
    batch.erase(cards_unbought, time_key(row.shown_at) + key);
  }
}

void forget_cards(store::state_batch& batch, const session_id& session) {
  for (auto& [key, row] : cards_in(batch, session)) {
    const auto shown = time_key(row.shown_at) + key;
    batch.erase(cards_of, agent_prefix(row.agent) + shown);
    batch.erase(cards_unbought, shown);
    batch.erase(cards, key);
  }
}

void for_each_card(const store::state_view& view, const std::string& agent, timestamp from,
                   timestamp to, const std::function<bool(const card_row&)>& visit) {
  auto prefix = agent.empty() ? std::string() : agent_prefix(agent);
  auto start = agent.empty() ? prefix : prefix + time_key(from);
  view.scan(cards_of, start, [&](std::string_view key, std::string_view card) {
    if (!key.starts_with(prefix)) return false;
    auto row = row_at(view, card);
    if (!row || row->shown_at < from) return true;
    if (row->shown_at >= to) return agent.empty();
    return visit(*row);
  });
}

void for_each_unbought(const store::state_view& view, timestamp from,
                       const std::function<bool(const card_row&)>& visit) {
  view.scan(cards_unbought, time_key(from), [&](std::string_view, std::string_view card) {
    auto row = row_at(view, card);
    return !row || visit(*row);
  });
}

}  // namespace projecting
}  // namespace switchboard
