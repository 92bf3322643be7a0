#include "adapters/channel/transport/call_table.hpp"

#include <map>
#include <random>

#include <gtest/gtest.h>

namespace switchboard::channel {
namespace {

using answer = call_table::answer;

TEST(call_table, knows_a_call_until_it_is_answered) {
  call_table t;
  EXPECT_EQ(t.end(1), answer::unknown);
  EXPECT_TRUE(t.begin(1, 0));
  EXPECT_FALSE(t.begin(1, 0));
  EXPECT_EQ(t.end(1), answer::due);
  EXPECT_EQ(t.end(1), answer::unknown);
  EXPECT_TRUE(t.begin(1, 0));
}

TEST(call_table, expires_a_call_once_and_calls_its_answer_late) {
  call_table t;
  t.begin(1, 100);
  t.begin(2, 150);
  std::vector<std::uint32_t> expired;
  t.expire(199, 100, expired);
  EXPECT_TRUE(expired.empty());
  EXPECT_EQ(t.oldest_age(199), 99u);
  t.expire(200, 100, expired);
  EXPECT_EQ(expired, std::vector<std::uint32_t>{1});
  EXPECT_EQ(t.oldest_age(200), 50u);
  EXPECT_FALSE(t.begin(1, 200)) << "its answer may still come";
  EXPECT_EQ(t.end(1), answer::late);
  EXPECT_TRUE(t.begin(1, 200));
}

TEST(call_table, forgets_expired_calls_when_they_are_too_many) {
  call_table t;
  std::vector<std::uint32_t> expired;
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    t.begin(i, i);
    t.expire(i + 10, 10, expired);
  }
  EXPECT_EQ(expired.size(), 1'000u);
  EXPECT_LE(t.expired(), 257u);
}

TEST(call_table, measures_age_through_the_wrap_of_its_clock) {
  call_table t;
  t.begin(1, 0xfffffff0u);
  EXPECT_EQ(t.oldest_age(0x10), 0x20u);
}

TEST(call_table, behaves_like_a_map_under_random_use) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    std::mt19937 rng(seed);
    call_table t;
    std::map<std::uint32_t, bool> model;
    for (int step = 0; step < 5'000; ++step) {
      // Few values in few residues, so that probe runs collide and wrap.
      auto msgid = static_cast<std::uint32_t>(rng() % 8 * 16 + rng() % 4 + 14);
      if (rng() % 2 == 0) {
        ASSERT_EQ(t.begin(msgid, 0), model.emplace(msgid, true).second)
            << "seed " << seed << " step " << step;
      } else {
        ASSERT_EQ(t.end(msgid) == answer::due, model.erase(msgid) == 1)
            << "seed " << seed << " step " << step;
      }
      ASSERT_EQ(t.awaiting(), model.size());
    }
  }
}

}  // namespace
}  // namespace switchboard::channel
