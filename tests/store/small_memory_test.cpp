// The small disks of a simulation behave as the daemon's.
#include <gtest/gtest.h>

#include "runtime/store/memory_state.hpp"
#include "tests/store/store_fixture.hpp"

namespace switchboard::store {
namespace {

struct small_memory : testing::Test {
  memory_journal log;
  memory_state state{log, {std::make_shared<counting_projection>()}};

  void append(position n) {
    for (position i = 0; i < n; ++i) log.append(sample_record(log.last() + 1));
    log.commit_all();
  }
  void power_cut() {
    log.crash();
    state.restart({std::make_shared<counting_projection>()});
  }
};

TEST_F(small_memory, a_full_state_shows_everything_and_folds_it_again_after_a_crash) {
  append(100);
  state.limit(state.bytes());
  EXPECT_FALSE(state.full());
  append(50);
  EXPECT_TRUE(state.full());
  EXPECT_EQ(state.projected(), 150u);
  EXPECT_EQ(state.stored(), 100u);
  EXPECT_EQ(counted_in_all(state), 150u);
  EXPECT_FALSE(log.admits(work::goes_on).open);
  EXPECT_TRUE(log.admits(work::frees).open);
  log.trim_below(150);
  EXPECT_EQ(log.first(), 100u) << "what is not stored is kept";
  power_cut();
  EXPECT_EQ(counted_in_all(state), 150u);
  EXPECT_TRUE(state.full());
  state.limit(0);
  EXPECT_FALSE(state.full());
  append(1);
  EXPECT_EQ(state.stored(), 151u);
  EXPECT_TRUE(log.admits(work::begins).open);
}

TEST_F(small_memory, a_full_journal_commits_what_fits_and_goes_on_after_trimming) {
  log.limit(210 * 100);
  append(150);
  EXPECT_LT(log.durable(), 150u);
  EXPECT_GT(log.durable(), 80u);
  EXPECT_FALSE(log.admits(work::begins).open);
  EXPECT_TRUE(log.admits(work::reads).open);
  log.trim_below(log.durable());
  log.commit_all();
  EXPECT_EQ(log.durable(), 150u);
}

TEST_F(small_memory, a_damaged_record_is_named_with_its_place) {
  append(10);
  log.damage(4);
  auto read = log.read(1, 100, [](const placed_record&) { return true; });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().detail, 4);
  EXPECT_TRUE(log.read(5, 100, [](const placed_record&) { return true; }));
}

}  // namespace
}  // namespace switchboard::store
