#include "adapters/center_http/record_mapping.hpp"

#include <gmock/gmock.h>

namespace switchboard::center {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

config::center_mapping mapped(const char* center, const char* text) {
  auto read = config::parse_mapping(center, text);
  EXPECT_TRUE(read) << (read ? "" : config::to_string(read.error()));
  return read.value_or(config::default_mapping(center));
}

TEST(record_mapping, a_record_in_our_own_form_needs_no_mapping) {
  auto m = member_in(json::parse(R"({"member_id":"m1","level":3,"name":"林","phone":"138 0013 8001",
                                    "attributes":{"city":"杭州","vip":true}})"),
                     config::default_mapping("member"));
  ASSERT_TRUE(m) << m.error().message;
  EXPECT_EQ(m->level, 3);
  EXPECT_EQ(m->phone, "13800138001");
  EXPECT_EQ(m->attributes.at("vip"), "true");
}

TEST(record_mapping, fields_are_taken_from_where_the_mapping_says) {
  auto mapping = mapped("member", R"(
fields: {member_id: /uid, level: /profile/grade, since: /created, attributes: /extra}
attributes: {city: /profile/address/0/city}
times: seconds
)");
  auto m = member_in(json::parse(R"({"uid":77,"profile":{"grade":"4","address":[{"city":"Hefei"}]},
      "created":1588291200,"extra":{"a":1,"nested":{"left":"out"}},"unknown":[1,2]})"),
                     mapping);
  ASSERT_TRUE(m) << m.error().message;
  EXPECT_EQ(m->id, "77");
  EXPECT_EQ(m->level, 4);
  EXPECT_EQ(unix_ms(m->since), 1'588'291'200'000);
  EXPECT_EQ(m->attributes, (std::map<std::string, std::string>{{"a", "1"}, {"city", "Hefei"}}));
}

TEST(record_mapping, an_order_has_their_states_amounts_items_and_logistics) {
  auto mapping = mapped("trade", R"(
fields: {order_id: /no, member_id: /buyer/id, items: /lines, logistics: /parcel, total: /amount}
items: {product_id: /sku, name: /title, quantity: /n, price: /unit_price}
logistics: {carrier: /by, tracking_no: /no, last_place: /at}
states: {PAID: paid, SENT: shipped}
amounts: hundredths
)");
  auto o =
      order_in(json::parse(R"({"no":"o1","buyer":{"id":"m1"},"state":"SENT","created":1767225600000,
      "amount":39905,"lines":[{"sku":"p1","title":"锅","n":2,"unit_price":19950}],
      "parcel":{"by":"SF","no":"SF1","at":"Hefei"}})"),
               mapping);
  ASSERT_TRUE(o) << o.error().message;
  EXPECT_EQ(o->state, order_state::shipped);
  EXPECT_EQ(o->total_hundredths, 39905);
  EXPECT_EQ(o->items.at(0), (order_item{"p1", "锅", 2, 19950}));
  EXPECT_EQ(o->logistics.carrier, "SF");
  EXPECT_EQ(o->logistics.last_place, "Hefei");
}

TEST(record_mapping, an_amount_that_became_a_binary_fraction_is_still_the_amount) {
  auto p = product_in(json::parse(R"({"product_id":"p","name":"n","price":0.30000000000000004})"),
                      config::default_mapping("product"));
  ASSERT_TRUE(p) << p.error().message;
  EXPECT_EQ(p->price_hundredths, 30);
}

TEST(record_mapping, a_long_description_is_cut_between_characters) {
  json long_one{{"product_id", "p"}, {"name", "n"}};
  std::string text = "x";
  while (text.size() < 9000) text += "锅";
  long_one["description"] = text;
  auto p = product_in(long_one, config::default_mapping("product"));
  ASSERT_TRUE(p) << p.error().message;
  EXPECT_LE(p->description.size(), 8000u);
  EXPECT_EQ((p->description.size() - 1) % 3, 0u);
}

TEST(record_mapping, nonsense_names_the_field_and_is_unavailable) {
  auto mapping = config::default_mapping("member");
  for (auto [text, field] : {std::pair{R"({"name":"x"})", "member_id: missing"},
                             std::pair{R"({"member_id":"m","level":1000})", "level: "},
                             std::pair{R"({"member_id":{"a":1}})", "member_id: "},
                             std::pair{R"("m1")", "expected an object"}}) {
    auto m = member_in(json::parse(text), mapping);
    ASSERT_FALSE(m) << text;
    EXPECT_EQ(m.error().code, errc::unavailable);
    EXPECT_THAT(m.error().message, HasSubstr(field));
  }
}

TEST(record_mapping, records_are_those_of_a_list_or_one_alone) {
  auto answer =
      json::parse(R"({"data":{"list":[{"a":1},{"a":2}],"one":{"a":3}},"none":null,"text":"x"})");
  EXPECT_EQ(records_at(answer, "/data/list").value().size(), 2u);
  EXPECT_EQ(records_at(answer, "/data/one").value().size(), 1u);
  EXPECT_THAT(records_at(answer, "/none").value(), IsEmpty());
  EXPECT_THAT(records_at(answer, "/elsewhere").value(), IsEmpty());
  EXPECT_FALSE(records_at(answer, "/text"));
  EXPECT_THAT(records_at(json(), "").value(), IsEmpty());
}

TEST(record_mapping, tags_are_words_or_objects_with_a_word) {
  auto plain = config::default_mapping("tag");
  EXPECT_THAT(tags_in(json::parse(R"(["b","a","b"])"), plain).value(), ElementsAre("a", "b"));
  auto objects = mapped("tag", "fields: {tag: /label}");
  EXPECT_THAT(tags_in(json::parse(R"([{"label":"vip"},{"label":"new"}])"), objects).value(),
              ElementsAre("new", "vip"));
  EXPECT_FALSE(tags_in(json::parse("[1]"), plain));
  EXPECT_FALSE(tags_in(json::parse("{}"), plain));
}

TEST(record_mapping, orders_of_somebody_else_are_never_handed_on) {
  order_record mine{.id = "o1", .member_id = "m1"}, other{.id = "o2", .member_id = "m2"};
  auto found = matching_orders({mine, other}, "m1", {});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].id, "o1");
}

TEST(record_mapping, companions_are_read_and_the_most_frequent_come_first) {
  auto found = companions_in(json::parse(
      R"([{"product_id":"p2","with":"p1","orders":3},{"product_id":"p3","with":"p1","orders":9}])"));
  ASSERT_TRUE(found);
  EXPECT_THAT(*found, ElementsAre(companion{"p3", "p1", 9}, companion{"p2", "p1", 3}));
  EXPECT_FALSE(companions_in(json::parse(R"([{"with":"p1"}])")));
}

}  // namespace
}  // namespace switchboard::center
