// The store through kill -9, and the end of a process whose commit failed.
#include <cstring>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "tests/store/child_process.hpp"
#include "tests/store/store_fixture.hpp"

namespace switchboard::store {
namespace {

/// The last position the child told of, or 0.
position acknowledged(const std::string& acks) {
  const std::string all = slurp(acks);
  if (all.size() < sizeof(position)) return 0;
  position last;
  std::memcpy(&last, all.data() + all.size() / sizeof last * sizeof last - sizeof last,
              sizeof last);
  return last;
}

/// Checks every record from `from` on; answers the last.
position expect_whole(journal& j, position from) {
  position expected = from;
  auto read = j.read(from, 1'000'000, [&](const placed_record& r) {
    EXPECT_EQ(r.at, expected++);
    EXPECT_EQ(sample_flaw(r), "");
    return true;
  });
  EXPECT_TRUE(read) << read.error().message;
  return j.durable();
}

class crash : public testing::Test {
 protected:
  /// Waits for the child to acknowledge more than `before`, or to be late.
  void wait_for_more(position before) {
    wait_until([&] { return acknowledged(acks_) > before; });
  }
  scratch_dir dir_;
  std::string store_ = dir_.path("s");
  std::string acks_ = dir_.path("acks");
  std::string errors_ = dir_.path("errors");
  hand_clock clock_;
};

TEST_F(crash, loses_nothing_acknowledged_over_thirty_kills) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 rng(seed);
  position checked = 1;
  for (int round = 0; round < 30; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const position before = acknowledged(acks_);
    {
      child_process child({"append", store_, acks_}, {{"STORE_CHILD_SEED", std::to_string(rng())}},
                          errors_);
      wait_for_more(before);
      std::this_thread::sleep_for(std::chrono::microseconds(rng() % 30'000));
      child.kill();
      ASSERT_EQ(child.wait(), -SIGKILL) << slurp(errors_);
    }
    const position promised = acknowledged(acks_);
    ASSERT_GT(promised, before) << "the child got nowhere: " << slurp(errors_);
    auto s = must_open(small_store(store_, clock_), {std::make_shared<counting_projection>()});
    EXPECT_GE(s->journal().durable(), promised);
    EXPECT_LE(s->state().projected(), s->journal().durable());
    checked = expect_whole(s->journal(), checked);
  }
  auto s = must_open(small_store(store_, clock_), {std::make_shared<counting_projection>()});
  expect_whole(s->journal(), 1);
  ASSERT_TRUE(s->wait_projected(s->journal().durable(), millis{10'000}));
  EXPECT_EQ(folded_positions(s->state()).size(), s->journal().durable());
  EXPECT_EQ(counted_in_all(s->state()), s->journal().durable())
      << "a record was folded twice or never";
}

TEST_F(crash, ends_the_process_with_its_reason_when_a_commit_fails) {
  child_process child({"starve", store_, "1000000"}, {}, errors_);
  EXPECT_EQ(child.wait(), 1);
  const auto said = slurp(errors_);
  EXPECT_NE(said.find("the store cannot go on: journal: lmdb: committing: "), std::string::npos)
      << said;
  auto s = must_open(small_store(store_, clock_), {std::make_shared<counting_projection>()});
  EXPECT_GT(s->journal().durable(), 0u);
  expect_whole(s->journal(), 1);
}

}  // namespace
}  // namespace switchboard::store
