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

std::string text(const std::string& channel, const std::string& language,
                 const std::string& moment) {
  const auto config = with_texts();
  const auto* found = automatic_template(config, channel, language, moment);
  return found ? *found : "nothing";
}

TEST(automatic_text, the_channel_s_own_text_goes_before_the_general_one) {
  EXPECT_EQ(text("app", "zh-CN", "welcome"), "木棉欢迎您");
  EXPECT_EQ(text("web", "zh-CN", "welcome"), "您好{customer.name}");
}

TEST(automatic_text, an_unknown_language_falls_back_to_the_channel_s_then_english) {
  EXPECT_EQ(text("app", "fr", "welcome"), "木棉欢迎您");
  EXPECT_EQ(text("web", "fr", "welcome"), "Hello {customer.name}{unknown}!");
}

TEST(automatic_text, nothing_configured_says_nothing) {
  EXPECT_EQ(text("app", "zh", "closing"), "nothing");
}

TEST(called_now, by_the_requests_name_else_by_the_profiles) {
  const auto opened = from_unix_ms(1'000);
  EXPECT_EQ(called_now("Wang", opened, {"Wang Fang", from_unix_ms(10), false}), "Wang");
  EXPECT_EQ(called_now("Wang", opened, {"Wang Fang", from_unix_ms(2'000), false}), "Wang");
  EXPECT_EQ(called_now("", opened, {"Wang Fang", from_unix_ms(10), false}), "Wang Fang");
  EXPECT_EQ(called_now("", opened, {}), "");
}

TEST(called_now, by_what_an_agent_corrected_after_the_request_came) {
  const auto opened = from_unix_ms(1'000);
  EXPECT_EQ(called_now("Wang", opened, {"Wang Fang", from_unix_ms(2'000), true}), "Wang Fang");
  EXPECT_EQ(called_now("Wang", opened, {"Wang Fang", from_unix_ms(900), true}), "Wang");
  EXPECT_EQ(called_now("Wang", opened, {"", from_unix_ms(2'000), true}), "Wang");
}

}  // namespace
}  // namespace switchboard
