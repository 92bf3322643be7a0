#include "tools/switchboard-channel/participant_command.hpp"

#include <gtest/gtest.h>

namespace switchboard::channel_tool {
namespace {

using nlohmann::json;
const participant_place in_front{"s1", "s1.t9", "key-1", 1'000'000};

participant_call made(const std::string& name, const std::string& rest,
                      const participant_place& place = in_front) {
  auto call = participant_command(name, rest, place);
  EXPECT_TRUE(call) << name;
  return call.value_or(participant_call{});
}

TEST(participant_command, a_transfer_says_where_to_how_and_why) {
  auto call = made("warm", "agent chen knows the case");
  EXPECT_EQ(call.method, "session.transfer");
  EXPECT_EQ(json(call.params), json({{"session_id", "s1"},
                                     {"to", {{"agent", "chen"}}},
                                     {"mode", "warm"},
                                     {"note", "knows the case"}}));
  EXPECT_EQ(json(made("transfer", "route").params),
            json({{"session_id", "s1"}, {"to", {{"route", true}}}, {"mode", "cold"}}));
  EXPECT_NE(made("consult", "chen").trouble, "");
  EXPECT_NE(made("conference", "group").trouble, "");
}

TEST(participant_command, completing_and_cancelling_mean_the_transfer_begun_last) {
  EXPECT_EQ(made("complete", "").params, json({{"transfer_id", "s1.t9"}}));
  EXPECT_EQ(made("cancel", "").method, "session.transfer_cancel");
  EXPECT_NE(made("cancel", "", {"s1", "", "k", 0}).trouble, "");
}

TEST(participant_command, a_session_is_put_off_for_minutes_or_until_the_customer_writes) {
  EXPECT_EQ(made("snooze", "5").params["until"], 1'300'000);
  EXPECT_FALSE(made("snooze", "").params.contains("until"));
  EXPECT_NE(made("snooze", "soon").trouble, "");
}

TEST(participant_command, a_supervisor_names_a_session_or_means_the_one_in_front) {
  EXPECT_EQ(made("monitor", "s7", {"", "", "k", 0}).params, json({{"session_id", "s7"}}));
  EXPECT_EQ(made("barge", "").params, json({{"session_id", "s1"}}));
  EXPECT_NE(made("barge", "", {"", "", "k", 0}).trouble, "");
  EXPECT_EQ(made("whisper", "try this").params["client_msg_id"], "key-1");
}

TEST(participant_command, other_commands_are_not_its) {
  EXPECT_FALSE(participant_command("close", "", in_front));
}

}  // namespace
}  // namespace switchboard::channel_tool
