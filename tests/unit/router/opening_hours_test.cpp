#include "actors/router/opening_hours.hpp"

#include <gtest/gtest.h>

#include "config/dispatch_loader.hpp"

namespace switchboard {
namespace {

using namespace std::chrono;

/// The moment that clocks in UTC show.
timestamp utc(int year, int month, int day, int hour = 0, int minute = 0) {
  const sys_days midnight =
      std::chrono::year{year} / std::chrono::month(month) / std::chrono::day(day);
  return time_point_cast<milliseconds>(midnight) + hours{hour} + minutes{minute};
}

config::calendar calendar_of(const std::string& fields) {
  auto loaded = config::parse_dispatch("calendars:\n  one: {" + fields +
                                       "}\n"
                                       "groups: [{id: g}]\n"
                                       "rules: [{name: all, steps: [{group: g}]}]\n");
  if (!loaded) throw std::runtime_error(config::to_string(loaded.error()));
  return loaded->calendars.at(0);
}

const std::string office =
    R"(timezone: Asia/Shanghai, weekly: {mon-fri: "09:00-18:00", sat: ["10:00-12:00", "13:30-18:00"]}, holidays: ["2026-10-01"])";

TEST(opening_hours, begin_with_their_first_minute_and_end_before_the_last_by_the_zones_clock) {
  const auto c = calendar_of(office);
  // 9 o'clock in Shanghai is 1 o'clock in UTC; the 2nd of October 2026 is a Friday.
  EXPECT_FALSE(is_open(c, utc(2026, 10, 2, 0, 59)));
  EXPECT_TRUE(is_open(c, utc(2026, 10, 2, 1, 0)));
  EXPECT_TRUE(is_open(c, utc(2026, 10, 2, 9, 59)));
  EXPECT_FALSE(is_open(c, utc(2026, 10, 2, 10, 0)));
}

TEST(opening_hours, have_days_of_their_own_and_pauses) {
  const auto c = calendar_of(office);
  EXPECT_FALSE(is_open(c, utc(2026, 10, 3, 1, 30)));
  EXPECT_TRUE(is_open(c, utc(2026, 10, 3, 3, 59)));
  EXPECT_FALSE(is_open(c, utc(2026, 10, 3, 4, 30)));
  EXPECT_TRUE(is_open(c, utc(2026, 10, 3, 5, 30)));
  EXPECT_FALSE(is_open(c, utc(2026, 10, 4, 4)));
}

TEST(opening_hours, rest_on_a_holiday_of_the_zones_own_date) {
  const auto c = calendar_of(office);
  EXPECT_FALSE(is_open(c, utc(2026, 10, 1, 4)));
  EXPECT_TRUE(is_open(c, utc(2026, 9, 30, 4)));
  // Still the holiday's eve in UTC, the holiday in Shanghai.
  const auto night = calendar_of(
      R"(timezone: Asia/Shanghai, weekly: {mon-sun: "00:00-24:00"}, holidays: ["2026-10-01"])");
  EXPECT_TRUE(is_open(night, utc(2026, 9, 30, 15, 59)));
  EXPECT_FALSE(is_open(night, utc(2026, 9, 30, 16, 0)));
  EXPECT_FALSE(is_open(night, utc(2026, 10, 1, 15, 59)));
  EXPECT_TRUE(is_open(night, utc(2026, 10, 1, 16, 0)));
}

TEST(opening_hours, follow_summer_time) {
  const auto c = calendar_of(R"(timezone: Europe/Berlin, weekly: {mon-sun: "09:00-10:00"})");
  EXPECT_TRUE(is_open(c, utc(2026, 7, 1, 7, 30)));
  EXPECT_FALSE(is_open(c, utc(2026, 7, 1, 8, 30)));
  EXPECT_TRUE(is_open(c, utc(2026, 12, 1, 8, 30)));
}

TEST(opening_hours, of_a_group_are_those_of_its_calendar_if_any) {
  config::dispatch_config all;
  all.calendars.push_back(calendar_of(office));
  all.groups.push_back({.id = group_id("day"), .calendar = "one"});
  all.groups.push_back({.id = group_id("always")});
  EXPECT_FALSE(group_open(all, group_id("day"), utc(2026, 10, 1, 4)));
  EXPECT_TRUE(group_open(all, group_id("day"), utc(2026, 10, 2, 4)));
  EXPECT_TRUE(group_open(all, group_id("always"), utc(2026, 10, 1, 4)));
  EXPECT_FALSE(group_open(all, group_id("nowhere"), utc(2026, 10, 2, 4)));
}

TEST(opening_hours, know_which_zones_there_are) {
  config::calendar c;
  EXPECT_TRUE(zone_is_known(c));
  c.timezone = "Moon/Base";
  EXPECT_FALSE(zone_is_known(c));
}

// ---- the next edge

TEST(next_change, is_the_moment_a_span_begins_or_ends) {
  const auto c = calendar_of(office);
  EXPECT_EQ(next_change(c, utc(2026, 10, 2, 0, 59)), utc(2026, 10, 2, 1, 0));
  EXPECT_EQ(next_change(c, utc(2026, 10, 2, 1, 0)), utc(2026, 10, 2, 10, 0));
  // Over the week-end: Saturday's second half ends, Sunday is closed.
  EXPECT_EQ(next_change(c, utc(2026, 10, 3, 6)), utc(2026, 10, 3, 10));
  EXPECT_EQ(next_change(c, utc(2026, 10, 3, 10)), utc(2026, 10, 5, 1));
}

TEST(next_change, passes_over_holidays_and_over_a_midnight_that_is_no_edge) {
  const auto c = calendar_of(office);
  EXPECT_EQ(next_change(c, utc(2026, 9, 30, 10)), utc(2026, 10, 2, 1));
  const auto always = calendar_of(
      R"(timezone: Asia/Shanghai, weekly: {mon-sun: "00:00-24:00"}, holidays: ["2026-10-01"])");
  EXPECT_EQ(next_change(always, utc(2026, 9, 1)), utc(2026, 9, 30, 16));
  EXPECT_EQ(next_change(always, utc(2026, 9, 30, 16)), utc(2026, 10, 1, 16));
  EXPECT_EQ(next_change(always, utc(2026, 10, 2)), std::nullopt);
}

TEST(next_change, follows_the_clocks_where_they_are_put_forward_and_back) {
  // 29 March 2026: 2 o'clock is 3 o'clock at 01:00 UTC. 25 October 2026: 3 o'clock is 2 o'clock at
  // 01:00 UTC.
  const auto night = calendar_of(R"(timezone: Europe/Berlin, weekly: {sun: "02:30-05:00"})");
  EXPECT_EQ(next_change(night, utc(2026, 3, 28, 20)), utc(2026, 3, 29, 1));
  EXPECT_EQ(next_change(night, utc(2026, 3, 29, 1)), utc(2026, 3, 29, 3));
  EXPECT_EQ(next_change(night, utc(2026, 10, 24, 20)), utc(2026, 10, 25, 0, 30));
  EXPECT_EQ(next_change(night, utc(2026, 10, 25, 0, 30)), utc(2026, 10, 25, 1));
  EXPECT_EQ(next_change(night, utc(2026, 10, 25, 1)), utc(2026, 10, 25, 1, 30));
  EXPECT_EQ(next_change(night, utc(2026, 10, 25, 1, 30)), utc(2026, 10, 25, 4));
}

TEST(next_change, finds_every_edge_of_a_year_and_no_other) {
  for (const auto* zone :
       {"Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Asia/Shanghai"}) {
    const auto c = calendar_of(
        std::string("timezone: ") + zone +
        R"(, weekly: {mon-sat: ["00:00-02:15", "23:30-24:00"], sun: "01:45-03:00"}, holidays: ["2026-04-05"])");
    auto next = next_change(c, utc(2026, 1, 1));
    for (auto t = utc(2026, 1, 1); t < utc(2027, 1, 1); t += minutes{15}) {
      const bool changes = is_open(c, t + minutes{15}) != is_open(c, t);
      ASSERT_EQ(changes, next && *next == t + minutes{15}) << zone << " " << unix_ms(t);
      if (changes) next = next_change(c, t + minutes{15});
    }
  }
}

}  // namespace
}  // namespace switchboard
