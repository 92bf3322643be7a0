#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "runtime/store/memory_state.hpp"
#include "tests/store/store_fixture.hpp"

namespace switchboard::store {
namespace {

class projecting : public testing::Test {
 protected:
  projecting() : options_(small_store(dir_.path("s"), clock_)) {}
  ~projecting() override { projection_->open_gate(true); }
  void open() { store_ = must_open(options_, {projection_}); }
  void append(position n) {
    auto& log = store_->journal();
    for (position i = 0; i < n; ++i) log.append(sample_record(log.last() + 1));
  }
  void expect_all(position n) {
    ASSERT_TRUE(store_->wait_projected(n, millis{10'000}));
    EXPECT_EQ(folded_positions(store_->state()).size(), n);
    EXPECT_EQ(projection_->folded, n);
  }
  hand_clock clock_;
  scratch_dir dir_;
  store_options options_;
  std::shared_ptr<counting_projection> projection_ = std::make_shared<counting_projection>();
  std::unique_ptr<store> store_;
};

TEST_F(projecting, gathers_many_records_into_one_transaction) {
  options_.projecting.flush_interval = millis{10'000};
  open();
  append(20'000);
  expect_all(20'000);
  EXPECT_LE(store_->stats().projecting.batches, 3u);
}

TEST_F(projecting, flushes_at_the_count) {
  options_.projecting.flush_interval = millis{10'000};
  options_.projecting.flush_records = 1000;
  open();
  append(20'000);
  ASSERT_TRUE(wait_durable(store_->journal(), 20'000));
  expect_all(20'000);
  EXPECT_GE(store_->stats().projecting.batches, 3u);
}

TEST_F(projecting, flushes_at_the_interval_without_being_asked) {
  open();
  append(10);
  EXPECT_TRUE(wait_until([&] { return store_->state().projected() == 10; }));
}

/// Each of its flushes takes 40 ms.
class slow_projection final : public projection {
 public:
  std::vector<std::string> tables() const override { return {}; }
  void fold(const placed_record&, const state_view&) override {}
  void flush(state_batch&) override { std::this_thread::sleep_for(millis{40}); }
};

TEST_F(projecting, folds_twice_as_long_as_a_flush_takes) {
  options_.projecting.flush_interval = millis{1};
  store_ = must_open(options_, {std::make_shared<slow_projection>()});
  const auto end = std::chrono::steady_clock::now() + millis{1'200};
  while (std::chrono::steady_clock::now() < end) {
    append(1);
    std::this_thread::sleep_for(millis{2});
  }
  // Flushed each millisecond it would be thirty times.
  EXPECT_LE(store_->stats().projecting.batches, 15u);
  EXPECT_GE(store_->stats().projecting.batches, 2u);
}

TEST_F(projecting, reads_back_from_the_journal_what_did_not_fit_into_memory) {
  options_.feed_bytes = 3 << 20;
  open();
  projection_->open_gate(false);
  append(1);
  ASSERT_TRUE(wait_until([&] { return projection_->at_gate.load(); }));
  append(59'999);
  ASSERT_TRUE(wait_durable(store_->journal(), 60'000));
  projection_->open_gate(true);
  expect_all(60'000);
  EXPECT_GT(store_->stats().projecting.read_back, 0u);
}

TEST_F(projecting, needs_no_memory_at_all_to_fold_everything) {
  options_.feed_bytes = 0;
  open();
  append(20'000);
  expect_all(20'000);
  EXPECT_EQ(store_->stats().projecting.read_back, 20'000u);
}

TEST_F(projecting, shows_how_far_it_is_behind) {
  open();
  projection_->open_gate(false);
  append(100);
  ASSERT_TRUE(wait_durable(store_->journal(), 100));
  EXPECT_EQ(store_->stats().projecting.lag_events, 100u);
  EXPECT_FALSE(store_->wait_projected(100, millis{20}));
  projection_->open_gate(true);
  expect_all(100);
  EXPECT_EQ(store_->stats().projecting.lag_events, 0u);
}

TEST_F(projecting, folds_everything_before_it_stops) {
  options_.projecting.flush_interval = millis{10'000};
  open();
  append(3000);
  store_->stop();
  EXPECT_EQ(store_->state().projected(), 3000u);
}

/// Fails at record 7.
class failing_projection final : public projection {
 public:
  std::vector<std::string> tables() const override { return {}; }
  void fold(const placed_record& r, const state_view&) override {
    if (r.at == 7) throw std::runtime_error("unknown event");
  }
  void flush(state_batch&) override {}
};

TEST_F(projecting, says_at_which_record_a_projection_failed_and_stores_nothing_of_it) {
  std::mutex mutex;
  std::string fatal;
  options_.on_fatal = [&](std::string_view why) {
    std::lock_guard lock(mutex);
    fatal = why;
  };
  options_.projecting.flush_interval = millis{10'000};
  store_ = must_open(options_, {std::make_shared<failing_projection>()});
  append(10);
  ASSERT_TRUE(wait_until([&] {
    std::lock_guard lock(mutex);
    return !fatal.empty();
  }));
  store_->stop();
  EXPECT_EQ(fatal, "projector: at record 7: unknown event");
  EXPECT_LT(store_->state().projected(), 7u);
}

/// The order in which `fold` is called, and whether it saw the state as the batch before left it.
class looking_projection final : public projection {
 public:
  std::vector<std::string> tables() const override { return {"sum"}; }
  void fold(const placed_record& r, const state_view& before) override {
    EXPECT_EQ(r.at, last_ + 1);
    auto stored = before.find("sum", "last");
    EXPECT_EQ(stored ? std::stoull(*stored) : 0, flushed_);
    last_ = r.at;
  }
  void flush(state_batch& batch) override {
    batch.put("sum", "last", std::to_string(last_));
    EXPECT_EQ(batch.find("sum", "last"), std::to_string(last_));
    batch.put("sum", "gone", "x");
    batch.erase("sum", "gone");
    EXPECT_EQ(batch.find("sum", "gone"), std::nullopt);
    flushed_ = last_;
  }

 private:
  position last_ = 0;
  position flushed_ = 0;
};

TEST_F(projecting, folds_in_order_over_the_state_as_the_last_batch_left_it) {
  options_.projecting.flush_interval = millis{1};
  store_ = must_open(options_, {std::make_shared<looking_projection>()});
  for (int i = 0; i < 50; ++i) {
    append(50);
    ASSERT_TRUE(store_->wait_projected(store_->journal().last(), millis{10'000}));
  }
  EXPECT_GE(store_->stats().projecting.batches, 50u);
}

class in_memory : public testing::Test {
 protected:
  void append(position n) {
    for (position i = 0; i < n; ++i) log_.append(sample_record(log_.last() + 1));
  }
  memory_journal log_;
};

TEST_F(in_memory, commits_as_many_as_it_is_told) {
  append(10);
  EXPECT_EQ(log_.commit_some(4), 4u);
  EXPECT_EQ(log_.durable(), 4u);
  EXPECT_EQ(log_.uncommitted(), 6u);
  EXPECT_EQ(log_.commit_all(), 6u);
  EXPECT_EQ(log_.commit_all(), 0u);
}

TEST_F(in_memory, loses_the_unsynced_tail_in_a_crash) {
  append(10);
  log_.commit_some(4);
  int calls = 0;
  log_.on_durable([&](position) { ++calls; });
  log_.crash();
  EXPECT_EQ(log_.last(), 4u);
  EXPECT_EQ(log_.append(sample_record(5)), 5u);
  log_.commit_all();
  EXPECT_EQ(calls, 0) << "the dead were called";
  EXPECT_EQ(log_.read(1, 10, [](const placed_record&) { return true; }).value(), 6u);
}

TEST_F(in_memory, keeps_the_state_through_a_crash_and_catches_up) {
  memory_state state(log_, {std::make_shared<counting_projection>()});
  append(16);
  log_.commit_all();
  state.hold(true);
  append(16);
  log_.commit_all();
  EXPECT_EQ(log_.projected(), 16u);
  log_.crash();
  state.restart({std::make_shared<counting_projection>()});
  EXPECT_EQ(log_.projected(), 16u) << "held";
  state.hold(false);
  EXPECT_EQ(log_.projected(), 32u);
  EXPECT_EQ(counted(state, "key5"), 2u);
}

TEST_F(in_memory, refuses_and_trims_when_it_is_told) {
  append(10);
  log_.commit_all();
  log_.refuse("disk nearly full");
  EXPECT_EQ(log_.admits().reason, "disk nearly full");
  log_.refuse(std::nullopt);
  EXPECT_TRUE(log_.admits().open);
  log_.trim_below(6);
  EXPECT_EQ(log_.first(), 1u) << "trimmed what is not projected";
  log_.set_projected(8);
  log_.trim_below(6);
  EXPECT_EQ(log_.first(), 6u);
  auto read = log_.read(3, 1, [](const placed_record&) { return true; });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().detail, 6);
}

}  // namespace
}  // namespace switchboard::store
