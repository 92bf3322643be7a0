// What every journal and every state must do, run over LMDB and over memory.
#include <functional>
#include <thread>

#include <gtest/gtest.h>

#include "runtime/store/memory_journal.hpp"
#include "runtime/store/memory_state.hpp"
#include "tests/store/store_fixture.hpp"

namespace switchboard::store {
namespace {

/// A journal with a state behind it, however made.
class subject {
 public:
  virtual ~subject() = default;
  virtual journal& log() = 0;
  virtual state& table() = 0;
  /// Returns when everything appended is durable.
  virtual void settle() = 0;
  /// Returns when everything appended is projected.
  virtual void project() = 0;
};

class lmdb_subject final : public subject {
 public:
  lmdb_subject() : store_(must_open(small_store(dir_.path(), clock_), {projection_})) {}
  journal& log() override { return store_->journal(); }
  state& table() override { return store_->state(); }
  void settle() override { ASSERT_TRUE(wait_durable(log(), log().last())); }
  void project() override { ASSERT_TRUE(store_->wait_projected(log().last(), millis{10'000})); }

 private:
  scratch_dir dir_;
  hand_clock clock_;
  std::shared_ptr<counting_projection> projection_ = std::make_shared<counting_projection>();
  std::unique_ptr<store> store_;
};

class memory_subject final : public subject {
 public:
  journal& log() override { return journal_; }
  state& table() override { return state_; }
  void settle() override { journal_.commit_all(); }
  void project() override { journal_.commit_all(); }

 private:
  memory_journal journal_;
  memory_state state_{journal_, {std::make_shared<counting_projection>()}};
};

struct kind {
  const char* name;
  std::function<std::unique_ptr<subject>()> make;
};

class every_journal : public testing::TestWithParam<kind> {
 protected:
  std::unique_ptr<subject> s_ = GetParam().make();
  journal& log_ = s_->log();
};

TEST_P(every_journal, begins_at_position_one_with_nothing_behind) {
  EXPECT_EQ(log_.last(), 0u);
  EXPECT_EQ(log_.durable(), 0u);
  EXPECT_EQ(log_.projected(), 0u);
  EXPECT_EQ(log_.first(), 1u);
  EXPECT_TRUE(log_.admits().open);
  EXPECT_EQ(log_.append(sample_record(1)), 1u);
}

TEST_P(every_journal, gives_positions_without_gaps_in_the_order_of_the_calls) {
  for (position n = 1; n <= 500; ++n) ASSERT_EQ(log_.append(sample_record(n)), n);
  EXPECT_EQ(log_.last(), 500u);
}

TEST_P(every_journal, reads_back_what_was_appended) {
  for (position n = 1; n <= 300; ++n) log_.append(sample_record(n, n * 7 % 900));
  s_->settle();
  position expected = 1;
  auto next = log_.read(1, 1000, [&](const placed_record& r) {
    EXPECT_EQ(r.at, expected++);
    EXPECT_EQ(sample_flaw(r), "");
    EXPECT_EQ(r.body.events.size(), r.at * 7 % 900);
    return true;
  });
  ASSERT_TRUE(next);
  EXPECT_EQ(*next, 301u);
  EXPECT_EQ(expected, 301u);
}

TEST_P(every_journal, carries_every_field_of_a_record) {
  record r{entity_kind::channel, 255, 0xfffffffe, 1ull << 60, from_unix_ms(-5), "k", "", ""};
  log_.append(r);
  s_->settle();
  ASSERT_TRUE(log_.read(1, 1, [&](const placed_record& p) {
    EXPECT_EQ(p.body.kind, r.kind);
    EXPECT_EQ(p.body.shard, r.shard);
    EXPECT_EQ(p.body.epoch, r.epoch);
    EXPECT_EQ(p.body.entity_seq, r.entity_seq);
    EXPECT_EQ(p.body.at, r.at);
    EXPECT_EQ(p.body.key, r.key);
    EXPECT_EQ(p.body.channel, r.channel);
    EXPECT_EQ(p.body.events, r.events);
    return true;
  }));
}

TEST_P(every_journal, stops_reading_at_the_limit_and_when_the_visitor_has_enough) {
  for (position n = 1; n <= 20; ++n) log_.append(sample_record(n));
  s_->settle();
  auto all = [](const placed_record&) { return true; };
  EXPECT_EQ(log_.read(5, 4, all).value(), 9u);
  EXPECT_EQ(log_.read(5, 100, [](const placed_record& r) { return r.at < 7; }).value(), 8u);
  EXPECT_EQ(log_.read(5, 0, all).value(), 5u);
  EXPECT_EQ(log_.read(0, 100, all).value(), 21u);
}

TEST_P(every_journal, reads_nothing_past_its_end) {
  log_.append(sample_record(1));
  s_->settle();
  auto never = [](const placed_record&) -> bool { throw std::logic_error("visited"); };
  EXPECT_EQ(log_.read(2, 10, never).value(), 2u);
  EXPECT_EQ(log_.read(99, 10, never).value(), 99u);
}

TEST_P(every_journal, lets_a_visitor_use_the_journal) {
  for (position n = 1; n <= 3; ++n) log_.append(sample_record(n));
  s_->settle();
  position inner = 0;
  ASSERT_TRUE(log_.read(1, 1, [&](const placed_record&) {
    inner = log_.read(1, 3, [](const placed_record&) { return true; }).value();
    return true;
  }));
  EXPECT_EQ(inner, 4u);
}

TEST_P(every_journal, tells_subscribers_of_rising_durable_positions) {
  std::vector<position> told;
  std::mutex mutex;
  int handle = log_.on_durable([&](position at) {
    std::lock_guard lock(mutex);
    EXPECT_LE(at, log_.durable());
    told.push_back(at);
  });
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 10; ++i) log_.append(sample_record(log_.last() + 1));
    s_->settle();
  }
  log_.unsubscribe(handle);
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.back(), 50u);
  for (std::size_t i = 1; i < told.size(); ++i) EXPECT_LT(told[i - 1], told[i]);
}

TEST_P(every_journal, does_not_call_after_unsubscribe) {
  std::atomic<int> calls{0};
  int handle = log_.on_durable([&](position) { ++calls; });
  log_.append(sample_record(1));
  s_->settle();
  log_.unsubscribe(handle);
  const int before = calls;
  log_.append(sample_record(2));
  s_->settle();
  EXPECT_EQ(calls, before);
}

TEST_P(every_journal, lets_a_callback_take_itself_out) {
  std::atomic<int> calls{0};
  std::atomic<int> handle{0};
  handle = log_.on_durable([&](position) {
    ++calls;
    log_.unsubscribe(handle);
  });
  for (position n = 1; n <= 3; ++n) {
    log_.append(sample_record(n));
    s_->settle();
  }
  EXPECT_EQ(calls, 1);
}

TEST_P(every_journal, does_not_call_one_that_another_callback_has_just_taken_out) {
  std::atomic<int> second{0};
  std::atomic<int> calls{0};
  int first = log_.on_durable([&](position) { log_.unsubscribe(second); });
  second = log_.on_durable([&](position) { ++calls; });
  log_.append(sample_record(1));
  s_->settle();
  log_.unsubscribe(first);
  EXPECT_EQ(calls, 0);
}

TEST_P(every_journal, orders_appends_from_many_threads_once_each) {
  constexpr int threads = 4, each = 2000;
  std::vector<std::vector<position>> got(threads);
  {
    std::vector<std::jthread> pool;
    for (int t = 0; t < threads; ++t) {
      pool.emplace_back([&, t] {
        for (int i = 0; i < each; ++i) got[t].push_back(log_.append(sample_record(t)));
      });
    }
  }
  s_->settle();
  std::set<position> all;
  for (const auto& g : got) {
    EXPECT_TRUE(std::is_sorted(g.begin(), g.end()));
    all.insert(g.begin(), g.end());
  }
  EXPECT_EQ(all.size(), std::size_t{threads * each});
  EXPECT_EQ(*all.rbegin(), position{threads * each});
  EXPECT_EQ(log_.durable(), position{threads * each});
}

TEST_P(every_journal, folds_each_record_once_in_order_into_the_state) {
  constexpr position records = 1600;
  for (position n = 1; n <= records; ++n) {
    log_.append(sample_record(n));
    if (n % 400 == 0) s_->settle();
  }
  s_->project();
  EXPECT_EQ(log_.projected(), records);
  EXPECT_EQ(s_->table().projected(), records);
  for (int k = 0; k < 16; ++k) {
    EXPECT_EQ(counted(s_->table(), "key" + std::to_string(k)), records / 16);
  }
  EXPECT_EQ(folded_positions(s_->table()).size(), records);
}

TEST_P(every_journal, keeps_a_state_view_as_it_was_taken) {
  log_.append(sample_record(16));
  s_->project();
  auto old = s_->table().view();
  log_.append(sample_record(32));
  s_->project();
  EXPECT_EQ(old->find("counts", "key0"), "1");
  EXPECT_EQ(s_->table().view()->find("counts", "key0"), "2");
}

TEST_P(every_journal, scans_a_table_in_key_order_from_a_key_on) {
  for (position n = 1; n <= 16; ++n) log_.append(sample_record(n));
  s_->project();
  std::vector<std::string> keys;
  s_->table().view()->scan("counts", "key12", [&](std::string_view key, std::string_view) {
    keys.emplace_back(key);
    return keys.size() < 4;
  });
  EXPECT_EQ(keys, (std::vector<std::string>{"key12", "key13", "key14", "key15"}));
  EXPECT_EQ(s_->table().view()->find("no such table", "x"), std::nullopt);
  EXPECT_EQ(s_->table().view()->find("counts", ""), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(
    store, every_journal,
    testing::Values(kind{"lmdb", [] { return std::make_unique<lmdb_subject>(); }},
                    kind{"memory", [] { return std::make_unique<memory_subject>(); }}),
    [](const auto& p) { return p.param.name; });

}  // namespace
}  // namespace switchboard::store
