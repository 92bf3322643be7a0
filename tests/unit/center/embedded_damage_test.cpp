#include <fstream>

#include "runtime/store/lmdb_env.hpp"
#include "tests/unit/center/embedded_folder.hpp"

namespace switchboard::center {
namespace {

/// Values of the centers as they lie on the disk: damaged there, or as an earlier program wrote
/// them.
class centers_on_disk : public testing::Test {
 protected:
  using change = std::function<std::string(std::string value)>;

  /// Rewrites the values of a table whose key is not below `from`, with the centers closed.
  void rewrite(const std::string& table, const change& how, const std::string& from = {}) {
    centers_.reset();
    auto env = store::lmdb_env::open({.dir = folder_.path(), .map_size = 64u << 20}).value();
    auto bare = env->table(table).value();
    auto txn = env->begin_write().value();
    std::vector<std::pair<std::string, std::string>> all;
    txn.scan(bare, from, [&](std::string_view key, std::string_view value) {
      all.emplace_back(key, value);
      return true;
    });
    for (auto& [key, value] : all) ASSERT_TRUE(txn.put(bare, key, how(value)));
    ASSERT_TRUE(txn.commit());
  }
  void mark_sealed(const std::string& how_far) {
    auto env = store::lmdb_env::open({.dir = folder_.path(), .map_size = 64u << 20}).value();
    auto sealing = env->table("_sealing").value();
    auto txn = env->begin_write().value();
    ASSERT_TRUE(how_far.empty() ? txn.clear(sealing) : txn.put(sealing, "values", how_far));
    ASSERT_TRUE(txn.commit());
  }
  static std::string flipped(std::string value) {
    value[value.size() / 2] ^= 4;
    return value;
  }
  static std::string without_checksum(std::string value) {
    return value.substr(0, value.size() - 4);
  }

  void fill() {
    ASSERT_TRUE(import_text(*centers_, center_kind::product, R"({"product_id":"p1","name":"lamp"}
{"product_id":"p2","name":"chair"})")
                    .good());
    ASSERT_TRUE(
        import_text(*centers_, center_kind::member, R"({"member_id":"m1","phone":"13800000001"})")
            .good());
    ASSERT_TRUE(
        import_text(*centers_, center_kind::tag, R"({"member_id":"m1","tags":["vip"]})").good());
    ASSERT_TRUE(
        import_text(
            *centers_, center_kind::order,
            R"({"order_id":"o1","member_id":"m1","state":"paid","created":"2026-01-02T03:04:05Z","currency":"CNY","items":[{"product_id":"p1","quantity":1,"price":"1.00"}]})")
            .good());
  }
  void expect_all() {
    EXPECT_EQ(centers_->products().find("p1").value()->name, "lamp");
    EXPECT_EQ(centers_->products().search("chair", 9).value().size(), 1u);
    EXPECT_EQ(centers_->members().find({.phone = "13800000001"}).value().member->id, "m1");
    EXPECT_EQ(centers_->tags().of_member("m1").value(), std::vector<std::string>{"vip"});
  }

  embedded_folder folder_;
  std::unique_ptr<embedded_centers> centers_ = folder_.open();
};

TEST_F(centers_on_disk,
       a_record_with_a_flipped_bit_is_an_error_in_words_and_the_others_are_answered) {
  fill();
  rewrite("product", flipped, "p2");
  centers_ = folder_.open();
  auto damaged = centers_->products().find("p2");
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, errc::internal);
  EXPECT_NE(damaged.error().message.find("damaged"), std::string::npos) << damaged.error().message;
  EXPECT_FALSE(centers_->products().search("chair", 9));
  EXPECT_EQ(centers_->products().find("p1").value()->name, "lamp");
}

TEST_F(centers_on_disk, a_flipped_bit_in_tags_or_in_an_index_is_not_answered_as_if_it_were_true) {
  fill();
  rewrite("tag", flipped);
  rewrite("member.index", [](std::string value) { return value + "x"; });
  centers_ = folder_.open();
  EXPECT_FALSE(centers_->tags().of_member("m1"));
  EXPECT_FALSE(centers_->members().find({.phone = "13800000001"}));
}

TEST_F(centers_on_disk, a_backup_of_them_says_what_is_damaged) {
  fill();
  ASSERT_TRUE(centers_->copy_to(folder_.path() + "/well"));
  rewrite("order", flipped);
  centers_ = folder_.open();
  auto done = centers_->copy_to(folder_.path() + "/ill");
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find("1 in table order"), std::string::npos)
      << done.error().message;
}

TEST_F(centers_on_disk, an_import_over_a_damaged_record_says_what_helps_and_that_helps) {
  fill();
  rewrite("product", flipped, "p2");
  centers_ = folder_.open();
  const auto chair = R"({"product_id":"p2","name":"stool"})";
  auto done = import_text(*centers_, center_kind::product, chair);
  EXPECT_NE(errors_of(done).find("--replace"), std::string::npos) << errors_of(done);
  done = import_text(*centers_, center_kind::product, chair, import_format::jsonl,
                     import_mode::replace);
  ASSERT_TRUE(done.good()) << errors_of(done);
  EXPECT_EQ(centers_->products().find("p2").value()->name, "stool");
}

TEST_F(centers_on_disk, of_an_earlier_program_are_read_and_get_their_checksums_once) {
  fill();
  for (auto table : {"member", "member.index", "tag", "tag.index", "product", "product.index",
                     "order", "order.index", "folding"})
    rewrite(table, without_checksum);
  mark_sealed({});
  centers_ = folder_.open();
  expect_all();
  centers_.reset();
  centers_ = folder_.open();
  expect_all();
  rewrite("product", flipped, "p2");
  centers_ = folder_.open();
  EXPECT_FALSE(centers_->products().find("p2"));
}

TEST_F(centers_on_disk, whose_sealing_was_cut_short_go_on_where_it_was) {
  fill();
  for (auto table : {"product.index", "order", "order.index", "folding"})
    rewrite(table, without_checksum);
  rewrite("product", without_checksum, "p2");
  // Tables in their order: product is the fifth, and p1 the last value that is done.
  mark_sealed("\4p1");
  centers_ = folder_.open();
  expect_all();
  EXPECT_EQ(centers_->products().find("p2").value()->name, "chair");
}

}  // namespace
}  // namespace switchboard::center
