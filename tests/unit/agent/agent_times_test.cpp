#include "actors/agent/agent_times.hpp"

#include <gtest/gtest.h>

#include "actors/skill_group/agent_view.hpp"

namespace switchboard {
namespace {

constexpr std::int64_t hour = 3'600'000;
const timestamp midnight = from_unix_ms(20'000 * 24 * hour);

void be(agent_record& r, agent_status s, const char* reason, timestamp at) {
  apply(r, agent_event::presence_changed{s, reason, ""}, at);
}

using spent = std::map<std::string, std::int64_t>;

TEST(agent_times, are_kept_by_state_and_reason) {
  agent_record r;
  be(r, agent_status::online, "", midnight);
  be(r, agent_status::away, "lunch", midnight + millis{4 * hour});
  be(r, agent_status::online, "", midnight + millis{5 * hour});
  be(r, agent_status::offline, "", midnight + millis{9 * hour});
  be(r, agent_status::online, "", midnight + millis{10 * hour});
  const auto days = times_until(r, midnight + millis{11 * hour}, millis{hour}, "UTC");
  ASSERT_EQ(days.size(), 1u);
  EXPECT_EQ(days[0].spent, (spent{{"online", 9 * hour}, {"away/lunch", hour}}));
  EXPECT_EQ(r.days[0].spent.at("online"), 8 * hour) << "what is under way is only shown";
}

TEST(agent_times, are_split_at_midnight) {
  agent_record r;
  be(r, agent_status::busy, "training", midnight - millis{hour});
  be(r, agent_status::offline, "", midnight + millis{2 * hour});
  ASSERT_EQ(r.days.size(), 2u);
  EXPECT_EQ(r.days[0].spent, (spent{{"busy/training", hour}}));
  EXPECT_EQ(r.days[1].spent, (spent{{"busy/training", 2 * hour}}));
}

TEST(agent_times, survive_being_packed) {
  agent_record r, back;
  be(r, agent_status::online, "", midnight);
  be(r, agent_status::away, "lunch", midnight + millis{hour});
  ASSERT_TRUE(codec::unpack(codec::pack(r), back));
  EXPECT_EQ(back.since, r.since);
  EXPECT_EQ(back.days.at(0).spent, r.days[0].spent);
}

TEST(agent_times, of_a_record_from_before_they_were_kept_begin_now) {
  agent_record r;
  r.status = agent_status::online;
  be(r, agent_status::away, "lunch", midnight);
  EXPECT_TRUE(r.days.empty());
}

TEST(agent_times, are_bounded_in_days_and_in_reasons) {
  agent_record r;
  be(r, agent_status::online, "", midnight);
  be(r, agent_status::offline, "", midnight + millis{100 * 24 * hour});
  EXPECT_LE(r.days.size(), 36u);
  for (int i = 0; i < 100; ++i)
    be(r, agent_status::away, ("because " + std::to_string(i)).c_str(),
       midnight + millis{101 * 24 * hour + i});
  EXPECT_LE(r.days.back().spent.size(), 33u);
  EXPECT_EQ(r.days.back().spent.at("away"), 67) << "what is too much counts under the state";
}

TEST(agent_times, count_in_the_days_of_the_contact_centers_zone_also_when_the_clocks_change) {
  agent_record r;
  // 16:00 UTC is midnight in Shanghai.
  be(r, agent_status::online, "", midnight + millis{15 * hour});
  apply(r,
        agent_event::presence_changed{agent_status::offline, "", "", millis{2 * hour},
                                      "Asia/Shanghai"},
        midnight + millis{17 * hour});
  ASSERT_EQ(r.days.size(), 2u);
  EXPECT_EQ(r.days[0].spent.at("online"), hour);
  EXPECT_EQ(r.days[1].day, r.days[0].day + 1);
  // The day on which summer time ends has 25 hours in Berlin: 25 October 2026.
  const auto day = agent_times::day_of(from_unix_ms(1'792'929'600'000), "Europe/Berlin");
  EXPECT_EQ(agent_times::day_begins(day + 1, "Europe/Berlin") -
                agent_times::day_begins(day, "Europe/Berlin"),
            millis{25 * hour});
}

TEST(agent_times, are_true_though_the_clock_was_set_meanwhile) {
  agent_record r;
  be(r, agent_status::online, "", midnight + millis{16 * hour});
  apply(r, agent_event::presence_changed{agent_status::away, "", "", millis{300'000}, ""},
        midnight + millis{8 * hour});
  ASSERT_EQ(r.days.size(), 1u);
  EXPECT_EQ(r.days[0].spent.at("online"), 300'000);
}

}  // namespace
}  // namespace switchboard
