#include "adapters/channel/gateway/fan_out.hpp"

#include <gtest/gtest.h>
#include <msgpack.hpp>

namespace switchboard {
namespace {

struct asker : outbox {
  void reply(std::uint32_t, store::position, std::string packed) override {
    answers.push_back(std::move(packed));
  }
  void fail(std::uint32_t, store::position, const error&) override { FAIL(); }
  void notify(store::position, std::string) override {}
  std::uint64_t id() const override { return 1; }
  bool open() const override { return true; }
  std::vector<std::string> answers;
};

std::string text_of(const std::string& packed) {
  std::ostringstream out;
  out << msgpack::unpack(packed.data(), packed.size()).get();
  return out.str();
}

std::string one(int n) {
  codec::packer p;
  p.integer(n);
  return p.take();
}

TEST(fan_out, answers_stand_in_the_order_asked_whoever_was_quickest) {
  auto to = std::make_shared<asker>();
  auto gather = std::make_shared<fan_out>(reply_to{to, 7}, "sessions", 3, 40);
  gather->reply(2, 0, one(2));
  gather->reply(0, 0, one(0));
  EXPECT_TRUE(to->answers.empty());
  gather->reply(1, 0, one(1));
  ASSERT_EQ(to->answers.size(), 1u);
  EXPECT_EQ(text_of(to->answers[0]), R"({"sessions":[0,1,2],"in_all":40})");
}

TEST(fan_out, whoever_fails_or_ends_without_a_word_is_left_out_and_the_rest_answered) {
  auto to = std::make_shared<asker>();
  auto gather = std::make_shared<fan_out>(reply_to{to, 7}, "groups", 3);
  gather->fail(0, 0, {});
  gather->reply(1, 0, one(1));
  gather.reset();
  ASSERT_EQ(to->answers.size(), 1u);
  EXPECT_EQ(text_of(to->answers[0]), R"({"groups":[1]})");
}

}  // namespace
}  // namespace switchboard
