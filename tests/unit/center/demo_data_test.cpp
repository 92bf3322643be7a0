#include <fstream>

#include <nlohmann/json.hpp>

#include "tests/unit/center/embedded_folder.hpp"

namespace switchboard::center {
namespace {

/// The demo's files, imported as the demo imports them. ctest runs this at the top of the source
/// tree.
class demo_data : public testing::Test {
 protected:
  embedded_folder folder_;
  std::unique_ptr<embedded_centers> centers_ = folder_.open();

  void load(center_kind kind, const std::string& name) {
    std::ifstream in("config/demo/" + name);
    ASSERT_TRUE(in) << name;
    auto format = name.ends_with(".csv") ? import_format::csv : import_format::jsonl;
    EXPECT_EQ(errors_of(centers_->import({kind, format, import_mode::upsert, name}, in)), "");
  }
  void SetUp() override {
    load(center_kind::member, "members.csv");
    load(center_kind::tag, "tags.jsonl");
    load(center_kind::product, "products.csv");
    load(center_kind::order, "orders.jsonl");
  }
};

TEST_F(demo_data, all_files_load_and_are_large_enough_to_look_at) {
  EXPECT_GE(centers_->count(center_kind::member).value(), 60u);
  EXPECT_GE(centers_->count(center_kind::product).value(), 40u);
  EXPECT_GE(centers_->count(center_kind::order).value(), 120u);
}

TEST_F(demo_data, every_request_is_of_a_member_there_is_and_about_an_order_of_theirs) {
  std::ifstream in("config/demo/requests.jsonl");
  int members = 0, visitors = 0;
  for (std::string line; std::getline(in, line);) {
    auto request = nlohmann::json::parse(line);
    auto& who = request["customer"];
    auto found = centers_->members()
                     .find({.member_id = who.value("member_id", ""),
                            .union_id = who.value("union_id", ""),
                            .phone = who.value("phone", ""),
                            .email = who.value("email", "")})
                     .value();
    EXPECT_TRUE(found.conflicts.empty()) << line;
    ++(found.member ? members : visitors);
    EXPECT_EQ(!found.member, who["id"].get<std::string>().starts_with("guest_")) << line;
    auto attributes = request.value("attributes", nlohmann::json::object());
    auto id = attributes.value("order_id", "");
    if (id.empty()) continue;
    auto order = centers_->trade().find(id).value();
    ASSERT_TRUE(order) << line;
    EXPECT_EQ(order->member_id, found.member->id) << line;
  }
  EXPECT_GT(members, 60);
  EXPECT_GT(visitors, 3);
}

TEST_F(demo_data, products_are_found_in_both_languages) {
  auto products = [&](const char* text) { return centers_->products().search(text, 20)->size(); };
  EXPECT_EQ(products("空气炸锅"), 2u);
  EXPECT_EQ(products("air fryer"), 2u);
  EXPECT_GE(products("耳机"), 2u);
}

TEST_F(demo_data, every_order_is_of_goods_the_shop_sells) {
  std::ifstream in("config/demo/orders.jsonl");
  for (std::string line; std::getline(in, line);) {
    auto order = nlohmann::json::parse(line);
    for (const auto& item : order.at("items")) {
      auto product = centers_->products().find(item.at("product_id").get<std::string>()).value();
      ASSERT_TRUE(product) << line;
      EXPECT_EQ(product->name, item.at("name").get<std::string>());
    }
  }
}

}  // namespace
}  // namespace switchboard::center
