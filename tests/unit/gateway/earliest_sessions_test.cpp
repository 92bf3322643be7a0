#include "adapters/channel/gateway/earliest_sessions.hpp"

#include <random>

#include <gtest/gtest.h>

namespace switchboard {
namespace {

session_id opened(std::int64_t at_ms, shard_id shard = 0) {
  return make_session_id(shard, from_unix_ms(1'700'000'000'000 + at_ms), 1, 2);
}

TEST(earliest_sessions, a_limit_takes_those_opened_first_whatever_their_shards_and_in_that_order) {
  std::vector<session_id> all;
  for (int i = 0; i < 1'000; ++i) all.push_back(opened(i, static_cast<shard_id>(255 - i % 256)));
  auto shuffled = all;
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(7));
  earliest_sessions first(25);
  for (auto& id : shuffled) first.see(id);
  EXPECT_EQ(first.seen(), 1'000u);
  EXPECT_EQ(first.take(), std::vector<session_id>(all.begin(), all.begin() + 25));
}

TEST(earliest_sessions, fewer_than_the_limit_are_all_there) {
  earliest_sessions first(10);
  first.see(opened(5));
  first.see(opened(3));
  EXPECT_EQ(first.take(), (std::vector<session_id>{opened(3), opened(5)}));
  EXPECT_TRUE(earliest_sessions(10).take().empty());
}

}  // namespace
}  // namespace switchboard
