#include "actors/reception/alert_list.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

const timestamp t0 = from_unix_ms(1'700'000'000'000);

agent_alert alert(std::uint64_t n, const std::string& customer, const std::string& what,
                  std::uint32_t unread = 1) {
  agent_alert a;
  a.session = make_session_id(1, t0, n, n);
  a.customer = person_id{customer};
  a.customer_name = "王 " + customer;
  a.what = what;
  a.level = what == "waiting" ? "leader" : "agent";
  a.since = t0 + millis{static_cast<std::int64_t>(n)};
  a.unread = unread;
  return a;
}

/// The merged alert as the agent gets it.
struct shown {
  std::string customer_id, level;
  std::uint64_t unread = 0;
  timestamp since;
  bool cleared = false;
  std::vector<agent_alert> alerts;
};
template <class V> void describe(V& v, shown& x) {
  v("customer_id", x.customer_id);
  v("level", x.level);
  v("unread", x.unread);
  v("since", x.since);
  v("cleared", x.cleared);
  v("alerts", x.alerts);
}

shown of(const alert_list& b, const std::string& customer) {
  codec::packer p;
  b.pack(p, person_id{customer}, 7);
  shown out;
  EXPECT_TRUE(codec::unpack(p.view(), out));
  return out;
}

TEST(alert_list, two_sessions_of_one_customer_are_one_alert) {
  alert_list b;
  b.take(alert(1, "m:1", "new_message", 2));
  b.take(alert(2, "m:1", "waiting", 3));
  b.take(alert(3, "m:2", "unanswered"));
  EXPECT_EQ(b.size(), 2u);
  auto one = of(b, "m:1");
  EXPECT_EQ(one.unread, 5u);
  EXPECT_EQ(one.level, "leader");
  EXPECT_EQ(one.since, t0 + millis{1});
  EXPECT_EQ(one.alerts.size(), 2u);
}

TEST(alert_list, a_session_s_newer_alert_replaces_its_older_one) {
  alert_list b;
  b.take(alert(1, "m:1", "new_message", 1));
  b.take(alert(1, "m:1", "unanswered", 4));
  auto one = of(b, "m:1");
  ASSERT_EQ(one.alerts.size(), 1u);
  EXPECT_EQ(one.alerts[0].what, "unanswered");
  EXPECT_EQ(one.unread, 4u);
}

TEST(alert_list, the_last_alert_cleared_clears_the_customer) {
  alert_list b;
  b.take(alert(1, "m:1", "new_message"));
  b.take(alert(2, "m:1", "new_message"));
  b.take(alert(1, "m:1", "cleared"));
  EXPECT_FALSE(of(b, "m:1").cleared);
  b.take(alert(2, "m:1", "cleared"));
  EXPECT_TRUE(of(b, "m:1").cleared);
  EXPECT_TRUE(b.empty());
}

TEST(alert_list, a_customer_identified_meanwhile_does_not_stand_there_twice) {
  alert_list b;
  b.take(alert(1, "c:app:u1", "new_message"));
  b.take(alert(1, "m:1", "unanswered"));
  EXPECT_EQ(b.customers(), (std::vector<person_id>{person_id{"m:1"}}));
}

TEST(alert_list, is_bounded_and_lets_the_longest_standing_go) {
  alert_list b;
  for (std::uint64_t n = 0; n <= alert_list::most; ++n)
    b.take(alert(n, "m:" + std::to_string(n), "waiting"));
  EXPECT_EQ(b.size(), alert_list::most);
  EXPECT_TRUE(of(b, "m:0").cleared);
}

}  // namespace
}  // namespace switchboard
