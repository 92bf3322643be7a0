#include <random>
#include <thread>

#include "tests/actor/feed/feed_fixture.hpp"

namespace switchboard {
namespace {

/// A thread that steps the pump without pause, while others append and commit.
class running_pump {
 public:
  running_pump(const store::journal& journal, feed_limits limits)
      : pump(
            journal, [] {}, limits) {
    thread_ = std::thread([this] {
      while (!over_) {
        auto now = feed_pump::clock::now();
        auto due = pump.step(now);
        if (!due || *due > now) std::this_thread::yield();
      }
    });
  }
  ~running_pump() {
    over_ = true;
    thread_.join();
  }
  feed_pump pump;

 private:
  std::atomic<bool> over_{false};
  std::thread thread_;
};

// Small pieces, so that the seam is crossed often.
feed_limits small_pieces(std::mt19937_64& rng) {
  feed_limits l;
  l.live_records = 1 + rng() % 20;
  l.slice_records = 1 + rng() % 20;
  l.slice_bytes = 1 + rng() % 2000;
  l.round = std::chrono::milliseconds(rng() % 2);
  return l;
}

class feed_seam : public testing::TestWithParam<std::uint64_t> {};

TEST_P(feed_seam, nothing_is_missed_or_doubled_while_consumers_join_under_load) {
  std::mt19937_64 rng(GetParam());
  store::memory_journal journal;
  session_scribe scribe(journal);
  const std::vector<std::string> channels{"app", "web"};
  for (int i = 0; i < 300; ++i) scribe.say(channels[rng() % 2], rng() % 5, 1 + rng() % 3);
  journal.commit_all();

  struct joined {
    std::string channel;
    feed_cursor after;
    std::shared_ptr<kept_output> out = std::make_shared<kept_output>();
  };
  std::vector<joined> all;
  {
    running_pump running(journal, small_pieces(rng));
    std::atomic<bool> over{false};
    std::thread committer([&, seed = rng()] {
      std::mt19937_64 own(seed);
      while (!over) {
        journal.commit_some(1 + own() % 7);
        if (own() % 8 == 0) std::this_thread::yield();
      }
      journal.commit_all();
    });
    std::thread joiner([&, seed = rng()] {
      std::mt19937_64 own(seed);
      for (int i = 0; i < 40; ++i) {
        auto durable = journal.durable();
        joined j{channels[own() % 2], {durable + 1, 0}};
        if (own() % 4 != 0) j.after = {1 + own() % durable, static_cast<std::uint32_t>(own() % 4)};
        running.pump.attach(j.channel, "consumer " + std::to_string(i), j.after, j.out);
        all.push_back(j);
        std::this_thread::sleep_for(std::chrono::microseconds(own() % 500));
      }
    });
    for (int i = 0; i < 3'000; ++i) {
      auto& channel = channels[rng() % 2];
      if (rng() % 5 == 0)
        scribe.note_and_say(channel, rng() % 5);
      else
        scribe.say(channel, rng() % 5, static_cast<int>(1 + rng() % 3));
      if (i % 16 == 0) std::this_thread::yield();
    }
    joiner.join();
    over = true;
    committer.join();
    for (auto& j : all) j.out->await(expected_feed(journal, j.channel, j.after).size());
    // Time for what must not come.
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  for (auto& j : all) {
    EXPECT_EQ(cursors_of(j.out->notifications()), expected_feed(journal, j.channel, j.after))
        << "seed " << GetParam() << ", after " << j.after.text();
  }
}

INSTANTIATE_TEST_SUITE_P(seeds, feed_seam, testing::Range<std::uint64_t>(1, 11));

}  // namespace
}  // namespace switchboard
