#include "tests/unit/center/center_contract.hpp"

#include <gmock/gmock.h>

namespace switchboard::center {

using testing::ElementsAre;
using testing::IsEmpty;

const contract_data& data_of_the_contract() {
  static const contract_data data{
      R"({"member_id":"m1","level":4,"name":"林晓","since":"2020-05-01","phone":"+86 138 0013 8001","email":"Lin@Example.com","union_id":"u1","attributes":{"city":"杭州"}}
{"member_id":"m2","level":1,"name":"Crystal Minh","phone":"(977) 625-2661","email":"cminh730@email.com","union_id":"u2"}
{"member_id":"m3","name":"小林","phone":"(977) 625-2661"}
)",
      R"({"member_id":"m1","tags":["vip","dispute","vip"]}
{"channel":"app","customer_id":"c9","tags":["newcomer"]}
)",
      R"({"product_id":"p1","name":"空气炸锅 5L","category":"appliances","brand":"Mumian","price":"399.00","stock":12,"keywords":["air fryer"],"attributes":{"color":"白"}}
{"product_id":"p2","name":"Air Fryer Basket","category":"accessories","price":49.9}
{"product_id":"p3","name":"保温杯","category":"kitchen","price":"89","keywords":["air tight","fryer"]}
)",
      R"({"order_id":"o1","member_id":"m1","state":"completed","created":"2026-01-01","total":"399.00","items":[{"product_id":"p1","name":"空气炸锅 5L","quantity":1,"price":"399.00"}]}
{"order_id":"o2","member_id":"m1","state":"shipped","created":"2026-02-01","total":"89","logistics":{"carrier":"SF","tracking_no":"SF1","state":"in_transit","last_place":"杭州","updated":"2026-02-02"}}
{"order_id":"o3","member_id":"m1","state":"refunding","created":"2026-03-01","total":"49.9"}
{"order_id":"o4","member_id":"m10","state":"paid","created":"2026-03-01","total":"1"}
)"};
  return data;
}

namespace {

std::vector<std::string> ids(const std::vector<order_record>& orders) {
  std::vector<std::string> out;
  for (const auto& o : orders) out.push_back(o.id);
  return out;
}

std::vector<std::string> ids(const std::vector<product_record>& products) {
  std::vector<std::string> out;
  for (const auto& p : products) out.push_back(p.id);
  return out;
}

timestamp day(int month) {
  return std::chrono::sys_days(std::chrono::year(2026) / month / 1);
}

TEST_P(center_contract, a_member_is_found_whole_by_id) {
  auto found = centers().members().find({.member_id = "m1"}).value();
  ASSERT_TRUE(found.member);
  member_record expected{.id = "m1",
                         .level = 4,
                         .name = "林晓",
                         .since = std::chrono::sys_days(std::chrono::year(2020) / 5 / 1),
                         .phone = "13800138001",
                         .email = "lin@example.com",
                         .union_id = "u1",
                         .attributes = {{"city", "杭州"}}};
  EXPECT_EQ(*found.member, expected);
  EXPECT_EQ(found.by, member_key::member_id);
  EXPECT_THAT(found.conflicts, IsEmpty());
}

TEST_P(center_contract, a_member_is_found_by_any_key_however_it_is_written) {
  auto id_by = [&](member_keys keys) {
    auto found = centers().members().find(keys).value();
    return found.member ? found.member->id : std::string("nobody");
  };
  EXPECT_EQ(id_by({.union_id = "u2"}), "m2");
  EXPECT_EQ(id_by({.phone = "138-0013-8001"}), "m1");
  EXPECT_EQ(id_by({.email = "CMINH730@EMAIL.COM"}), "m2");
  EXPECT_EQ(id_by({.union_id = "u"}), "nobody");
  EXPECT_EQ(id_by({.phone = "1380013800"}), "nobody");
  EXPECT_EQ(id_by({.phone = "call me"}), "nobody");
  EXPECT_EQ(id_by({}), "nobody");
}

TEST_P(center_contract, the_strongest_key_decides_and_the_others_are_told_as_conflicts) {
  auto found = centers().members().find({.union_id = "u1", .email = "cminh730@email.com"}).value();
  ASSERT_TRUE(found.member);
  EXPECT_EQ(found.member->id, "m1");
  EXPECT_EQ(found.by, member_key::union_id);
  EXPECT_THAT(found.conflicts, ElementsAre(member_lookup::conflict{member_key::email, "m2"}));
  EXPECT_NE(found.member->email, "cminh730@email.com");
}

TEST_P(center_contract, a_telephone_that_two_share_finds_neither) {
  auto found = centers().members().find({.phone = "9776252661"}).value();
  EXPECT_FALSE(found.member);
  EXPECT_THAT(found.conflicts, ElementsAre(member_lookup::conflict{member_key::phone, "m2"},
                                           member_lookup::conflict{member_key::phone, "m3"}));
}

TEST_P(center_contract, an_unknown_member_id_is_not_replaced_by_a_telephone) {
  auto found = centers().members().find({.member_id = "m99", .phone = "13800138001"}).value();
  EXPECT_FALSE(found.member);
  EXPECT_THAT(found.conflicts, ElementsAre(member_lookup::conflict{member_key::phone, "m1"}));
}

TEST_P(center_contract, tags_are_sorted_and_each_is_there_once) {
  EXPECT_THAT(centers().tags().of_member("m1").value(), ElementsAre("dispute", "vip"));
  EXPECT_THAT(centers().tags().of_identity("app", "c9").value(), ElementsAre("newcomer"));
  EXPECT_THAT(centers().tags().of_identity("web", "c9").value(), IsEmpty());
  EXPECT_THAT(centers().tags().of_member("m2").value(), IsEmpty());
}

TEST_P(center_contract, a_product_is_found_whole_by_id) {
  auto found = centers().products().find("p1").value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, "空气炸锅 5L");
  EXPECT_EQ(found->price_hundredths, 39900);
  EXPECT_EQ(found->currency, "CNY");
  EXPECT_EQ(found->stock, 12);
  EXPECT_EQ(found->attributes.at("color"), "白");
  EXPECT_FALSE(centers().products().find("p").value());
}

TEST_P(center_contract, products_are_found_by_all_words_and_those_by_name_come_first) {
  auto search = [&](const char* text) {
    return ids(centers().products().search(text, 10).value());
  };
  EXPECT_THAT(search("FRYER air"), ElementsAre("p2", "p1", "p3"));
  EXPECT_THAT(search("fry"), ElementsAre("p2", "p1", "p3"));
  EXPECT_THAT(search("炸锅"), ElementsAre("p1"));
  EXPECT_THAT(search("杯"), ElementsAre("p3"));
  EXPECT_THAT(search("锅炸"), IsEmpty());
  EXPECT_THAT(search(""), IsEmpty());
  EXPECT_EQ(centers().products().search("fry", 1).value().size(), 1u);
}

TEST_P(center_contract, an_order_is_found_whole_by_id) {
  auto found = centers().trade().find("o2").value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->member_id, "m1");
  EXPECT_EQ(found->state, order_state::shipped);
  EXPECT_EQ(found->total_hundredths, 8900);
  EXPECT_EQ(found->logistics.carrier, "SF");
  EXPECT_EQ(found->logistics.last_place, "杭州");
  EXPECT_EQ(centers().trade().find("o1").value()->items.at(0).price_hundredths, 39900);
  EXPECT_FALSE(centers().trade().find("o99").value());
}

TEST_P(center_contract, a_members_orders_come_newest_first_and_are_only_theirs) {
  EXPECT_THAT(ids(centers().trade().orders_of("m1", {}).value()), ElementsAre("o3", "o2", "o1"));
  EXPECT_THAT(ids(centers().trade().orders_of("m1", {.most = 1}).value()), ElementsAre("o3"));
  EXPECT_THAT(ids(centers().trade().orders_of("m", {}).value()), IsEmpty());
}

TEST_P(center_contract, orders_are_picked_by_state_and_by_time) {
  auto of_m1 = [&](order_query q) { return ids(centers().trade().orders_of("m1", q).value()); };
  EXPECT_THAT(of_m1({.states = {order_state::shipped, order_state::completed}}),
              ElementsAre("o2", "o1"));
  EXPECT_THAT(of_m1({.from = day(2)}), ElementsAre("o3", "o2"));
  EXPECT_THAT(of_m1({.to = day(2)}), ElementsAre("o1"));
}

TEST_P(center_contract, open_orders_are_those_in_which_something_is_owed) {
  EXPECT_EQ(centers().trade().open_orders("m1").value(), 2u);
  EXPECT_EQ(centers().trade().open_orders("m10").value(), 1u);
  EXPECT_EQ(centers().trade().open_orders("m2").value(), 0u);
}

}  // namespace
}  // namespace switchboard::center
