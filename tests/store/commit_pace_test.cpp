#include "runtime/store/commit_pace.hpp"

#include <gtest/gtest.h>

using namespace std::chrono_literals;
using switchboard::store::commit_pace;

namespace {

constexpr auto none = commit_pace::duration{0};
const commit_pace::time_point start{1h};

/// A pace that has seen twenty commits of so many records, one a gap, the last of them at `start`.
commit_pace after_commits_of(std::size_t records) {
  commit_pace pace{2ms};
  for (int i = 20; i-- > 0;) pace.note(start - i * 2ms, records);
  return pace;
}

}  // namespace

TEST(commit_pace, a_lone_client_waits_for_nothing_however_fast_it_asks) {
  EXPECT_EQ(after_commits_of(1).wait(start + 100us), none);
  EXPECT_EQ(after_commits_of(4).wait(start + 100us), none);
}

TEST(commit_pace, a_crowd_shares_commits_a_gap_apart) {
  const auto pace = after_commits_of(20);
  EXPECT_EQ(pace.wait(start + 500us), 1500us);
  EXPECT_EQ(pace.wait(start + 2ms), none);
  EXPECT_EQ(pace.wait(start + 3ms), none);
}

TEST(commit_pace, a_crowd_that_has_gone_is_forgotten) {
  auto pace = after_commits_of(1000);
  pace.note(start + 17ms, 1);
  EXPECT_EQ(pace.wait(start + 17ms), none);
}

TEST(commit_pace, one_large_commit_makes_no_crowd_for_long) {
  auto pace = after_commits_of(1);
  pace.note(start + 1ms, 12);
  EXPECT_EQ(pace.wait(start + 1ms), none);
}

TEST(commit_pace, without_a_gap_nobody_ever_waits) {
  commit_pace pace{none};
  for (int i = 0; i < 20; ++i) pace.note(start, 1000);
  EXPECT_EQ(pace.wait(start), none);
}
