#pragma once

#include <string>

#include "actors/session/session_machine.hpp"

/// Products and orders that are put before the customer as messages: pure, beside session_machine.
namespace switchboard {

/// What a center said of the product or order in a message, when it was sent.
struct stamped_card {
  std::string product_id, order_id;  // one of them
  std::string name, currency;
  std::int64_t price_hundredths = 0;
  /// Whose order it is.
  std::string member_id;
};
template <class V> void describe(V& v, stamped_card& x) {
  v("product_id", x.product_id);
  v("order_id", x.order_id);
  v("name", x.name);
  v("currency", x.currency);
  v("price_hundredths", x.price_hundredths);
  v("member_id", x.member_id);
}

namespace session_cards {

/// Who the customer is to the centers; empty when not known, or no longer.
std::string member_of(const session_state& s);

/// `permission_denied` when it is somebody else's order: what a stranger bought is nobody's
/// business here.
result<void> may_show(const session_state& s, const stamped_card& card);
/// What is recorded beside the message, which is the first of the events: a product that an agent
/// shows.
session_machine::payloads shown(const session_state& s, const participant& by,
                                const stamped_card& card);

/// The customer looked at a product; nothing when that is known. `message_seq` 0 means the latest
/// card with it. `not_found` when it was not shown.
result<session_machine::payloads> clicked(const session_state& s, const std::string& product_id,
                                          std::uint64_t message_seq);
/// An order of the customer's has it; nothing when it is known to be bought, or was not shown.
session_machine::payloads bought(const session_state& s, const event::card_bought& what);

}  // namespace session_cards
}  // namespace switchboard
