#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/switchboardctl/live_commands.hpp"
#include "tools/switchboardctl/operations_commands.hpp"
#include "tools/switchboardctl/rules_commands.hpp"
#include "tools/switchboardctl/session_commands.hpp"
#include "tools/switchboardctl/why_command.hpp"

namespace switchboard::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(live_text, the_longest_wait_is_of_those_who_wait_and_not_of_those_served) {
  auto waiting =
      status_text({{"assigned", 0}, {"longest_wait_ms", 0}, {"longest_waiting_ms", 252'000}});
  EXPECT_THAT(waiting, HasSubstr("longest wait 4m12s"));
  EXPECT_THAT(waiting, Not(HasSubstr("0ms")));
  auto nobody =
      status_text({{"assigned", 7}, {"longest_wait_ms", 3'000}, {"longest_waiting_ms", nullptr}});
  EXPECT_THAT(nobody, HasSubstr("nobody"));
  EXPECT_THAT(nobody, HasSubstr("longest wait since the start 3.0s"));
}

TEST(live_text, a_page_of_messages_left_is_not_all_of_them) {
  json row{{"session_id", "s1"}, {"group", "a"}};
  EXPECT_THAT(messages_text({{"messages", json::array({row, row})},
                             {"open", 8'800},
                             {"more", true},
                             {"cursor", "a/1/s1"}}),
              HasSubstr("2 of 8,800 open\nmore: --after a/1/s1\n"));
  EXPECT_THAT(messages_text({{"messages", json::array({row})}, {"open", 1}, {"more", false}}),
              HasSubstr("\n1 open\n"));
  EXPECT_THAT(messages_text({{"messages", json::array({row})}, {"more", false}}),
              HasSubstr("\n1 more\n"));
}

json session(const char* id, const char* state, const char* customer) {
  return {{"session_id", id}, {"state", state}, {"customer", {{"id", "u"}, {"name", customer}}}};
}

TEST(live_text, sessions_are_listed_in_the_order_of_their_queues_by_name) {
  auto ann = session("s0701JABCDEFGHJKMNPQRSTVWXYZ1", "waiting", "Ann"),
       bob = session("s0702JABCDEFGHJKMNPQRSTVWXYZ2", "waiting", "Bob"),
       cai = session("s0703JABCDEFGHJKMNPQRSTVWXYZ3", "active", "蔡");
  bob["priority"] = 100;
  bob["subject"] = "a late parcel";
  json groups{
      {"groups",
       {{{"id", "vip"}, {"name", "Vips"}, {"queue", {bob["session_id"], ann["session_id"]}}}}}};
  auto text = sessions_text({{"sessions", {cai, ann, bob}}, {"in_all", 3}}, groups, 80);
  EXPECT_LT(text.find("Bob"), text.find("Ann"));
  EXPECT_LT(text.find("Ann"), text.find("蔡"));
  EXPECT_THAT(text, HasSubstr("XYZ2  waiting    1   100"));
  EXPECT_THAT(text, HasSubstr("Vips"));
  EXPECT_THAT(text, HasSubstr("\n3 sessions\n"));
}

TEST(live_text, session_ids_are_as_short_as_tells_them_apart) {
  auto one = session("s0701JABCDEFGHJKMNPQRSTV1WXYZ", "waiting", "Ann"),
       two = session("s0702JABCDEFGHJKMNPQRSTV2WXYZ", "waiting", "Bob");
  EXPECT_THAT(sessions_text({{"sessions", {one}}}, {}, 80), HasSubstr("\nWXYZ "));
  EXPECT_THAT(sessions_text({{"sessions", {one, two}}}, {}, 80), HasSubstr("\n1WXYZ "));
}

TEST(live_text, a_page_of_sessions_says_how_many_there_are) {
  EXPECT_THAT(
      sessions_text({{"sessions", {session("s1", "waiting", "Ann")}}, {"in_all", 1'204}}, {}, 80),
      HasSubstr("1 of 1,204 sessions, those that were opened first\n"));
}

TEST(live_text, what_changes_in_a_configuration_is_a_line_for_each_field) {
  const auto text = changes_text(
      {{"changes",
        {"group vip: queue.max 50 → 60, name \"Vips, all\" → 会员专席, offer.timeout 20s → 30s",
         "agent lin: capacity 3 → 4", "rule night: added"}}});
  EXPECT_EQ(text,
            "changes\n  group vip\n      queue.max 50 → 60\n      name \"Vips, all\" → 会员专席\n"
            "      offer.timeout 20s → 30s\n  agent lin: capacity 3 → 4\n  rule night: added\n");
}

TEST(live_text, an_idle_group_has_no_service_level) {
  json idle{{"id", "a"}, {"service_level", nullptr}}, busy{{"id", "b"}, {"service_level", 0.29}},
      nearly{{"id", "c"}, {"service_level", 0.9996}};
  auto text = groups_text({{"groups", json::array({idle, busy, nearly})}});
  EXPECT_THAT(text, HasSubstr(" 29%"));
  EXPECT_THAT(text, HasSubstr(" 99%"));
  EXPECT_THAT(text, Not(HasSubstr("100%")));
}

TEST(live_text, a_center_that_never_answered_took_no_time) {
  json silent{{"center", "member"}, {"kind", "http"}, {"p50_ms", nullptr}, {"p99_ms", nullptr}};
  EXPECT_THAT(centers_text({{"centers", json::array({silent})}}), Not(HasSubstr("ms")));
  silent["p50_ms"] = 1'250;
  EXPECT_THAT(centers_text({{"centers", json::array({silent})}}), HasSubstr("1.2s"));
}

}  // namespace
}  // namespace switchboard::ctl
