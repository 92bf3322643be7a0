#include "actors/skill_group/group_dispatcher.hpp"

#include <gtest/gtest.h>

#include "actors/skill_group/agent_view.hpp"
#include "group_fixture.hpp"

namespace switchboard::test {
namespace {

TEST(dispatcher, entering_twice_is_one_place_counted_from_the_opening) {
  group_fixture f;
  f.enter(waiting(1, millis{500}));
  f.enter(waiting(2, millis{300}));
  f.now += millis{10'000};
  f.enter(waiting(2, millis{300}));
  EXPECT_EQ(f.dispatcher.size(), 2u);
  EXPECT_EQ(f.dispatcher.position(session(2)), 2u);
  EXPECT_EQ(f.dispatcher.oldest(f.now), millis{10'500});
}

TEST(dispatcher, a_full_queue_says_so_but_takes_back_who_had_a_place) {
  config::group_config o;
  o.queue_max = 1;
  group_fixture f(o);
  EXPECT_EQ(f.enter(waiting(1)), enter_outcome::entered);
  EXPECT_EQ(f.enter(waiting(2)), enter_outcome::full);
  EXPECT_EQ(f.dispatcher.enter(waiting(3), f.now, admission::returning), enter_outcome::entered);
  EXPECT_FALSE(f.dispatcher.contains(session(2)));
}

TEST(dispatcher, a_proposed_entry_keeps_its_place_and_position) {
  group_fixture f;
  f.agent("a", 1);
  f.enter(waiting(1, millis{100}));
  f.enter(waiting(2));
  ASSERT_EQ(f.next(), pair(1, "a"));
  EXPECT_EQ(f.dispatcher.position(session(2)), 2u);
  EXPECT_EQ(f.dispatcher.size(), 2u);
  f.take(1, "a");
  EXPECT_EQ(f.dispatcher.position(session(2)), 1u);
}

TEST(dispatcher, room_in_flight_is_not_given_twice) {
  group_fixture f;
  f.agent("a", 2);
  for (int i = 1; i <= 3; ++i) f.enter(waiting(i, millis{100 - i}));
  EXPECT_EQ(f.next().first, 1);
  EXPECT_EQ(f.next().first, 2);
  EXPECT_EQ(f.next().first, 0);
}

TEST(dispatcher, room_granted_to_one_gives_way_to_who_has_come_to_stand_before_it_and_fits) {
  group_fixture f;
  f.agent("a", 3, 1);
  f.enter(waiting(2));
  ASSERT_EQ(f.next(), pair(2, "a"));
  f.set_used("a", 2);  // granted
  EXPECT_FALSE(f.dispatcher.give_way(session(2), agent_id{"a"}, f.now))
      << "nobody stands before it";
  auto too_heavy = waiting(1, millis{100});
  too_heavy.need.weight = 3;
  f.enter(too_heavy);
  EXPECT_FALSE(f.dispatcher.give_way(session(2), agent_id{"a"}, f.now))
      << "with that room it would be two units";
  auto heavy = waiting(3, millis{100});
  heavy.need.weight = 2;
  f.enter(heavy);
  EXPECT_TRUE(f.dispatcher.give_way(session(2), agent_id{"a"}, f.now));
  EXPECT_EQ(f.next().first, 0)
      << "nobody is matched with the agent before it has said what it has now";
  f.set_used("a", 1);
  EXPECT_EQ(f.next(), pair(3, "a"));
}

TEST(dispatcher, a_revision_after_the_grant_counts_the_room_once) {
  group_fixture f;
  f.agent("a", 2);
  f.enter(waiting(1, millis{100}));
  f.enter(waiting(2));
  ASSERT_EQ(f.next(), pair(1, "a"));
  // The agent granted it and says so, while the offer still rings.
  f.set_used("a", 1);
  EXPECT_EQ(f.next(), pair(2, "a"));
}

TEST(dispatcher, room_taken_stays_taken_until_the_agents_next_revision) {
  group_fixture f;
  f.agent("a", 1);
  f.enter(waiting(1));
  ASSERT_EQ(f.next(), pair(1, "a"));
  EXPECT_TRUE(f.dispatcher.proposal_taken(session(1), agent_id("a"), f.now));
  f.enter(waiting(2));
  EXPECT_EQ(f.next().first, 0);
  f.set_used("a", 1);
  EXPECT_EQ(f.next().first, 0);
  f.set_used("a", 0);
  EXPECT_EQ(f.next(), pair(2, "a"));
}

TEST(dispatcher, an_older_revision_changes_nothing) {
  group_fixture f;
  auto v = f.agent("a", 1);
  v.rev = 1;
  f.set_used("a", 1);
  EXPECT_FALSE(f.dispatcher.agent_changed(v, f.now));
  f.enter(waiting(1));
  EXPECT_EQ(f.next().first, 0);
}

TEST(dispatcher, an_agent_that_refuses_without_a_word_is_left_alone_until_its_next_revision) {
  group_fixture f;
  f.agent("a", 1);
  f.enter(waiting(1));
  ASSERT_EQ(f.next(), pair(1, "a"));
  EXPECT_TRUE(f.fail(1, "a", proposal_failure::agent_refused));
  EXPECT_EQ(f.next().first, 0);
  f.tell("a");
  EXPECT_EQ(f.next(), pair(1, "a"));
}

TEST(dispatcher, a_session_that_refused_is_left_alone_until_it_speaks_or_a_second_passed) {
  group_fixture f;
  f.agent("a", 1);
  f.enter(waiting(1));
  ASSERT_EQ(f.next(), pair(1, "a"));
  f.fail(1, "a", proposal_failure::session_refused);
  EXPECT_EQ(f.next().first, 0);
  EXPECT_EQ(f.dispatcher.next_deadline(f.now), f.now + millis{1'000});
  f.now += millis{1'000};
  EXPECT_EQ(f.next(), pair(1, "a"));
  f.fail(1, "a", proposal_failure::session_refused);
  f.dispatcher.update(waiting(1), f.now);
  EXPECT_EQ(f.next(), pair(1, "a"));
}

TEST(dispatcher, what_time_brings_about_while_one_agent_is_looked_at_is_tried_with_all) {
  group_fixture f;
  f.agent("a", 1);
  f.agent("full", 0);
  f.enter(waiting(1));
  ASSERT_EQ(f.next(), pair(1, "a"));
  f.fail(1, "a", proposal_failure::session_refused);
  EXPECT_EQ(f.next().first, 0);
  EXPECT_FALSE(f.dispatcher.has_untried());
  f.now += millis{1'000};
  EXPECT_FALSE(f.dispatcher.head_for(agent_id("full"), f.now));
  EXPECT_FALSE(f.dispatcher.next_deadline(f.now));  // it has passed, nothing else will ring
  EXPECT_TRUE(f.dispatcher.has_untried());
  EXPECT_EQ(f.next(), pair(1, "a"));
  EXPECT_EQ(f.next().first, 0);
  EXPECT_FALSE(f.dispatcher.has_untried());
}

TEST(dispatcher, a_group_whose_time_is_up_is_tried_whatever_is_looked_at_first) {
  group_fixture f;
  f.agent("a", 1);
  f.agent("full", 0);
  f.dispatcher.expect(5, f.now + millis{5'000});
  f.enter(waiting(1));
  EXPECT_EQ(f.next().first, 0);
  f.now += millis{5'000};
  EXPECT_FALSE(f.dispatcher.head_for(agent_id("full"), f.now));
  EXPECT_FALSE(f.dispatcher.next_deadline(f.now));
  EXPECT_TRUE(f.dispatcher.has_untried());
  EXPECT_EQ(f.next(), pair(1, "a"));
}

TEST(dispatcher, leaving_while_proposed_gives_the_room_back_and_ends_the_proposal) {
  group_fixture f;
  f.agent("a", 1);
  f.enter(waiting(1, millis{100}));
  f.enter(waiting(2));
  ASSERT_EQ(f.next(), pair(1, "a"));
  EXPECT_TRUE(f.dispatcher.leave(session(1), f.now));
  EXPECT_FALSE(f.dispatcher.proposal_taken(session(1), agent_id("a"), f.now));
  EXPECT_EQ(f.next(), pair(2, "a"));
}

TEST(dispatcher, only_its_own_proposal_is_answered) {
  group_fixture f;
  f.agent("a", 1);
  f.agent("b", 0);
  f.enter(waiting(1));
  ASSERT_EQ(f.next(), pair(1, "a"));
  EXPECT_FALSE(f.dispatcher.proposal_taken(session(1), agent_id("b"), f.now));
  EXPECT_FALSE(f.dispatcher.mark_proposed(session(1), agent_id("b"), f.now));
}

TEST(dispatcher, a_group_matches_nothing_until_all_expected_have_registered_or_time_is_up) {
  group_fixture f;
  f.agent("a", 2);
  f.dispatcher.expect(2, f.now + millis{5'000});
  f.enter(waiting(1));
  f.dispatcher.registered();
  EXPECT_FALSE(f.dispatcher.ready(f.now));
  EXPECT_EQ(f.next().first, 0);
  EXPECT_FALSE(f.dispatcher.head_for(agent_id("a"), f.now));
  EXPECT_EQ(f.dispatcher.next_deadline(f.now), f.now + millis{5'000});
  f.enter(waiting(2, millis{100}));
  f.dispatcher.registered();
  EXPECT_EQ(f.next(), pair(2, "a"));

  group_fixture late;
  late.agent("a", 1);
  late.dispatcher.expect(5, late.now + millis{5'000});
  late.enter(waiting(1));
  late.now += millis{5'000};
  EXPECT_EQ(late.next(), pair(1, "a"));
}

TEST(dispatcher, a_closed_group_matches_nothing_and_goes_on_when_it_opens) {
  group_fixture f;
  f.dispatcher.set_open(false);
  f.agent("a", 1);
  f.enter(waiting(1));
  EXPECT_EQ(f.next().first, 0);
  EXPECT_FALSE(f.dispatcher.next_deadline(f.now));
  f.dispatcher.set_open(true);
  EXPECT_EQ(f.next(), pair(1, "a"));
}

TEST(dispatcher, a_reload_of_strategy_and_order_keeps_waiters_agents_and_proposals) {
  config::group_config o;
  group_fixture f(o);
  f.agent("a", 2).skills = {{"refund", 1}};
  f.tell("a");
  f.agent("b", 2).skills = {{"refund", 5}};
  f.tell("b");
  for (int i = 1; i <= 3; ++i) {
    auto c = waiting(i, millis{1'000 * (4 - i)});
    c.need.skills = {{"refund", 1}};
    c.priority = i == 3 ? 1 : 0;
    f.enter(c);
  }
  // Two seconds do not outweigh a minute of priority: 3 goes first under aged as well.
  ASSERT_EQ(f.next(), pair(3, "a"));
  o.strategy = config::strategy::best_skill;
  o.order = config::queue_order::strict;
  f.dispatcher.reconfigure(o, f.now);
  EXPECT_EQ(f.dispatcher.position(session(3)), 1u);
  EXPECT_TRUE(f.dispatcher.proposal_taken(session(3), agent_id("a"), f.now));
  EXPECT_EQ(f.next(), pair(1, "b"));
  EXPECT_EQ(f.next(), pair(2, "b"));
}

TEST(dispatcher, statistics_count_who_waits_who_is_online_and_who_has_room) {
  group_fixture f;
  f.agent("busy", 1, 1);
  f.agent("free", 2, 1);
  f.agent("away", 2);
  f.set_status("away", agent_status::away);
  auto c = waiting(1, millis{4'000});
  c.need.skills = {{"refund", 1}};
  f.enter(c);
  auto s = f.dispatcher.stats(f.now);
  EXPECT_EQ(s.waiting, 1u);
  EXPECT_EQ(s.oldest, millis{4'000});
  EXPECT_EQ(s.online, 2u);
  EXPECT_EQ(s.available, 1u);
  EXPECT_FALSE(s.service_level);
}

TEST(dispatcher, service_level_forgets_after_half_an_hour_and_ignores_early_abandonment) {
  group_fixture f;
  f.dispatcher.note_accepted(millis{5'000}, f.now);
  f.dispatcher.note_accepted(millis{25'000}, f.now);
  f.dispatcher.note_abandoned(millis{5'000}, f.now);
  f.dispatcher.note_abandoned(millis{40'000}, f.now);
  EXPECT_DOUBLE_EQ(*f.dispatcher.stats(f.now).service_level, 1.0 / 3);
  EXPECT_FALSE(f.dispatcher.stats(f.now + millis{31 * 60'000}).service_level);
}

}  // namespace
}  // namespace switchboard::test
