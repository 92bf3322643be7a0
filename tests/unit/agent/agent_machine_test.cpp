#include "actors/agent/agent_machine.hpp"

#include <gtest/gtest.h>

#include "actors/agent/agent_state.hpp"
#include "actors/skill_group/agent_view.hpp"

namespace switchboard {
namespace {

const timestamp t0 = from_unix_ms(1'700'000'000'000);

session_id session(std::uint64_t n) {
  return make_session_id(1, t0, n, n);
}

agent_machine online(int capacity) {
  config::agent_config c;
  c.id = agent_id{"lin"};
  c.capacity = capacity;
  agent_machine m(c, {});
  m.apply_event(agent_event::presence_changed{agent_status::online, ""}, t0);
  m.line_back();
  return m;
}

TEST(agent_machine, never_grants_more_than_it_has_from_any_mix_of_weights) {
  auto m = online(6);
  EXPECT_TRUE(m.reserve(offer_id{"a"}, {session(1), group_id{"g"}, 4, t0}));
  EXPECT_FALSE(m.reserve(offer_id{"b"}, {session(2), group_id{"h"}, 3, t0}));
  EXPECT_TRUE(m.reserve(offer_id{"c"}, {session(3), group_id{"h"}, 2, t0}));
  EXPECT_EQ(m.room(), 0);
}

TEST(agent_machine, tells_one_and_the_same_list_of_skills_until_it_changes) {
  config::agent_config c;
  c.skills = {{"english", 2}, {"refund", 4}};
  agent_machine m(c, {});
  auto first = m.view(1).skills;
  EXPECT_EQ(first, (shared_list<skill_level>{{"english", 2}, {"refund", 4}}));
  m.configure(c);
  EXPECT_TRUE(m.view(2).skills.same(first));
  c.skills["refund"] = 5;
  m.configure(c);
  EXPECT_NE(m.view(3).skills, first);
}

TEST(agent_machine, a_reservation_that_becomes_a_session_is_counted_once) {
  auto m = online(2);
  m.reserve(offer_id{"a"}, {session(1), group_id{"g"}, 1, t0});
  m.serve(offer_id{"a"}, session(1), {group_id{"g"}, 1, t0}, t0);
  m.serve(offer_id{"a"}, session(1), {group_id{"g"}, 1, t0}, t0);
  EXPECT_EQ(m.used(), 1);
  EXPECT_TRUE(m.end_service(session(1)));
  EXPECT_FALSE(m.end_service(session(1)));
  EXPECT_EQ(m.used(), 0);
}

TEST(agent_machine, who_is_not_online_gets_no_offers) {
  auto m = online(2);
  m.line_lost(t0 + millis{30'000});
  EXPECT_EQ(m.status(), agent_status::reconnecting);
  EXPECT_FALSE(m.reserve(offer_id{"a"}, {session(1), group_id{"g"}, 1, t0}));
  m.line_back();
  m.apply_event(agent_event::presence_changed{agent_status::away, "lunch"}, t0);
  EXPECT_NE(m.refusal(1).find("away"), std::string::npos);
}

TEST(agent_machine, a_wrap_up_holds_room_until_it_ends) {
  auto m = online(1);
  m.apply_event(
      agent_event::served{session(1), wrap_up{session(1), group_id{"g"}, t0 + millis{5'000}, 1}, t0,
                          1, 0},
      t0);
  EXPECT_EQ(m.room(), 0);
  EXPECT_EQ(m.next_deadline(), t0 + millis{5'000});
  m.apply_event(agent_event::wrap_up_ended{session(1)}, t0);
  EXPECT_EQ(m.room(), 1);
}

TEST(agent_machine, who_has_joined_holds_room_until_leaving_and_a_supervisor_none) {
  auto m = online(2);
  m.reserve(offer_id{"a"}, {session(1), group_id{"g"}, 2, t0});
  m.join(offer_id{"a"}, session(1), {"conference", group_id{"g"}, 2, t0});
  m.join({}, session(2), {"monitor", {}, 0, t0});
  EXPECT_EQ(m.used(), 2);
  EXPECT_FALSE(m.reserve(offer_id{"b"}, {session(3), group_id{"g"}, 1, t0}));
  EXPECT_FALSE(m.idle());
  EXPECT_TRUE(m.end_guest(session(1)));
  EXPECT_FALSE(m.end_guest(session(1)));
  EXPECT_EQ(m.used(), 0);
  EXPECT_TRUE(m.idle());
}

TEST(agent_machine, who_had_joined_and_serves_now_holds_room_once) {
  auto m = online(1);
  m.join({}, session(1), {"warm", group_id{"g"}, 1, t0});
  m.serve({}, session(1), {group_id{"g"}, 1, t0}, t0);
  EXPECT_EQ(m.used(), 1);
  EXPECT_TRUE(m.guests().empty());
}

TEST(agent_machine, a_snoozed_session_holds_no_room) {
  auto m = online(1);
  m.serve({}, session(1), {group_id{"g"}, 1, t0}, t0);
  EXPECT_TRUE(m.snooze(session(1), t0 + millis{1'000}));
  EXPECT_FALSE(m.snooze(session(2), t0));
  EXPECT_EQ(m.room(), 1);
  EXPECT_TRUE(m.idle());
}

TEST(agent_machine, after_a_restart_what_was_joined_and_what_was_put_off_counts_as_before) {
  auto m = online(3);
  m.take_over({{session(1), {group_id{"g"}, 1, t0}},
               {session(2), {group_id{"g"}, 1, t0, t0 + millis{9'000}}},
               {session(3), {group_id{"g"}, 2, t0}, "warm"}});
  EXPECT_EQ(m.used(), 3);
  EXPECT_EQ(m.serving().size(), 2u);
}

TEST(agent_machine, taking_over_needs_room_and_somebody_there_not_a_state) {
  auto m = online(1);
  m.apply_event(agent_event::presence_changed{agent_status::away, "meeting"}, t0);
  EXPECT_NE(m.refusal(1), "");
  EXPECT_TRUE(m.reserve_takeover(offer_id{"a"}, {session(1), group_id{"g"}, 1, t0}));
  EXPECT_FALSE(m.reserve_takeover(offer_id{"b"}, {session(2), group_id{"g"}, 1, t0}));
  m.apply_event(agent_event::presence_changed{agent_status::offline, ""}, t0);
  EXPECT_EQ(m.takeover_refusal(0), "state: offline");
}

TEST(agent_record, replays_from_its_events_to_the_same_record) {
  agent_record live;
  std::string bytes;
  for (agent_payload e : std::initializer_list<agent_payload>{
           agent_event::presence_changed{agent_status::online, ""},
           agent_event::offer_missed{session(1), 1},
           agent_event::served{session(2), wrap_up{session(2), group_id{"g"}, t0, 1}, t0, 3, 4}}) {
    apply(live, e, t0);
    encode(e, t0, bytes);
  }
  agent_record back;
  ASSERT_TRUE(replay(back, bytes));
  EXPECT_EQ(codec::pack(back), codec::pack(live));
  EXPECT_FALSE(replay(back, bytes.substr(0, bytes.size() - 1)));
}

// ---- days and clocks

const millis hour{3'600'000};
/// 16:00 UTC, midnight in Shanghai.
const timestamp midnight_there = from_unix_ms(1'793'030'400'000);

agent_machine counting_in(const char* zone, timestamp now, agent_record r = {}) {
  config::agent_config c;
  c.id = agent_id{"lin"};
  c.capacity = 100;
  agent_machine m(c, std::move(r), zone);
  m.take_up(now, now, [](auto&) { return millis{30'000}; });
  return m;
}

TEST(agent_machine, yesterdays_count_is_0_as_soon_as_the_day_is_over_without_another_assignment) {
  auto m = counting_in("Asia/Shanghai", midnight_there - hour);
  EXPECT_EQ(m.day_ends(), std::nullopt) << "nothing is counted";
  m.serve({}, session(1), {group_id{"g"}, 1, t0}, midnight_there - hour, midnight_there - hour);
  EXPECT_EQ(m.view(1).assigned_today, 1);
  EXPECT_EQ(m.day_ends(), midnight_there);
  EXPECT_FALSE(m.day_passes(midnight_there - millis{1}));
  EXPECT_TRUE(m.day_passes(midnight_there));
  EXPECT_EQ(m.view(2).assigned_today, 0);
  EXPECT_FALSE(m.day_passes(midnight_there + hour));
}

TEST(agent_machine, a_record_of_yesterday_counts_nothing_today) {
  agent_record r;
  r.assigned_today = 9;
  r.day = 20'752;  // the day that ends in Shanghai at midnight_there
  EXPECT_EQ(counting_in("Asia/Shanghai", midnight_there - millis{1}, r).view(1).assigned_today, 9);
  EXPECT_EQ(counting_in("Asia/Shanghai", midnight_there, r).view(1).assigned_today, 0);
  EXPECT_EQ(counting_in("UTC", midnight_there, r).view(1).assigned_today, 9);
}

TEST(agent_machine, after_a_clock_was_set_back_the_longest_idle_is_who_was_served_longest_ago) {
  auto m = counting_in("UTC", t0);
  const auto wall = t0 - 8 * hour;
  m.serve({}, session(1), {group_id{"g"}, 1, wall}, wall, t0 + millis{5});
  EXPECT_EQ(m.view(1).last_assigned, t0 + millis{5});
  EXPECT_EQ(m.record().last_assigned, wall);
}

TEST(agent_machine, a_wrap_up_from_a_clock_that_was_ahead_ends_within_its_time) {
  agent_record r;
  r.wrap_ups = {{session(1), group_id{"g"}, t0 + 8 * hour, 1}};
  auto m = counting_in("UTC", t0, r);
  EXPECT_EQ(m.next_deadline(), t0 + millis{30'000});
  EXPECT_TRUE(m.wrap_ups_over(t0 + millis{29'999}).empty());
  EXPECT_EQ(m.wrap_ups_over(t0 + millis{30'000}), std::vector{session(1)});
}

}  // namespace
}  // namespace switchboard
