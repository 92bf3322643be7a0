#include "actors/session/automatic_message.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

config::dispatch_config with_texts() {
  config::dispatch_config c;
  c.channels.push_back({channel_id{"app"}, "chat", 1, "", "zh", {}});
  c.texts["en"]["welcome"] = "Hello {customer.name}{unknown}!";
  c.texts["zh"]["welcome"] = "您好{customer.name}";
  c.channel_texts["app"]["zh"]["welcome"] = "木棉欢迎您";
  return c;
}

TEST(automatic_text, the_channel_s_own_text_goes_before_the_general_one) {
  EXPECT_EQ(automatic_text(with_texts(), "app", "zh-CN", "welcome", {}), "木棉欢迎您");
  EXPECT_EQ(automatic_text(with_texts(), "web", "zh-CN", "welcome", {{"customer.name", "王"}}), "您好王");
}

TEST(automatic_text, an_unknown_language_falls_back_to_the_channel_s_then_english) {
  EXPECT_EQ(automatic_text(with_texts(), "app", "fr", "welcome", {}), "木棉欢迎您");
  EXPECT_EQ(automatic_text(with_texts(), "web", "fr", "welcome", {{"customer.name", "Ann"}}), "Hello Ann!");
}

TEST(automatic_text, nothing_configured_says_nothing) { EXPECT_EQ(automatic_text(with_texts(), "app", "zh", "closing", {}), ""); }

}  // namespace
}  // namespace switchboard
