#include "tests/unit/center/embedded_folder.hpp"

namespace switchboard::center {
namespace {

class embedded_import : public testing::Test {
 protected:
  embedded_folder folder_;
  std::unique_ptr<embedded_centers> centers_ = folder_.open();

  import_report members(const std::string& csv, import_mode mode = import_mode::upsert) {
    return import_text(*centers_, center_kind::member, csv, import_format::csv, mode);
  }
  std::string by_phone(const std::string& phone) {
    auto found = centers_->members().find({.phone = phone}).value();
    return found.member ? found.member->id : "nobody";
  }
};

TEST_F(embedded_import, csv_and_json_lines_give_the_same_records) {
  ASSERT_TRUE(members("member_id,level,name,since,phone,attributes.city\n"
                      "m1,3,\"Lin, Xiao\",2020-05-01,138 0013 8001,杭州\n")
                  .good());
  auto from_csv = centers_->members().find({.member_id = "m1"}).value().member;
  ASSERT_TRUE(import_text(*centers_, center_kind::member,
                          R"({"member_id":"m1","level":3,"name":"Lin, Xiao","since":"2020-05-01",)"
                          R"("phone":"13800138001","attributes":{"city":"杭州"}})")
                  .good());
  EXPECT_EQ(centers_->members().find({.member_id = "m1"}).value().member, from_csv);
  EXPECT_EQ(from_csv->name, "Lin, Xiao");
}

TEST_F(embedded_import, one_bad_line_keeps_everything_out) {
  ASSERT_TRUE(members("member_id,phone\nm1,13800138001\n").good());
  auto report = members("member_id,phone\nm2,13800138002\nm1,13900139000\nm3,call me\nm4,12\n");
  EXPECT_EQ(errors_of(report), "f:4: phone: expected digits\nf:5: phone: expected digits\n");
  EXPECT_EQ(centers_->count(center_kind::member).value(), 1u);
  EXPECT_EQ(by_phone("13800138001"), "m1");
  EXPECT_EQ(by_phone("13800138002"), "nobody");
}

TEST_F(embedded_import, an_upsert_replaces_records_with_all_their_keys) {
  ASSERT_TRUE(members("member_id,phone,name\nm1,13800138001,a\nm2,13800138002,b\n").good());
  auto report = members("member_id,phone\nm1,13900139000\n");
  EXPECT_EQ(report.records, 1u);
  EXPECT_EQ(report.replaced, 1u);
  EXPECT_EQ(by_phone("13800138001"), "nobody");
  EXPECT_EQ(by_phone("13900139000"), "m1");
  EXPECT_EQ(by_phone("13800138002"), "m2");
  EXPECT_EQ(centers_->members().find({.member_id = "m1"}).value().member->name, "");
}

TEST_F(embedded_import, a_replacing_import_leaves_only_what_it_brings) {
  ASSERT_TRUE(members("member_id,phone\nm1,13800138001\n").good());
  ASSERT_TRUE(members("member_id,phone\nm2,13800138002\n", import_mode::replace).good());
  EXPECT_EQ(centers_->count(center_kind::member).value(), 1u);
  EXPECT_EQ(by_phone("13800138001"), "nobody");
  EXPECT_EQ(by_phone("13800138002"), "m2");
}

TEST_F(embedded_import, a_replacing_import_that_fails_leaves_what_was_there) {
  ASSERT_TRUE(members("member_id,phone\nm1,13800138001\n").good());
  EXPECT_FALSE(members("member_id,phone\nm2,x\n", import_mode::replace).good());
  EXPECT_EQ(by_phone("13800138001"), "m1");
}

TEST_F(embedded_import, the_same_record_twice_in_one_file_is_refused) {
  EXPECT_EQ(errors_of(members("member_id\nm1\nm2\nm1\n")), "f:4: the same record as on line 2\n");
}

TEST_F(embedded_import, a_broken_quote_is_told_by_the_line_it_opens_on) {
  EXPECT_EQ(errors_of(members("member_id,name\nm1,\"a\nb\"\nm2,\"open\nm3,x\n")),
            "f:4: a quote is never closed\n");
}

TEST_F(embedded_import, inner_fields_are_named_by_their_path) {
  auto report =
      import_text(*centers_, center_kind::order,
                  R"({"order_id":"o","member_id":"m","state":"payed","created":"2026-01-01",)"
                  R"("items":[{"product_id":"p","quantity":0}],"logistics":{"carier":"SF"}})");
  EXPECT_EQ(errors_of(report),
            "f:1: state: unknown state \"payed\"; did you mean \"paid\"?\n"
            "f:1: items[0].quantity: expected a whole number from 1 to 1000000\n"
            "f:1: logistics.carier: unknown field; did you mean \"carrier\"?\n");
}

TEST_F(embedded_import, a_wrong_inner_field_keeps_the_order_out) {
  auto report =
      import_text(*centers_, center_kind::order,
                  R"({"order_id":"o","member_id":"m","state":"paid","created":"2026-01-01",)"
                  R"("items":[{"quantity":"x"}]})");
  EXPECT_FALSE(report.good());
  EXPECT_EQ(centers_->count(center_kind::order).value(), 0u);
}

TEST_F(embedded_import, orders_come_from_csv_with_items_as_json) {
  auto report =
      import_text(*centers_, center_kind::order,
                  "order_id,member_id,state,created,total,items,logistics.carrier\n"
                  "o1,m1,shipped,2026-01-01,10,\"[{\"\"product_id\"\":\"\"p1\"\"}]\",SF\n",
                  import_format::csv);
  ASSERT_EQ(errors_of(report), "");
  auto order = centers_->trade().find("o1").value();
  EXPECT_EQ(order->items.at(0).product_id, "p1");
  EXPECT_EQ(order->logistics.carrier, "SF");
}

TEST_F(embedded_import, tags_belong_to_a_member_or_to_an_identity) {
  auto report =
      import_text(*centers_, center_kind::tag,
                  "member_id,channel,customer_id,tags\nm1,,,vip|big\n,app,,x\nm1,app,c,x\n",
                  import_format::csv);
  EXPECT_EQ(report.errors.size(), 2u);
  EXPECT_EQ(report.errors.at(0).line, 3);
  EXPECT_EQ(report.errors.at(1).line, 4);
}

TEST_F(embedded_import, errors_are_counted_past_the_first_hundred) {
  std::string csv = "member_id,level\n";
  for (int i = 0; i < 250; ++i) csv += "m" + std::to_string(i) + ",gold\n";
  auto report = members(csv);
  EXPECT_EQ(report.errors.size(), 100u);
  EXPECT_EQ(report.more_errors, 150u);
}

TEST_F(embedded_import, an_import_that_does_not_fit_says_so_and_leaves_what_was_there) {
  ASSERT_TRUE(members("member_id,phone\nm1,13800138001\n").good());
  centers_.reset();
  auto small = embedded_centers::open({.dir = folder_.path(), .map_size = 1u << 20}).value();
  std::string csv = "member_id,name\n";
  for (int i = 0; i < 20'000; ++i)
    csv += "n" + std::to_string(i) + "," + std::string(200, 'x') + "\n";
  auto report = import_text(*small, center_kind::member, csv, import_format::csv);
  ASSERT_EQ(report.errors.size(), 1u);
  EXPECT_GT(report.errors[0].line, 1);
  EXPECT_EQ(small->count(center_kind::member).value(), 1u);
}

TEST_F(embedded_import, what_was_imported_is_there_after_a_restart) {
  ASSERT_TRUE(members("member_id,phone\nm1,13800138001\n").good());
  centers_.reset();
  centers_ = folder_.open();
  EXPECT_EQ(by_phone("13800138001"), "m1");
}

TEST_F(embedded_import, one_folder_is_opened_once_in_a_process) {
  EXPECT_FALSE(embedded_centers::open({.dir = folder_.path(), .map_size = 64u << 20}));
}

TEST(embedded_trade, what_is_bought_together_follows_the_orders_that_are_there_now) {
  embedded_folder folder;
  auto centers = folder.open();
  auto orders = [&](const std::string& text) {
    EXPECT_EQ(errors_of(import_text(*centers, center_kind::order, text)), "");
  };
  auto together = [&](const std::vector<std::string>& ids) {
    std::string out;
    auto found = centers->trade().bought_together(ids, 10).value();
    for (auto& one : found) {
      out += one.product_id + " with " + one.with + " " + std::to_string(one.orders) + "; ";
    }
    return out;
  };
  auto order = [](const char* id, const char* first, const char* second) {
    return R"({"order_id":")" + std::string(id) +
           R"(","member_id":"m1","state":"paid","created":"2026-01-01","items":[{"product_id":")" +
           first + R"("},{"product_id":")" + second + "\"}]}\n";
  };
  orders(order("o1", "p1", "p2") + order("o2", "p1", "p2") + order("o3", "p1", "p3") +
         order("o4", "p10", "p4"));
  EXPECT_EQ(together({"p1"}), "p2 with p1 2; p3 with p1 1; ");
  EXPECT_EQ(together({"p1", "p2"}), "p3 with p1 1; ") << "what was asked about is no answer";
  EXPECT_EQ(together({"p"}), "");
  orders(order("o2", "p9", "p2"));
  EXPECT_EQ(together({"p1"}), "p2 with p1 1; p3 with p1 1; ");
  EXPECT_EQ(centers->trade().orders_of("m1", {}).value().size(), 4u);
}

}  // namespace
}  // namespace switchboard::center
