#include "runtime/hosting/probe.hpp"

#include <deque>

#include <gtest/gtest.h>

namespace switchboard {
namespace {

TEST(probe_registry, counts_whoever_lives_and_nobody_else) {
  probe_registry probes;
  auto of = [&](actor_kind k) { return probes.counts()[static_cast<std::size_t>(k)]; };
  std::deque<actor_probe> seen(101);
  std::deque<probe_registry::enrolment> there;
  for (std::size_t i = 0; i < 100; ++i)
    there.push_back(probes.enrol(seen[i], actor_kind::customer, "c" + std::to_string(i)));
  there.push_back(probes.enrol(seen[100], actor_kind::agent, "lin"));
  EXPECT_EQ(of(actor_kind::customer), 100u);
  EXPECT_EQ(of(actor_kind::agent), 1u);
  EXPECT_EQ(probes.find(actor_kind::customer, "c99")->key, "c99");
  while (there.size() > 40) there.pop_back();
  EXPECT_EQ(of(actor_kind::customer), 40u);
  EXPECT_EQ(of(actor_kind::agent), 0u);
  EXPECT_EQ(probes.top({}, 1000).size(), 40u);
  EXPECT_FALSE(probes.find(actor_kind::customer, "c99"));
  EXPECT_FALSE(probes.find(actor_kind::agent, "c1"));
}

TEST(actor_probe, the_first_of_sixteen_messages_tells_how_long_it_waited) {
  actor_probe p;
  int told = 0;
  for (int i = 0; i < 64; ++i) {
    p.note_arrival();
    if (p.take_wait(ticks_now())) ++told;
    p.note_handled(message_names::others, ticks_now(), 1);
  }
  EXPECT_EQ(told, 4);
  EXPECT_EQ(p.waiting(), 0u);
  EXPECT_EQ(p.work.load(), 64u);
}

TEST(actor_probe, a_message_taken_out_of_turn_is_not_taken_for_the_one_that_is_measured) {
  actor_probe p;
  for (int i = 0; i < 3; ++i) p.note_arrival();  // the first is measured
  p.note_handled(message_names::others, 1, 1);   // and was handled without being asked about
  EXPECT_FALSE(p.take_wait(ticks_now()));
  EXPECT_EQ(p.waiting(), 2u);
  for (int i = 0; i < 2; ++i) p.note_handled(message_names::others, 1, 1);
  for (int i = 3; i < 17; ++i) p.note_arrival();  // the 17th is measured again
  for (int i = 3; i < 16; ++i) p.note_handled(message_names::others, 1, 1);
  EXPECT_TRUE(p.take_wait(ticks_now()));
}

}  // namespace
}  // namespace switchboard
