// A state of an older layout is rewritten at the start.
#include <gtest/gtest.h>

#include "runtime/store/store_verify.hpp"
#include "runtime/store/value_check.hpp"
#include "tests/store/store_fixture.hpp"

namespace switchboard::store {
namespace {

class migration : public testing::Test {
 protected:
  static constexpr position records = 3000;
  migration() {
    {
      auto s = open();
      for (position n = 1; n <= records; ++n) s->journal().append(sample_record(n));
      EXPECT_TRUE(s->wait_projected(records, millis{10'000}));
    }
    make_bare();
  }
  store_options options() const {
    auto o = small_store(dir_.path("s"), clock_);
    o.state_layout = layout_;
    o.layout_steps = steps_;
    o.on_notice = [this](std::string_view event, std::string_view words) {
      notices_.push_back(std::string(event) + ": " + std::string(words));
    };
    return o;
  }
  std::unique_ptr<store> open() {
    return must_open(options(), {std::make_shared<counting_projection>()});
  }
  /// As a program of before wrote it: no checksums, and no word of them.
  void make_bare() {
    auto env = *lmdb_env::open(state_environment(options()));
    std::map<std::string, std::map<std::string, std::string>> all;
    auto about = *env->table("_about");
    for (auto name : {"counts", "order"}) {
      auto t = *env->table(name);
      env->begin_read()->scan(t, "", [&](std::string_view key, std::string_view value) {
        all[name][std::string(key)] = value.substr(0, value.size() - checksum_bytes);
        return true;
      });
    }
    for (auto& [name, entries] : all) {
      auto t = *env->table(name);
      auto txn = *env->begin_write();
      for (auto& [key, value] : entries) ASSERT_TRUE(txn.put(t, key, value));
      ASSERT_TRUE(txn.commit());
    }
    auto txn = *env->begin_write();
    ASSERT_TRUE(txn.put(about, "position", integer_key(records)));
    ASSERT_TRUE(txn.erase(about, "values"));
    ASSERT_TRUE(txn.commit());
  }
  std::uint32_t layout_ = 1;
  layout_steps steps_;
  mutable std::vector<std::string> notices_;
  hand_clock clock_;
  scratch_dir dir_;
};

TEST_F(migration, gives_every_value_of_a_bare_state_a_checksum) {
  auto s = open();
  EXPECT_EQ(s->state().projected(), records);
  EXPECT_EQ(folded_positions(s->state()).size(), records);
  EXPECT_EQ(counted_in_all(s->state()), records);
  EXPECT_EQ(s->stats().damaged_values, 0u);
  s.reset();
  EXPECT_TRUE(verify_store(dir_.path("s")));
  EXPECT_FALSE(notices_.empty());
  notices_.clear();
  open();
  EXPECT_EQ(notices_, std::vector<std::string>{}) << "once is enough";
}

TEST_F(migration, takes_all_steps_that_are_lacking_one_behind_the_other) {
  layout_ = 3;
  steps_ = {{2, "keys are renamed",
             [](std::string_view t, std::string_view k, std::string_view v, const layout_sink& to) {
               return to(t, t == "counts" ? "x" + std::string(k) : std::string(k), v);
             }},
            {3, "what is renamed is found in both",
             [](std::string_view t, std::string_view k, std::string_view v, const layout_sink& to) {
               if (k.starts_with("x")) {
                 if (auto done = to(t, k.substr(1), v); !done) return done;
               }
               return to(t, k, v);
             }}};
  auto s = open();
  EXPECT_EQ(counted_in_all(s->state()), 2 * records);
  EXPECT_EQ(counted(s->state(), "key3"), counted(s->state(), "xkey3"));
  EXPECT_EQ(folded_positions(s->state()).size(), records);
}

TEST_F(migration, refuses_a_layout_that_no_step_leads_from) {
  layout_ = 3;
  steps_ = {{3, "nothing leads to 2", {}}};
  auto opened = open_store(options(), {std::make_shared<counting_projection>()});
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("has table layout 1, this program reads layout 3"),
            std::string::npos);
}

TEST_F(migration, cut_short_begins_again) {
  layout_ = 2;
  int left = 1000;
  steps_ = {{2, "cut",
             [&](std::string_view t, std::string_view k, std::string_view v,
                 const layout_sink& to) -> result<void> {
               if (--left == 0) return fail(errc::internal, "power cut");
               return to(t, k, v);
             }}};
  EXPECT_FALSE(open_store(options(), {std::make_shared<counting_projection>()}));
  auto s = open();
  EXPECT_EQ(counted_in_all(s->state()), records);
}

}  // namespace
}  // namespace switchboard::store
