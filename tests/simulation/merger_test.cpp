#include "tests/simulation/configuration_scene.hpp"

/// Groups merged or closed under those who wait in them, or look there for somebody to join.
namespace switchboard::simulation {
namespace {

/// Waiters in a and b by turns, the oldest in a.
std::vector<simulated_customer*> waiters(stage& s) {
  std::vector<simulated_customer*> out;
  for (int i = 0; i < 6; ++i) {
    out.push_back(&s.opened(i % 2 == 0 ? "" : "b"));
    s.node.pass(millis{1'000});
  }
  return out;
}
const std::string by_intent =
    "  - {name: b, when: request.intent == 'b', steps: [{group: b}]}\n" + to_a;

TEST(configuration, a_merger_moves_who_waits_with_their_age_whatever_the_order_of_messages) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    stage s(
        deployment(
            "  - {id: ann, groups: [a], capacity: 1}\n  - {id: bob, groups: [b], capacity: 1}\n",
            by_intent, "{id: a}, {id: b, queue: {max: 3, on_full: refuse}}"),
        seed);
    auto all = waiters(s);
    ASSERT_EQ(ask(s, order(configuration_order::group_merge, "a", "b")).number("version"), 2);
    for (auto* c : all) ASSERT_EQ(places(s, *c), in("b")) << seed;
    s.agent(0).log_in();
    for (auto* c : all) {
      s.node.pass(millis{100});
      ASSERT_EQ(s.server(*c), "ann") << seed;
      c->close();
    }
    s.check();
  }
}

TEST(configuration, a_merger_cut_off_at_any_record_ends_as_begun_or_as_it_was) {
  for (std::size_t durable = 0; durable <= 5; ++durable) {
    stage s(deployment(
        "  - {id: ann, groups: [a], capacity: 1}\n  - {id: bob, groups: [a, b], capacity: 1}\n",
        by_intent));
    auto all = waiters(s);
    s.node.quick_disk = false;
    auto m = order(configuration_order::group_merge, "a", "b");
    m.by = {"admin", "xu", ""};
    caf::anon_send(s.node.node_().directory().configuration, std::move(m));
    s.node.settle();
    s.node.commit(durable);
    s.node.quick_disk = true;
    s.restart();
    s.node.pass(millis{6'000});
    ASSERT_EQ(s.node.node_().rules()->version(), durable == 0 ? 1 : 2);
    s.agent(1).log_in();
    for (auto* c : all) {
      s.node.pass(millis{100});
      ASSERT_EQ(s.server(*c), "bob") << durable;
      if (durable > 0) {
        ASSERT_EQ(s.state(*c).serving->group.value, "b");
      }
      c->close();
    }
    s.check();
  }
}

TEST(configuration, whoever_reaches_a_merged_group_by_a_later_step_waits_in_the_other) {
  stage s(deployment(ann + bob, "  - {name: all, steps: [{group: b, wait: 5s}, {group: a}]}\n",
                     "{id: a}, {id: b}, {id: c}"));
  auto& c = s.opened();
  ASSERT_EQ(places(s, c), in("b"));
  ask(s, order(configuration_order::group_merge, "a", "c"));
  s.node.pass(millis{6'000});
  EXPECT_EQ(places(s, c), in("c"));
  EXPECT_EQ(version_of(s, c), 1);
  s.agent(0).log_in();
  s.node.settle();
  EXPECT_EQ(s.server(c), "ann");
  s.check();
}

TEST(configuration, an_offer_of_a_group_that_is_merged_is_settled_before_the_session_moves) {
  stage s(deployment("  - {id: ann, groups: [a], capacity: 2}\n" + bob, to_a,
                     "{id: a, offer: {accept: manual, timeout: 20s, missed_limit: 0}}, {id: b}"));
  s.agent(0).ignores_offers = true;
  s.agent(0).log_in();
  s.node.settle();
  auto& c = s.opened();
  ASSERT_EQ(s.phase(c), session_phase::offered);
  ask(s, order(configuration_order::group_merge, "a", "b"));
  EXPECT_EQ(s.phase(c), session_phase::offered);
  s.agent(1).log_in();
  s.node.pass(millis{21'000});
  EXPECT_EQ(s.server(c), "bob");
  EXPECT_EQ(s.state(c).serving->group.value, "b");
  s.check();
}

/// Ann serves, and looks for somebody of b to take over.
simulated_customer& sought_in_b(stage& s) {
  s.agent(0).log_in();
  s.node.settle();
  auto& c = s.opened();
  s.agent(0).transfer(*c.session(), "b", "", "warm");
  s.node.pass(millis{20});
  EXPECT_TRUE(participants::seeking(s.state(c)));
  return c;
}
const std::string ann_bob_cho = ann + bob + "  - {id: cho, groups: [c]}\n";

TEST(configuration, a_warm_transfer_looks_on_where_its_group_was_merged_into) {
  for (bool restarted : {false, true}) {
    stage s(deployment(ann_bob_cho, to_a, "{id: a}, {id: b}, {id: c}"));
    auto& c = sought_in_b(s);
    ask(s, order(configuration_order::group_merge, "b", "c"));
    if (restarted) {
      s.restart();
      s.agent(0).log_in();
    }
    s.agent(2).log_in();
    s.node.pass(millis{100});
    ASSERT_TRUE(s.state(c).participants) << restarted;
    EXPECT_TRUE(participants::find(s.state(c), "cho")) << restarted;
    EXPECT_EQ(s.server(c), "ann");
    s.check();
  }
}

TEST(configuration, a_warm_transfer_ends_when_the_group_it_asks_closes) {
  stage s(deployment(ann_bob_cho, to_a, "{id: a}, {id: b}, {id: c}"));
  auto& c = sought_in_b(s);
  switch_group(s, "b", true);
  EXPECT_FALSE(participants::seeking(s.state(c)));
  EXPECT_EQ(s.server(c), "ann");
  s.agent(2).log_in();
  s.agent(0).transfer(*c.session(), "c", "", "warm");
  s.node.pass(millis{100});
  EXPECT_TRUE(participants::find(s.state(c), "cho")) << "it may be begun anew";
  s.check();
}

}  // namespace
}  // namespace switchboard::simulation
