// No room in map or disk: refused in words, nothing lost, reads go on, and more room is all it
// takes.
#include <thread>

#include <gtest/gtest.h>

#include "runtime/store/store_verify.hpp"
#include "tests/store/store_fixture.hpp"

namespace switchboard::store {
namespace {

class full_store : public testing::Test {
 protected:
  full_store() : options_(small_store(dir_.path("s"), clock_)) {
    options_.on_fatal = [this](std::string_view why) {
      std::lock_guard lock(mutex_);
      fatal_ = why;
    };
    options_.on_notice = [this](std::string_view event, std::string_view) {
      std::lock_guard lock(mutex_);
      ++notices_[std::string(event)];
    };
    options_.trim_pause = millis{1};
    options_.projecting.tidy_pause = millis{20};
  }
  void open() {
    store_.reset();
    store_ = must_open(options_, {std::make_shared<counting_projection>()});
  }
  journal& log() { return store_->journal(); }
  void append(position n, std::size_t bytes = 200) {
    for (position i = 0; i < n; ++i) log().append(sample_record(log().last() + 1, bytes));
  }
  bool takes(work what) { return store_->gate().admits(what).open; }
  std::string refusal(work what) { return store_->gate().admits(what).reason; }
  bool noticed(const std::string& event) {
    std::lock_guard lock(mutex_);
    return notices_[event] > 0;
  }
  std::string fatal() {
    std::lock_guard lock(mutex_);
    return fatal_;
  }
  void expect_state_at(position n) {
    ASSERT_TRUE(store_->wait_projected(n, millis{10'000})) << fatal();
    EXPECT_EQ(folded_positions(store_->state()).size(), n);
    EXPECT_EQ(counted_in_all(store_->state()), n);
  }

  hand_clock clock_;
  scratch_dir dir_;
  store_options options_;
  std::mutex mutex_;
  std::string fatal_;
  std::map<std::string, int> notices_;
  std::unique_ptr<store> store_;
};

TEST_F(full_store, a_state_without_room_ends_nothing_and_readers_see_everything) {
  options_.state_map_bytes = 1 << 20;
  open();
  // Far past what the gate would have let in.
  while (!noticed("state_full") && log().last() < 200'000)
    append(200), log().append(sample_record(log().last() + 1)),
        std::this_thread::sleep_for(millis{1});
  append(1000);
  expect_state_at(log().last());
  EXPECT_EQ(fatal(), "");
  EXPECT_TRUE(store_->stats().projecting.aside);
  EXPECT_TRUE(wait_until([&] { return !takes(work::goes_on); }));
  EXPECT_NE(refusal(work::goes_on).find("state.map_size"), std::string::npos);
  EXPECT_TRUE(takes(work::frees));
  EXPECT_TRUE(takes(work::reads));
}

TEST_F(full_store, a_start_over_a_full_state_serves_reads_and_a_larger_map_takes_it_in) {
  options_.state_map_bytes = 1 << 20;
  open();
  while (!noticed("state_full") && log().last() < 200'000)
    append(200), std::this_thread::sleep_for(millis{1});
  append(1000);
  const auto all = log().last();
  expect_state_at(all);
  open();
  expect_state_at(all);
  EXPECT_TRUE(wait_until([&] { return !takes(work::goes_on); }));
  options_.state_map_bytes = 64 << 20;
  open();
  expect_state_at(all);
  EXPECT_TRUE(wait_until([&] { return takes(work::begins); }));
  EXPECT_FALSE(store_->stats().projecting.aside);
  store_.reset();
  EXPECT_EQ(verify_store(dir_.path("s"))->projected, all);
}

TEST_F(full_store, a_start_with_a_smaller_map_than_is_in_use_serves_reads) {
  open();
  append(60'000);
  expect_state_at(60'000);
  options_.state_map_bytes = options_.journal_map_bytes = 1 << 20;
  open();
  expect_state_at(60'000);
  EXPECT_TRUE(wait_until([&] { return !takes(work::goes_on); }));
  EXPECT_NE(refusal(work::begins).find("map_size"), std::string::npos);
  options_.state_map_bytes = options_.journal_map_bytes = 256 << 20;
  open();
  append(10);
  expect_state_at(60'010);
  EXPECT_TRUE(wait_until([&] { return takes(work::begins); }));
}

TEST_F(full_store, nothing_is_trimmed_that_only_memory_has) {
  options_.state_map_bytes = 1 << 20;
  open();
  while (!noticed("state_full") && log().last() < 200'000)
    append(200), std::this_thread::sleep_for(millis{1});
  append(500);
  const auto all = log().last();
  expect_state_at(all);
  clock_.advance(options_.retention + millis{1});
  append(10);
  ASSERT_TRUE(wait_until([&] { return log().first() > 1; }));
  std::this_thread::sleep_for(millis{200});
  open();
  expect_state_at(all + 10);
}

TEST_F(full_store, a_journal_without_room_waits_for_it_and_ends_nothing) {
  options_.journal_map_bytes = 2 << 20;
  open();
  position durable = 0;
  while (!noticed("journal_full") && log().last() < 200'000)
    append(100), std::this_thread::sleep_for(millis{1});
  ASSERT_TRUE(noticed("journal_full"));
  durable = log().durable();
  append(50);
  EXPECT_LT(log().durable(), log().last());
  EXPECT_TRUE(wait_until([&] { return !takes(work::frees); }));
  EXPECT_TRUE(takes(work::reads));
  EXPECT_NE(refusal(work::frees).find("journal.map_size"), std::string::npos);
  EXPECT_TRUE(store_->stats().journal_full);
  EXPECT_TRUE(log().read(1, 10, [](const placed_record&) { return true; }));
  EXPECT_EQ(fatal(), "");
  // A start over it.
  open();
  EXPECT_GE(log().durable(), durable);
  expect_state_at(log().durable());
  options_.journal_map_bytes = 64 << 20;
  open();
  append(100);
  expect_state_at(log().last());
  EXPECT_TRUE(wait_until([&] { return takes(work::begins); }));
}

TEST_F(full_store, a_journal_goes_on_by_itself_when_retention_makes_room) {
  options_.journal_map_bytes = 2 << 20;
  open();
  while (!noticed("journal_full") && log().last() < 200'000)
    append(100), std::this_thread::sleep_for(millis{1});
  const auto all = log().last();
  ASSERT_TRUE(store_->wait_projected(log().durable(), millis{10'000}));
  clock_.advance(options_.retention + millis{1});
  EXPECT_TRUE(wait_durable(log(), all)) << "what was appended before was kept";
  EXPECT_TRUE(wait_until([&] { return noticed("journal_has_room"); }));
  expect_state_at(all);
  // What was tried several times is on disk as if it had been tried once.
  store_.reset();
  auto whole = verify_store(dir_.path("s"));
  EXPECT_TRUE(whole) << whole.error().message;
}

TEST_F(full_store, between_the_thresholds_goes_on_what_is_under_way) {
  options_.journal_map_bytes = 8 << 20;
  options_.limits.map_used = 0.5;
  open();
  // Between two looks at the map the gate guesses, on the safe side: full is what a look has found
  // so.
  while (takes(work::begins)) {
    while (takes(work::begins)) append(1);
    ASSERT_TRUE(wait_durable(log(), log().last()));
    std::this_thread::sleep_for(millis{600});
  }
  EXPECT_TRUE(wait_until([&] { return !takes(work::begins) && takes(work::goes_on); }));
  while (takes(work::goes_on)) append(1);
  EXPECT_TRUE(takes(work::frees));
  EXPECT_EQ(fatal(), "");
}

TEST_F(full_store, the_reserve_grows_with_who_is_alive) {
  EXPECT_EQ(map_reserve(64 << 20, 0), 2u << 20);
  EXPECT_EQ(map_reserve(64 << 20, 1000), 1000u * reserve_for_one);
  EXPECT_EQ(map_reserve(64 << 20, 1'000'000), 16u << 20);
}

TEST_F(full_store, what_the_clock_takes_out_makes_room_in_a_full_state) {
  options_.state_map_bytes = 1 << 20;
  std::atomic<bool> forget{false};
  options_.projecting.tidy = [&](state_batch& batch, std::size_t at_most) {
    std::vector<std::string> keys;
    if (!forget) return keys.size();
    batch.scan("order", "", [&](std::string_view key, std::string_view) {
      keys.emplace_back(key);
      return keys.size() < at_most;
    });
    for (auto& key : keys) batch.erase("order", key);
    return keys.size();
  };
  open();
  while (!noticed("state_full") && log().last() < 200'000)
    append(200), std::this_thread::sleep_for(millis{1});
  ASSERT_TRUE(noticed("state_full"));
  append(100);
  ASSERT_TRUE(store_->wait_projected(log().last(), millis{10'000}));
  forget = true;
  EXPECT_TRUE(wait_until([&] { return noticed("state_has_room"); }));
  EXPECT_EQ(counted_in_all(store_->state()), log().last()) << "the rest is whole";
  EXPECT_EQ(fatal(), "");
}

}  // namespace
}  // namespace switchboard::store
