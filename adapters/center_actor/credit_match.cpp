#include "adapters/center_actor/credit_match.hpp"

#include <algorithm>
#include <set>

namespace switchboard {
namespace {

bool counts(center::order_state s) {
  return s != center::order_state::cancelled && s != center::order_state::refunded;
}

/// The card shown last before the order that none has been credited for.
const card_row* card_for(const std::vector<card_row>& cards, const std::string& product,
                         timestamp ordered, millis within, const std::set<const card_row*>& taken) {
  const card_row* latest = nullptr;
  for (const auto& c : cards) {
    bool fits = c.product_id == product && c.shown_at <= ordered && ordered <= c.shown_at + within;
    if (!fits || !c.order_id.empty() || taken.contains(&c)) continue;
    if (!latest || c.shown_at > latest->shown_at) latest = &c;
  }
  return latest;
}

}  // namespace

std::vector<credited> match_orders(const std::vector<card_row>& cards,
                                   const std::vector<center::order_record>& orders, millis within) {
  auto sorted = orders;
  std::ranges::sort(sorted, [](const auto& a, const auto& b) {
    return a.created != b.created ? a.created < b.created : a.id < b.id;
  });
  std::vector<credited> out;
  std::set<const card_row*> taken;
  for (const auto& order : sorted) {
    if (!counts(order.state)) continue;
    for (const auto& item : order.items) {
      const auto* card = card_for(cards, item.product_id, order.created, within, taken);
      if (!card) continue;
      taken.insert(card);
      out.push_back({card->session,
                     {card->message_seq, item.product_id, order.id, order.currency, item.quantity,
                      item.price_hundredths * item.quantity, order.created}});
    }
  }
  return out;
}

}  // namespace switchboard
