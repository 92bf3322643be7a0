#pragma once

#include <map>
#include <string>
#include <vector>

#include "actors/session/session_state.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

/// A product an agent put before a customer, and what came of it.
struct card_row {
  session_id session;
  std::uint64_t message_seq = 0;
  std::string agent, member_id;
  std::string product_id, name, currency;
  std::int64_t price_hundredths = 0;
  timestamp shown_at;
  std::optional<timestamp> clicked_at;
  std::string order_id;
  std::optional<timestamp> ordered_at;
  int quantity = 0;
  std::int64_t amount_hundredths = 0;
  std::string amount_currency;
};
template <class V> void describe(V& v, card_row& x) {
  v("session", x.session);
  v("message_seq", x.message_seq);
  v("agent", x.agent);
  v("member_id", x.member_id);
  v("product_id", x.product_id);
  v("name", x.name);
  v("currency", x.currency);
  v("price_hundredths", x.price_hundredths);
  v("shown_at", x.shown_at);
  v("clicked_at", x.clicked_at);
  v("order_id", x.order_id);
  v("ordered_at", x.ordered_at);
  v("quantity", x.quantity);
  v("amount_hundredths", x.amount_hundredths);
  v("amount_currency", x.amount_currency);
}

/// Folds what sessions record of cards into three tables: `cards` (session key and message_seq to
/// card_row), `cards_of` (agent, a zero byte, shown_at, card key: for reports) and `cards_unbought`
/// (shown_at, card key to member: what may yet be bought, swept after 90 days).
class card_projection final : public store::projection {
 public:
  std::vector<std::string> tables() const override;
  void fold(const store::placed_record& r, const store::state_view& before) override;
  void flush(store::state_batch& batch) override;

 private:
  struct touched {
    card_row row;
    bool fresh = false;
  };
  touched* find(const std::string& key, const store::state_view& before);
  void fold_event(const session_id& session, const session_event& e,
                  const store::state_view& before);
  void sweep(store::state_batch& batch) const;

  std::map<std::string, touched> touched_;
  /// The time as the records tell it.
  timestamp now_{};
};

namespace projecting {

/// Takes out what was shown in the session.
void forget_cards(store::state_batch& batch, const session_id& session);
/// What was shown in the session stays, for the agent's account, but for who the member was.
void erase_member_of_cards(store::state_batch& batch, const session_id& session);
/// Visits an agent's cards (of all agents where it is empty), shown from `from` on and before `to`,
/// while `visit` returns true.
void for_each_card(const store::state_view& view, const std::string& agent, timestamp from,
                   timestamp to, const std::function<bool(const card_row&)>& visit);
/// Visits what was shown to members from `from` on and is not known to be bought, oldest first.
void for_each_unbought(const store::state_view& view, timestamp from,
                       const std::function<bool(const card_row&)>& visit);

}  // namespace projecting
}  // namespace switchboard
