#include <chrono>

#include "tests/golden/screens/golden_file.hpp"
#include "tools/switchboardctl/language.hpp"
#include "tools/switchboardctl/session_commands.hpp"

namespace switchboard::ctl {
namespace {

std::int64_t seconds_ago(int s) {
  const auto now = std::chrono::system_clock::now().time_since_epoch() - std::chrono::seconds{s};
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

/// Ages of minutes and more, so that the time a test takes does not show.
json center_sessions() {
  auto one = [](const char* end, const char* state, const char* customer, const char* subject,
                const char* group, const char* agent, int waited) {
    return json{{"session_id", std::string("s0701JABCDEFGHJKMNPQRSTV") + end},
                {"state", state},
                {"customer", {{"id", "u1"}, {"name", customer}}},
                {"subject", subject},
                {"intent", "after_sales"},
                {"group", group},
                {"agent", agent},
                {"since", seconds_ago(waited)}};
  };
  auto vip = one("13F2A", "waiting", "曾黎", "咖啡机漏水", "vip", "", 7'500);
  vip["priority"] = 100;
  return {
      {"sessions",
       {one("1K8QZ", "active", "Sophie Turner", "Coupon was not applied", "vip", "emma", 86'500),
        one("1AAAA", "waiting", "张三丰", "退款什么时候到账，已经等了一个星期了", "hz", "", 90'000),
        vip, one("1BBBB", "offered", "O'Brien-Featherstonehaugh", "", "hz", "wang", 3'700),
        one("1CCCC", "waiting", "", "空调能装在阳台吗", "hz", "", 10'900)}},
      {"in_all", 5}};
}
json center_groups() {
  const std::string id = "s0701JABCDEFGHJKMNPQRSTV1";
  return {{"groups",
           {{{"id", "hz"}, {"name", "售后（杭州）"}, {"queue", {id + "AAAA", id + "CCCC"}}},
            {{"id", "vip"}, {"name", "会员专席"}, {"queue", {id + "3F2A"}}}}}};
}

TEST(session_list, in_the_order_of_the_queues_at_80_and_160_columns) {
  expect_golden("sessions_80.txt", sessions_text(center_sessions(), center_groups(), 80));
  expect_golden("sessions_160.txt", sessions_text(center_sessions(), center_groups(), 160));
}

TEST(session_list, in_chinese) {
  speak(language::chinese);
  expect_golden("sessions_80_zh.txt", sessions_text(center_sessions(), center_groups(), 80));
  speak(language::english);
}

}  // namespace
}  // namespace switchboard::ctl
