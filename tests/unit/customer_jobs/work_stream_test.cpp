#include "adapters/customer_jobs/work_stream.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace switchboard {
namespace {

struct notifications final : outbox {
  void reply(std::uint32_t, store::position, std::string) override {}
  void fail(std::uint32_t, store::position, const error&) override {}
  void notify(store::position, std::string frame) override { frames.push_back(std::move(frame)); }
  std::uint64_t id() const override { return 1; }
  bool open() const override { return true; }
  std::vector<std::string> frames;
};

TEST(work_stream, ends_with_a_word_when_the_caller_s_right_ends) {
  auto out = std::make_shared<notifications>();
  bool may = true;
  work_stream stream("w1", out, [&] { return may; });
  EXPECT_TRUE(stream.send("customer.rows", 0, {}));
  may = false;
  EXPECT_FALSE(stream.send("customer.rows", 0, {}));
  EXPECT_TRUE(stream.over());
  stream.done(0, {});
  ASSERT_EQ(out->frames.size(), 2u);
  EXPECT_NE(out->frames[1].find("customer.done"), std::string::npos);
  EXPECT_NE(out->frames[1].find("permission_denied"), std::string::npos);
}

TEST(work_stream, without_a_right_that_could_end_goes_on) {
  auto out = std::make_shared<notifications>();
  work_stream stream("w1", out, {});
  EXPECT_TRUE(stream.send("customer.rows", 0, {}));
  EXPECT_FALSE(stream.over());
}

}  // namespace
}  // namespace switchboard
