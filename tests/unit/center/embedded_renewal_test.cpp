#include "adapters/center/stored_record.hpp"
#include "runtime/store/lmdb_env.hpp"
#include "tests/unit/center/embedded_folder.hpp"

namespace switchboard::center {
namespace {

/// A centers' folder as an earlier program left it: its index entries, and no mark.
class folded_before : public testing::Test {
 protected:
  void leave(const std::string& kind, const std::vector<std::string>& keys) {
    centers_.reset();
    auto env = store::lmdb_env::open({.dir = folder_.path(), .map_size = 64u << 20}).value();
    auto index = env->table(kind + ".index").value(), folding = env->table("folding").value();
    auto txn = env->begin_write().value();
    ASSERT_TRUE(txn.clear(index));
    for (auto& key : keys) ASSERT_TRUE(txn.put(index, key, "n"));
    ASSERT_TRUE(txn.erase(folding, kind));
    ASSERT_TRUE(txn.commit());
  }
  std::vector<std::string> products(const std::string& text) const {
    std::vector<std::string> out;
    auto found = centers_->products().search(text, 10).value();
    for (auto& p : found) out.push_back(p.id);
    return out;
  }
  std::string by_phone(const std::string& phone) const {
    auto found = centers_->members().find({.phone = phone}).value();
    return found.member ? found.member->id : "nobody";
  }

  embedded_folder folder_;
  std::unique_ptr<embedded_centers> centers_ = folder_.open();
};

using ids = std::vector<std::string>;

TEST_F(folded_before, products_are_found_by_what_an_earlier_program_indexed_otherwise) {
  ASSERT_TRUE(import_text(*centers_, center_kind::product,
                          R"({"product_id":"p1","name":"Лампа Éclair ﾗﾝﾌﾟ"})")
                  .good());
  leave("product",
        {std::string("Лампа\0p1", 13), std::string("Éclair\0p1", 10), std::string("gone\0p9", 7)});
  centers_ = folder_.open();
  EXPECT_EQ(products("лампа"), ids{"p1"});
  EXPECT_EQ(products("éclair"), ids{"p1"});
  EXPECT_EQ(products("ランプ"), ids{"p1"});
  EXPECT_EQ(products("gone"), ids{}) << "and not by what it left";
}

TEST_F(folded_before, members_are_found_by_a_number_that_was_stored_in_an_earlier_form) {
  ASSERT_TRUE(
      import_text(*centers_, center_kind::member, R"({"member_id":"m1","phone":"13800000001"})")
          .good());
  leave("member", {std::string("p8613800000001\0m1", 17)});
  centers_ = folder_.open();
  EXPECT_EQ(by_phone("86-138 0000 0001"), "m1");
}

TEST_F(folded_before, an_import_of_more_goes_on_from_an_index_made_anew) {
  ASSERT_TRUE(
      import_text(*centers_, center_kind::product, R"({"product_id":"p1","name":"ЛАМПА"})").good());
  leave("product", {});
  centers_ = folder_.open();
  ASSERT_TRUE(
      import_text(*centers_, center_kind::product, R"({"product_id":"p1","name":"Стол"})").good());
  EXPECT_EQ(products("лампа"), ids{});
  EXPECT_EQ(products("СТОЛ"), ids{"p1"});
}

}  // namespace
}  // namespace switchboard::center
