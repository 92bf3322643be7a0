// When the journal says no, what it trims, and how it ends when a commit fails.
#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "tests/store/store_fixture.hpp"

namespace switchboard::store {
namespace {

class limits : public testing::Test {
 protected:
  limits() : options_(small_store(dir_.path("s"), clock_)) {
    options_.on_fatal = [this](std::string_view why) {
      std::lock_guard lock(mutex_);
      fatal_ = why;
    };
    options_.trim_pause = millis{1};
  }
  ~limits() override { projection_->open_gate(true); }
  void open() { store_ = must_open(options_, {projection_}); }
  void append(position n) {
    for (position i = 0; i < n; ++i) log().append(sample_record(log().last() + 1));
  }
  journal& log() { return store_->journal(); }
  std::string fatal() {
    std::lock_guard lock(mutex_);
    return fatal_;
  }
  /// Waits until the gate is open or closed; answers the reason.
  std::string reason_when(bool open) {
    EXPECT_TRUE(wait_until([&] { return log().admits().open == open; }));
    return log().admits().reason;
  }
  bool wait_first(position at) {
    return wait_until([&] { return log().first() >= at; });
  }

  hand_clock clock_;
  scratch_dir dir_;
  store_options options_;
  std::shared_ptr<counting_projection> projection_ = std::make_shared<counting_projection>();
  std::mutex mutex_;
  std::string fatal_;
  std::unique_ptr<store> store_;
};

TEST_F(limits, refuse_work_before_the_map_is_full) {
  options_.journal_map_bytes = 8 << 20;
  open();
  // The gate estimates on the safe side, and opens again when the map has been measured.
  for (int round = 0; round < 4; ++round) {
    while (log().admits().open) append(1);
    // What was under way when the gate closed still fits.
    append(200);
    EXPECT_TRUE(wait_durable(log(), log().last()));
    std::this_thread::sleep_for(millis{110});
  }
  EXPECT_GT(store_->stats().journal.in_use(), (8u << 20) * 80 / 100) << "closed much too early";
  EXPECT_EQ(fatal(), "");
}

TEST_F(limits, say_how_full_the_map_is) {
  options_.journal_map_bytes = 8 << 20;
  options_.limits.map_used = 0.02;
  open();
  append(2000);
  // First the gate's own estimate closes it, then what was measured.
  auto said = [&](const char* words) {
    return log().admits().reason.find(words) != std::string::npos;
  };
  EXPECT_TRUE(wait_until([&] { return said("journal is ") && said(" % of its map"); }));
}

TEST_F(limits, whoever_comes_after_the_living_are_counted_finds_the_gate_as_it_is) {
  options_.journal_map_bytes = 8 << 20;
  options_.limits.map_used = 1.0;
  open();
  append(23'000);
  ASSERT_TRUE(wait_durable(log(), log().last()));
  std::this_thread::sleep_for(millis{600});
  ASSERT_GT(store_->stats().journal.in_use(), (8u << 20) * 3 / 4);
  ASSERT_TRUE(store_->gate().admits(work::begins).open);
  // They need a quarter of the map, which is not there.
  store_->count_alive_by([] { return std::uint64_t{1} << 30; });
  EXPECT_FALSE(store_->gate().admits(work::begins).open) << "not only when the writer looks again";
}

TEST_F(limits, of_how_full_a_map_may_be_change_while_it_runs) {
  options_.journal_map_bytes = 8 << 20;
  open();
  append(2000);
  EXPECT_TRUE(wait_durable(log(), log().last()));
  EXPECT_TRUE(log().admits().open);
  store_->take_limits(options_.retention, 0.02);
  EXPECT_NE(reason_when(false), "");
  store_->take_limits(options_.retention, 0.9);
  EXPECT_EQ(reason_when(true), "");
}

TEST_F(limits, refuse_work_before_large_records_fill_the_map) {
  options_.journal_map_bytes = 8 << 20;
  open();
  while (log().admits().open) log().append(sample_record(log().last() + 1, 2100));
  EXPECT_TRUE(wait_durable(log(), log().last()));
  EXPECT_EQ(fatal(), "");
}

TEST_F(limits, open_again_when_trimming_has_made_room) {
  options_.journal_map_bytes = 8 << 20;
  open();
  while (log().admits().open) append(1);
  ASSERT_TRUE(wait_durable(log(), log().last()));
  ASSERT_TRUE(store_->wait_projected(log().last(), millis{10'000}));
  clock_.advance(options_.retention + millis{1});
  ASSERT_TRUE(wait_first(log().last()));
  reason_when(true);
  EXPECT_EQ(fatal(), "");
}

TEST_F(limits, count_pages_given_back_as_room) {
  lmdb_options o;
  o.dir = dir_.path("env");
  o.map_size = 8 << 20;
  auto env = lmdb_env::open(o);
  ASSERT_TRUE(env);
  auto table = *(*env)->table("t");
  auto change = [&](auto how) {
    auto txn = (*env)->begin_write();
    ASSERT_TRUE(txn);
    how(*txn);
    ASSERT_TRUE(txn->commit());
  };
  change([&](auto& txn) { ASSERT_TRUE(txn.put(table, "big", std::string(7'700'000, 'x'))); });
  admission_limits l;
  l.disk_free_bytes = 0;
  admission_gate gate(l, **env);
  gate.refresh(0, millis{0});
  EXPECT_TRUE(gate.current(work::begins, 0).reason.starts_with("journal is 92 % of its map"));
  change([&](auto& txn) { ASSERT_TRUE(txn.erase(table, "big")); });
  EXPECT_TRUE(wait_until([&] {
    gate.refresh(0, millis{0});
    return gate.current(work::begins, 1'000'000).open;
  })) << gate.current(work::begins, 0).reason;
}

TEST_F(limits, refuse_work_on_a_disk_nearly_full) {
  options_.limits.disk_free_bytes = ~std::uint64_t{0};
  open();
  EXPECT_NE(reason_when(false).find("disk nearly full"), std::string::npos);
}

TEST_F(limits, refuse_work_while_the_projector_lags_by_many_events) {
  options_.limits.lag_events = 100;
  open();
  projection_->open_gate(false);
  append(500);
  EXPECT_NE(reason_when(false).find("projector lags"), std::string::npos);
  projection_->open_gate(true);
  EXPECT_EQ(reason_when(true), "");
}

TEST_F(limits, refuse_work_while_the_projector_lags_for_long) {
  open();
  projection_->open_gate(false);
  append(10);
  ASSERT_TRUE(wait_until([&] { return projection_->at_gate.load(); }));
  clock_.advance(millis{2500});
  EXPECT_EQ(reason_when(false), "projector lags 2500 ms");
  EXPECT_EQ(store_->stats().projecting.lag, millis{2500});
  projection_->open_gate(true);
  reason_when(true);
  EXPECT_EQ(store_->stats().projecting.lag, millis{0});
}

TEST_F(limits, refuse_work_while_too_much_waits_to_be_written) {
  options_.limits.queued_bytes = 100'000;
  open();
  std::promise<void> go_on;
  auto gone_on = go_on.get_future().share();
  int handle = log().on_durable([gone_on](position) { gone_on.wait(); });
  append(1);
  ASSERT_TRUE(wait_durable(log(), 1));
  append(1000);
  EXPECT_NE(reason_when(false).find("waiting to be written"), std::string::npos);
  go_on.set_value();
  reason_when(true);
  log().unsubscribe(handle);
}

TEST_F(limits, of_the_wait_for_a_commit_hold_for_several_that_are_slow_too) {
  options_.limits.commit = millis{100};
  open();
  const auto slow = log().on_durable([](position) { std::this_thread::sleep_for(millis{70}); });
  bool told = false;
  for (int n = 0; n < 200 && !told; ++n) {
    append(1);
    std::this_thread::sleep_for(millis{5});
    told = !store_->gate().answers().open;
  }
  EXPECT_TRUE(told) << "what came as one commit began has waited for two";
  log().unsubscribe(slow);
  EXPECT_TRUE(wait_until([&] { return store_->gate().answers().open; }));
}

TEST_F(limits, keep_records_younger_than_retention) {
  open();
  append(100);
  ASSERT_TRUE(store_->wait_projected(100, millis{10'000}));
  clock_.advance(options_.retention);
  std::this_thread::sleep_for(millis{150});
  EXPECT_EQ(log().first(), 1u);
}

TEST_F(limits, of_retention_change_while_it_runs) {
  open();
  append(100);
  ASSERT_TRUE(store_->wait_projected(100, millis{10'000}));
  clock_.advance(millis{5'000});
  store_->take_limits(millis{1'000}, 0.9);
  EXPECT_TRUE(wait_first(100));
}

TEST_F(limits, trim_what_is_old_and_projected_but_never_the_newest) {
  open();
  append(5000);
  ASSERT_TRUE(store_->wait_projected(5000, millis{10'000}));
  clock_.advance(options_.retention + millis{1});
  EXPECT_TRUE(wait_first(5000));
  EXPECT_EQ(log().first(), 5000u);
  auto read = log().read(10, 10, [](const placed_record&) { return true; });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, errc::failed_precondition);
  EXPECT_EQ(read.error().detail_name, "first_position");
  EXPECT_EQ(read.error().detail, 5000);
  store_.reset();
  open();
  EXPECT_EQ(log().first(), 5000u);
  EXPECT_EQ(log().append(sample_record(5001)), 5001u);
}

TEST_F(limits, trim_nothing_that_is_not_projected) {
  open();
  append(50);
  ASSERT_TRUE(store_->wait_projected(50, millis{10'000}));
  projection_->open_gate(false);
  append(50);
  ASSERT_TRUE(wait_durable(log(), 100));
  clock_.advance(options_.retention + millis{1});
  EXPECT_TRUE(wait_first(50));
  std::this_thread::sleep_for(millis{150});
  EXPECT_EQ(log().first(), 50u);
}

}  // namespace
}  // namespace switchboard::store
