#include "adapters/center_actor/credit_match.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

constexpr timestamp noon = from_unix_ms(1'700'000'000'000);
constexpr millis hour{3'600'000}, week = 7 * 24 * hour;

card_row card(std::uint64_t seq, const std::string& product, timestamp shown) {
  card_row row;
  row.message_seq = seq;
  row.product_id = product;
  row.shown_at = shown;
  return row;
}

center::order_record order(const std::string& id, const std::string& product, timestamp at,
                           center::order_state state = center::order_state::paid) {
  center::order_record o;
  o.id = id;
  o.created = at;
  o.state = state;
  o.currency = "CNY";
  o.items = {{product, "", 2, 150}};
  return o;
}

std::string matched(const std::vector<card_row>& cards,
                    const std::vector<center::order_record>& orders) {
  std::string out;
  for (auto& one : match_orders(cards, orders, week)) {
    out += std::to_string(one.what.message_seq) + "=" + one.what.order_id + "; ";
  }
  return out;
}

TEST(credit_match, an_order_after_the_card_is_its_credit_with_all_it_came_to) {
  auto found = match_orders({card(3, "p1", noon)}, {order("o1", "p1", noon + hour)}, week);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].what.order_id, "o1");
  EXPECT_EQ(found[0].what.quantity, 2);
  EXPECT_EQ(found[0].what.amount_hundredths, 300);
  EXPECT_EQ(found[0].what.currency, "CNY");
}

TEST(credit_match, what_was_ordered_before_long_after_or_not_at_all_is_nobodys_credit) {
  std::vector cards{card(3, "p1", noon)};
  EXPECT_EQ(matched(cards, {order("o1", "p1", noon - millis{1})}), "");
  EXPECT_EQ(matched(cards, {order("o1", "p1", noon + week + millis{1})}), "");
  EXPECT_EQ(matched(cards, {order("o1", "p1", noon + week)}), "3=o1; ");
  EXPECT_EQ(matched(cards, {order("o1", "p2", noon + hour)}), "");
  EXPECT_EQ(matched(cards, {order("o1", "p1", noon + hour, center::order_state::cancelled)}), "");
  EXPECT_EQ(matched(cards, {order("o1", "p1", noon + hour, center::order_state::refunded)}), "");
}

TEST(credit_match, of_two_cards_the_one_shown_last_before_the_order_has_the_credit) {
  std::vector cards{card(3, "p1", noon), card(9, "p1", noon + hour),
                    card(12, "p1", noon + 3 * hour)};
  EXPECT_EQ(matched(cards, {order("o1", "p1", noon + 2 * hour)}), "9=o1; ");
}

TEST(credit_match, a_card_is_credited_once_and_by_the_earliest_order) {
  EXPECT_EQ(matched({card(3, "p1", noon)},
                    {order("o2", "p1", noon + 2 * hour), order("o1", "p1", noon + hour)}),
            "3=o1; ");
  auto known = card(3, "p1", noon);
  known.order_id = "o0";
  EXPECT_EQ(matched({known}, {order("o1", "p1", noon + hour)}), "");
}

}  // namespace
}  // namespace switchboard
