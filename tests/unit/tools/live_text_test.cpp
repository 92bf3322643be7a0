#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/switchboardctl/live_commands.hpp"
#include "tools/switchboardctl/operations_commands.hpp"
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

TEST(live_text, a_page_of_sessions_says_how_many_there_are_and_keeps_the_daemons_order) {
  json second{{"session_id", "s2"}, {"opened_at", 2}},
      first{{"session_id", "s1"}, {"opened_at", 9}};
  auto text = sessions_text({{"sessions", json::array({second, first})}, {"in_all", 1'204}});
  EXPECT_LT(text.find("s2"), text.find("s1"));
  EXPECT_THAT(text, HasSubstr("the first 2 of 1,204 sessions\n"));
  EXPECT_THAT(sessions_text({{"sessions", json::array({first})}, {"in_all", 1}}),
              HasSubstr("\n1 session\n"));
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
