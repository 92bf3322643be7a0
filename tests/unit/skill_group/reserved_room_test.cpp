#include <gtest/gtest.h>

#include "actors/skill_group/agent_view.hpp"
#include "group_fixture.hpp"

namespace switchboard::test {
namespace {

queue_entry voice(int n, millis age) {
  auto c = waiting(n, age);
  c.need.weight = 3;
  return c;
}

TEST(reserved_room, a_heavy_item_is_not_starved_by_a_stream_of_light_ones) {
  group_fixture f;
  f.agent("a", 3, 3);
  f.enter(voice(1, millis{0}));
  int n = 1;
  // A light session a second, and a place for one a second.
  for (int s = 1; s <= 200; ++s) {
    f.now = start + millis{1'000 * s};
    auto light = waiting(++n);
    light.opened_at = f.now;
    f.enter(light);
    f.set_used("a", f.views["a"].used - 1);
    for (auto& m : f.serve_all()) {
      if (m.first != 1) continue;
      EXPECT_EQ(s, 62) << "fill_after, and then as long as it takes to free the weight";
      return;
    }
  }
  FAIL() << "starved";
}

TEST(reserved_room, time_alone_begins_the_reservation) {
  group_fixture f;
  f.agent("a", 3, 2);
  f.enter(voice(1, millis{0}));
  ASSERT_EQ(f.next().first, 0);
  EXPECT_EQ(f.dispatcher.next_deadline(f.now), start + millis{60'000});
}

TEST(reserved_room, one_agent_only_is_held_and_it_is_the_one_with_the_most_room) {
  group_fixture f;
  f.agent("a", 4, 3);
  f.agent("b", 4, 2);
  f.agent("c", 4, 3);
  f.enter(voice(1, millis{61'000}));
  EXPECT_EQ(f.next().first, 0);
  for (int i = 2; i <= 5; ++i) f.enter(waiting(i));
  EXPECT_EQ(f.serve_all(), (std::vector<pair>{{2, "a"}, {3, "c"}}));
  auto e = f.dispatcher.explain(session(4), f.now);
  EXPECT_EQ(e->rejected_by[static_cast<std::size_t>(clause::reserved_room)], 1u);
}

TEST(reserved_room, older_light_items_may_still_use_it) {
  group_fixture f;
  f.agent("a", 3, 2);
  f.enter(voice(1, millis{61'000}));
  ASSERT_EQ(f.next().first, 0);
  f.enter(waiting(2, millis{62'000}));
  EXPECT_EQ(f.next(), pair(2, "a"));
}

TEST(reserved_room, it_ends_when_the_item_is_served_elsewhere_or_leaves) {
  group_fixture f;
  f.agent("a", 3, 2);
  f.agent("b", 3, 3);
  f.enter(voice(1, millis{61'000}));
  f.enter(waiting(2));
  ASSERT_EQ(f.next().first, 0);
  f.set_used("b", 0);
  EXPECT_EQ(f.next(), pair(1, "b"));
  EXPECT_EQ(f.next(), pair(2, "a"));

  group_fixture g;
  g.agent("a", 3, 2);
  g.enter(voice(1, millis{61'000}));
  g.enter(waiting(2));
  ASSERT_EQ(g.next().first, 0);
  g.dispatcher.leave(session(1), g.now);
  EXPECT_EQ(g.next(), pair(2, "a"));
}

TEST(reserved_room, it_moves_on_when_its_agent_goes_offline) {
  group_fixture f;
  f.agent("a", 3, 1);
  f.agent("b", 3, 2);
  f.enter(voice(1, millis{61'000}));
  f.enter(waiting(2));
  ASSERT_EQ(f.next(), pair(2, "b"));
  f.set_status("a", agent_status::offline);
  f.set_used("b", 2);
  f.enter(waiting(3));
  EXPECT_EQ(f.next().first, 0);
}

TEST(reserved_room, its_end_is_noticed_for_all_whoever_is_looked_at_then) {
  group_fixture f;
  f.agent("a", 3, 2);
  f.agent("full", 0);
  f.enter(voice(1, millis{61'000}));
  f.enter(waiting(2));
  ASSERT_EQ(f.next().first, 0);
  f.now += millis{600'000};
  EXPECT_FALSE(f.dispatcher.head_for(agent_id("full"), f.now));
  EXPECT_TRUE(f.dispatcher.has_untried());
  EXPECT_EQ(f.next(), pair(2, "a"));
}

TEST(reserved_room, it_expires_after_ten_times_fill_after_and_pauses) {
  group_fixture f;
  f.agent("a", 3, 2);
  f.enter(voice(1, millis{61'000}));
  f.enter(waiting(2));
  ASSERT_EQ(f.next().first, 0);
  f.now += millis{600'000};
  EXPECT_EQ(f.next(), pair(2, "a"));
}

}  // namespace
}  // namespace switchboard::test
