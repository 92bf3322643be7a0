#pragma once

#include <vector>

#include "actors/read_model/projection/card_projection.hpp"
#include "adapters/center/trade_center.hpp"

namespace switchboard {

/// A card, and the order that has its product.
struct credited {
  session_id session;
  event::card_bought what;
};

/// Which of the cards that were shown to one member were bought, by the member's orders. An order
/// counts from the moment the card was shown until `within` after it, and not once it is cancelled
/// or refunded. The earliest such order is the card's; a line of an order is the credit of one card
/// only, the one shown last before it. Pure.
std::vector<credited> match_orders(const std::vector<card_row>& cards,
                                   const std::vector<center::order_record>& orders, millis within);

}  // namespace switchboard
