#include "actors/session/session_cards.hpp"

#include <algorithm>

namespace switchboard::session_cards {

std::string member_of(const session_state& s) {
  bool known = s.dispatch && s.dispatch->found && s.dispatch->found->member;
  return known ? s.dispatch->found->member->id : std::string();
}

result<void> may_show(const session_state& s, const stamped_card& card) {
  if (card.order_id.empty()) return {};
  auto member = member_of(s);
  if (!member.empty() && member == card.member_id) return {};
  return fail(errc::permission_denied,
              member.empty() ? "body.order_id: whose orders this customer's are is not known"
                             : "body.order_id: the order is another customer's",
              "body.order_id");
}

session_machine::payloads shown(const session_state& s, const participant& by,
                                const stamped_card& card) {
  // What customers show of themselves is nobody's credit.
  if (card.product_id.empty() || by.role == "customer") return {};
  event::card_shown e;
  e.message_seq = s.seq + 1;
  e.product_id = card.product_id;
  e.name = card.name;
  e.currency = card.currency;
  e.price_hundredths = card.price_hundredths;
  e.by = by;
  e.member_id = member_of(s);
  return {std::move(e)};
}

result<session_machine::payloads> clicked(const session_state& s, const std::string& product_id,
                                          std::uint64_t message_seq) {
  auto is_it = [&](const shown_card& c) {
    return c.product_id == product_id && (message_seq == 0 || c.message_seq == message_seq);
  };
  auto at = std::find_if(s.cards.rbegin(), s.cards.rend(), is_it);
  if (at == s.cards.rend()) {
    return fail(errc::not_found, "product_id: this product was not shown in the session",
                "product_id");
  }
  if (at->clicked) return session_machine::payloads{};
  return session_machine::payloads{event::card_clicked{at->message_seq, product_id}};
}

session_machine::payloads bought(const session_state& s, const event::card_bought& what) {
  auto at = std::ranges::find(s.cards, what.message_seq, &shown_card::message_seq);
  if (at == s.cards.end() || at->product_id != what.product_id || !at->order_id.empty()) return {};
  return {what};
}

}  // namespace switchboard::session_cards
