#include "adapters/channel/transport/gated_queue.hpp"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace switchboard::channel {
namespace {

constexpr std::uint32_t call = 7;

std::string taken(gated_queue& q, store::position durable, std::size_t most = 1 << 20) {
  std::string out;
  q.take(durable, most, out);
  return out;
}

TEST(gated_queue, releases_what_is_durable_and_keeps_the_rest) {
  gated_queue q;
  q.push(1, "a", "1", &call);
  q.push(3, "b", "3", nullptr);
  EXPECT_EQ(taken(q, 0), "");
  EXPECT_EQ(q.front(), 1u);
  EXPECT_EQ(taken(q, 2), "a1");
  EXPECT_EQ(q.front(), 3u);
  EXPECT_EQ(taken(q, 3), "b3");
  EXPECT_TRUE(q.empty());
}

TEST(gated_queue, holds_a_small_position_behind_a_larger_one) {
  gated_queue q;
  q.push(9, "a", "", &call);
  q.push(0, "b", "", &call);
  EXPECT_EQ(taken(q, 8), "");
  EXPECT_EQ(taken(q, 9), "ab");
}

TEST(gated_queue, counts_frames_and_replies_as_they_leave) {
  gated_queue q;
  for (int i = 0; i < 10; ++i) q.push(i / 5, "x", "y", i % 2 == 0 ? &call : nullptr);
  std::string out;
  auto first = q.take(0, 1 << 20, out);
  EXPECT_EQ(first.frames, 5u);
  EXPECT_EQ(first.replies, 3u);
  out.clear();
  auto second = q.take(1, 1 << 20, out);
  EXPECT_EQ(second.frames, 5u);
  EXPECT_EQ(second.replies, 2u);
}

TEST(gated_queue, hands_out_about_as_much_as_asked_and_always_something) {
  gated_queue q;
  for (int i = 1; i <= 10; ++i)
    q.push(static_cast<store::position>(i), std::string(100, 'x'), "", nullptr);
  EXPECT_EQ(taken(q, 10, 250).size(), 200u);
  EXPECT_EQ(taken(q, 10, 10).size(), 100u);
  EXPECT_EQ(q.bytes(), 700u);
}

TEST(gated_queue, gives_up_its_answers_and_keeps_what_nobody_asked_for) {
  gated_queue q;
  constexpr std::uint32_t first = 1, second = 2, third = 3;
  q.push(1, "gone", "", &first);
  q.push(5, "event", " 5", nullptr);
  q.push(4, "answer", " 4", &second);
  q.push(5, "event", " 5 too", nullptr);
  q.push(9, "answer", " 9", &third);
  ASSERT_EQ(taken(q, 1), "gone");
  auto answers = q.take_answers();
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].msgid, 2u);
  EXPECT_EQ(answers[0].after, 4u) << "its own, and not of what stood before it";
  EXPECT_EQ(answers[0].frame, "answer 4");
  EXPECT_EQ(answers[1].msgid, 3u);
  EXPECT_EQ(answers[1].frame, "answer 9");
  q.push(6, "event", " 6", nullptr);
  EXPECT_EQ(taken(q, 5), "event 5event 5 too");
  EXPECT_EQ(taken(q, 6), "event 6");
  EXPECT_TRUE(q.empty());
  EXPECT_TRUE(q.take_answers().empty());
}

TEST(gated_queue, behaves_like_a_list_of_frames_under_random_use) {
  for (std::uint32_t seed = 1; seed <= 30; ++seed) {
    std::mt19937 rng(seed);
    gated_queue q;
    struct piece {
      store::position first;
      std::string second;
      bool answers;
    };
    std::vector<piece> model;
    store::position at = 0, durable = 0;
    std::string sent, expected;
    for (int step = 0; step < 2'000; ++step) {
      if (rng() % 3 != 0) {
        auto body = std::to_string(step) + std::string(rng() % 300, '.');
        auto after = rng() % 4 == 0 ? 0 : ++at;
        const bool answers = rng() % 3 == 0;
        q.push(after, "<", body, answers ? &call : nullptr);
        model.push_back(
            {model.empty() ? after : std::max(after, model.back().first), "<" + body, answers});
        continue;
      }
      durable = std::min<store::position>(at, durable + rng() % 6);
      sent += taken(q, durable);
      while (!model.empty() && model.front().first <= durable) {
        expected += model.front().second;
        model.erase(model.begin());
      }
      ASSERT_EQ(sent, expected) << "seed " << seed << " step " << step;
      if (rng() % 8 == 0) {
        std::string out, wanted;
        for (auto& a : q.take_answers()) out += a.frame;
        for (auto& m : model) wanted += m.answers ? m.second : "";
        std::erase_if(model, [](auto& m) { return m.answers; });
        ASSERT_EQ(out, wanted) << "seed " << seed << " step " << step;
      }
      std::size_t left = 0;
      for (auto& m : model) left += m.second.size();
      ASSERT_EQ(q.bytes(), left);
      ASSERT_EQ(q.empty(), model.empty());
    }
  }
}

}  // namespace
}  // namespace switchboard::channel
