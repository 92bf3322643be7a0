#include "adapters/center/recommendation.hpp"

#include <gmock/gmock.h>

namespace switchboard::center {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

product_record product(const std::string& id, std::int64_t stock = 1) {
  product_record p;
  p.id = id;
  p.name = "name of " + id;
  p.stock = stock;
  return p;
}

std::vector<std::string> ids(const std::vector<recommended>& all) {
  std::vector<std::string> out;
  for (const auto& one : all) out.push_back(one.product.id);
  return out;
}

TEST(recommendation, every_reason_for_a_product_is_given_and_more_reasons_weigh_more) {
  recommend_input in;
  in.text = "air fryer";
  in.by_text = {product("a"), product("b")};
  in.by_tag = {{"newcomer", {product("b")}}};
  in.together = {{companion{"b", "x", 4}, product("b")}};
  in.has = {{"x", "kettle"}};
  auto best = recommend(in, 10);
  EXPECT_THAT(ids(best), ElementsAre("b", "a"));
  EXPECT_THAT(best[0].why,
              ElementsAre(recommend_reason{recommended_by::keyword, "air fryer", 0},
                          recommend_reason{recommended_by::tag, "newcomer", 0},
                          recommend_reason{recommended_by::bought_together, "kettle", 4}));
}

TEST(recommendation, the_order_of_the_search_is_kept_where_nothing_else_speaks) {
  recommend_input in;
  in.text = "x";
  in.by_text = {product("c"), product("a"), product("b")};
  EXPECT_THAT(ids(recommend(in, 10)), ElementsAre("c", "a", "b"));
  EXPECT_THAT(ids(recommend(in, 2)), ElementsAre("c", "a"));
}

TEST(recommendation, what_many_bought_together_comes_before_what_few_did) {
  recommend_input in;
  in.together = {{companion{"few", "x", 1}, product("few")},
                 {companion{"many", "x", 7}, product("many")}};
  EXPECT_THAT(ids(recommend(in, 10)), ElementsAre("many", "few"));
}

TEST(recommendation, what_the_customer_has_is_recommended_only_by_their_own_words) {
  recommend_input in;
  in.has = {{"a", "A"}};
  in.by_tag = {{"vip", {product("a"), product("b")}}};
  EXPECT_THAT(ids(recommend(in, 10)), ElementsAre("b"));
  in.text = "a";
  in.by_text = {product("a")};
  EXPECT_EQ(recommend(in, 10).size(), 2u);
}

TEST(recommendation, what_was_shown_already_is_left_out) {
  recommend_input in;
  in.by_tag = {{"vip", {product("a"), product("b")}}};
  in.leave_out = {"a"};
  EXPECT_THAT(ids(recommend(in, 10)), ElementsAre("b"));
}

TEST(recommendation, what_is_out_of_stock_comes_behind_what_can_be_had) {
  recommend_input in;
  in.text = "x";
  in.by_text = {product("gone", 0), product("there", 5)};
  EXPECT_THAT(ids(recommend(in, 10)), ElementsAre("there", "gone"));
  in.by_text = {product("gone", 0), product("gone_too", 0)};
  EXPECT_THAT(ids(recommend(in, 10)), ElementsAre("gone", "gone_too"));
}

TEST(recommendation, without_anything_known_nothing_is_recommended) {
  EXPECT_THAT(recommend({}, 10), IsEmpty());
}

TEST(companions, are_counted_by_orders_and_what_was_sent_back_does_not_count) {
  auto order = [](order_state s, std::vector<std::string> products) {
    order_record o;
    o.state = s;
    for (auto& id : products) o.items.push_back({id, "", 1, 0});
    return o;
  };
  auto found = companions_of(
      "a",
      {order(order_state::completed, {"a", "b", "b"}), order(order_state::paid, {"a", "b", "c"}),
       order(order_state::refunded, {"a", "d"}), order(order_state::cancelled, {"a", "d"})});
  EXPECT_THAT(found, ElementsAre(companion{"b", "a", 2}, companion{"c", "a", 1}));
}

}  // namespace
}  // namespace switchboard::center
