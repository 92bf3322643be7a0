#include <gtest/gtest.h>

#include "config/time_of_day.hpp"
#include "tests/unit/config/dispatch_file_fixture.hpp"

namespace switchboard::config {
namespace {

checked<dispatch_config> with_week(const std::string& weekly) {
  return parse_dispatch(least_file + "calendars: {c: {timezone: Asia/Shanghai, weekly: " + weekly +
                            ", holidays: [\"2026-10-01\"]}}\n",
                        "d.yaml");
}

std::string errors_of_week(const std::string& weekly) {
  auto c = with_week(weekly);
  return c ? std::string() : to_string(c.error());
}

TEST(calendar, a_range_of_days_has_the_same_hours) {
  auto c = with_week("{mon-fri: \"09:00-18:30\"}");
  ASSERT_TRUE(c) << to_string(c.error());
  const auto& office = c->calendars.at(0);
  EXPECT_EQ(office.id, "c");
  EXPECT_EQ(office.timezone, "Asia/Shanghai");
  for (int day = 0; day < 5; ++day) {
    ASSERT_EQ(office.weekly[day].size(), 1u);
    EXPECT_EQ(office.weekly[day][0].from_minute, 540);
    EXPECT_EQ(office.weekly[day][0].to_minute, 1110);
  }
  EXPECT_TRUE(office.weekly[5].empty());
  EXPECT_EQ(office.holidays, std::vector<std::string>{"2026-10-01"});
}

TEST(calendar, a_day_can_close_at_noon_and_a_week_wraps_around) {
  auto c = with_week("{sat-mon: [\"13:00-24:00\", \"09:00-12:00\"]}");
  ASSERT_TRUE(c) << to_string(c.error());
  const auto& week = c->calendars.at(0).weekly;
  for (int day : {5, 6, 0}) {
    ASSERT_EQ(week[day].size(), 2u);
    EXPECT_EQ(week[day][0].from_minute, 540);
    EXPECT_EQ(week[day][1].to_minute, 1440);
  }
  EXPECT_TRUE(week[1].empty());
}

TEST(calendar, hours_that_make_no_sense_are_refused) {
  EXPECT_EQ(
      errors_of_week("{mon: \"18:00-09:00\"}"),
      "d.yaml:3: calendars.c.weekly.mon: ends before it begins; split hours past midnight over "
      "two days\n");
  EXPECT_EQ(errors_of_week("{mon: \"9-18\"}"),
            "d.yaml:3: calendars.c.weekly.mon: expected opening hours such as \"09:00-18:00\"\n");
  EXPECT_EQ(
      errors_of_week("{mon-fry: \"09:00-18:00\"}"),
      "d.yaml:3: calendars.c.weekly.mon-fry: expected a day or days such as mon or mon-fri\n");
  EXPECT_EQ(errors_of_week("{mon-wed: \"09:00-18:00\", wed: \"17:00-20:00\"}"),
            "d.yaml:3: calendars.c.weekly.wed: overlaps other hours on wed\n");
  EXPECT_NE(errors_of_week("{mon: \"09:00-24:01\"}"), "");
}

TEST(calendar, a_holiday_is_a_day_that_exists) {
  auto file = [](const std::string& day) {
    return errors_of(least_file + "calendars: {c: {timezone: UTC, weekly: {}, holidays: [" + day +
                     "]}}\n");
  };
  EXPECT_EQ(file("\"2028-02-29\""), "");
  EXPECT_EQ(file("\"2026-02-29\""),
            "d.yaml:3: calendars.c.holidays[0]: expected a date such as \"2026-10-01\"\n");
}

TEST(calendar, a_time_zone_nobody_knows_is_refused) {
  auto errors = errors_of(least_file + "calendars: {c: {timezone: Asia/Shangai, weekly: {}}}\n");
  EXPECT_TRUE(errors.empty() || errors.find("unknown time zone") != std::string::npos) << errors;
  for (auto meant :
       {"Asia/Beijing", "asia/beijing", "Beijing", "UTC+8", "China Standard Time", "北京时间"}) {
    auto said = errors_of(least_file + "calendars: {c: {timezone: " + meant + ", weekly: {}}}\n");
    EXPECT_TRUE(said.empty() || said.find("did you mean \"Asia/Shanghai\"?") != std::string::npos)
        << said;
  }
  EXPECT_NE(errors_of(least_file + "calendars: {c: {timezone: ../passwd, weekly: {}}}\n"), "");
}

TEST(calendar, the_zone_that_is_meant_is_named_whoever_asks) {
  EXPECT_EQ(unknown_zone("Asia/Beijing"),
            "unknown time zone \"Asia/Beijing\"; did you mean \"Asia/Shanghai\"?");
  EXPECT_EQ(unknown_zone("Asia/Chongqing2").find("unknown time zone \"Asia/Chongqing2\""), 0u);
}

}  // namespace
}  // namespace switchboard::config
