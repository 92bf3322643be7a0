#include "adapters/channel/transport/gate.hpp"

#include <gtest/gtest.h>

#include "tests/e2e/transport/fake_journal.hpp"

namespace switchboard::channel {
namespace {

struct recorder : gated_output {
  void release(store::position durable) override { released.push_back(durable); }
  std::vector<store::position> released;
};

struct gate_test : testing::Test {
  e2e::fake_journal journal;
  int wakes = 0;
  gate g{journal, [this] { ++wakes; }};
  std::shared_ptr<recorder> a = std::make_shared<recorder>(), b = std::make_shared<recorder>();
};

TEST_F(gate_test, wakes_at_once_for_what_is_durable_already) {
  journal.commit(5);
  g.list(a, 5);
  EXPECT_EQ(wakes, 1);
  g.drain();
  EXPECT_EQ(a->released, std::vector<store::position>{5});
}

TEST_F(gate_test, wakes_once_for_many_commits_and_many_outputs) {
  g.list(a, 1);
  g.list(b, 2);
  EXPECT_EQ(wakes, 0);
  journal.commit(1);
  journal.commit(2);
  g.list(b, 2);
  EXPECT_EQ(wakes, 1);
  g.drain();
  EXPECT_EQ(a->released, std::vector<store::position>{2});
}

TEST_F(gate_test, does_not_wake_when_nobody_waits) {
  journal.commit(1);
  g.list(a, 1);
  g.drain();
  wakes = 0;
  journal.commit(2);
  EXPECT_EQ(wakes, 0);
  EXPECT_EQ(a->released.size(), 1u);
}

TEST_F(gate_test, hears_nothing_of_the_journal_after_stop) {
  g.list(a, 9);
  g.stop();
  journal.commit(9);
  EXPECT_EQ(wakes, 0);
}

}  // namespace
}  // namespace switchboard::channel
