#include "tests/simulation/configuration_scene.hpp"

/// The configuration changed under a running contact center.
namespace switchboard::simulation {
namespace {

TEST(configuration, a_new_version_sends_newcomers_elsewhere_and_leaves_those_who_wait) {
  stage s(deployment(ann + bob, to_a));
  auto& old = s.opened();
  auto done = reload(s, deployment(ann + bob, to_b));
  EXPECT_EQ(done.number("version"), 2);
  auto& fresh = s.opened();
  EXPECT_EQ(places(s, old), in("a"));
  EXPECT_EQ(version_of(s, old), 1);
  EXPECT_EQ(places(s, fresh), in("b"));
  EXPECT_EQ(version_of(s, fresh), 2);
  s.everybody_online();
  EXPECT_EQ(s.server(old), "ann");
  EXPECT_EQ(s.server(fresh), "bob");
  s.check();
}

TEST(configuration, reevaluate_moves_those_who_wait_with_their_age) {
  stage s(deployment(ann + bob, to_a));
  auto& old = s.opened();
  const auto opened_at = s.state(old).opened_at;
  s.node.pass(millis{5'000});
  reload(s, deployment(ann + bob, to_b), true);
  EXPECT_EQ(places(s, old), in("b"));
  EXPECT_EQ(version_of(s, old), 2);
  EXPECT_EQ(s.state(old).opened_at, opened_at);
  s.agent(1).log_in();
  s.node.settle();
  EXPECT_EQ(s.server(old), "bob");
  s.check();
}

TEST(configuration, a_waiting_session_keeps_its_rules_through_a_restart) {
  stage s(deployment(ann + bob, "  - {name: all, steps: [{group: a, wait: 60s}, {group: b}]}\n"));
  auto& old = s.opened();
  // Under the new version the second step would be skipped.
  reload(s, deployment(ann + bob,
                       "  - {name: all, steps: [{group: a, wait: 60s}, {group: b, skip_if: 'true', "
                       "wait: 1s}, {leave_message: true}]}\n"));
  s.restart();
  s.node.pass(millis{61'000});
  EXPECT_EQ(version_of(s, old), 1);
  EXPECT_EQ(places(s, old), in("b"));
  s.check();
}

TEST(configuration, a_bad_version_changes_nothing_and_is_named_by_line) {
  stage s(deployment(ann + bob, to_a));
  auto& c = s.opened();
  auto done = reload(s, deployment(ann + bob, "  - {name: all, steps: [{group: zz}]}\n"));
  EXPECT_FALSE(done.ok);
  EXPECT_EQ(done.why.code, errc::invalid_argument);
  EXPECT_TRUE(done.why.message.starts_with("new.yaml:7: rules[0].steps[0].group: "))
      << done.why.message;
  EXPECT_EQ(s.node.node_().rules()->version(), 1);
  EXPECT_EQ(places(s, c), in("a"));
}

TEST(configuration, whoever_edits_an_older_version_is_told_so) {
  stage s(deployment(ann + bob, to_a));
  reload(s, deployment(ann + bob, to_b), false, 1);
  auto late = reload(s, deployment(ann + bob, to_a), false, 1);
  EXPECT_EQ(late.why.code, errc::aborted);
  EXPECT_EQ(late.why.detail, 2);
  EXPECT_EQ(s.node.node_().rules()->version(), 2);
}

TEST(configuration, those_who_wait_in_a_group_that_is_removed_are_routed_anew) {
  stage s(deployment(ann + bob, to_a));
  auto& old = s.opened();
  s.node.pass(millis{3'000});
  reload(s, deployment("  - {id: ann, groups: [b]}\n" + bob, to_b, "{id: b}"));
  EXPECT_EQ(places(s, old), in("b"));
  EXPECT_EQ(version_of(s, old), 2);
  s.agent(0).log_in();
  s.node.settle();
  EXPECT_EQ(s.server(old), "ann");
  s.node.pass(millis{60'000});
  EXPECT_TRUE(s.node.node_().directory().retiring_groups().empty());
  s.check();
}

TEST(configuration, an_offer_of_a_group_that_is_removed_is_settled_before_the_session_moves) {
  stage s(deployment(ann + bob, to_a,
                     "{id: a, offer: {accept: manual, timeout: 20s, missed_limit: 0}}, {id: b}"));
  s.agent(0).ignores_offers = true;
  s.agent(0).log_in();
  s.node.settle();
  auto& c = s.opened();
  EXPECT_EQ(s.phase(c), session_phase::offered);
  reload(s, deployment("  - {id: ann, groups: [b], capacity: 2}\n" + bob, to_b, "{id: b}"));
  EXPECT_EQ(s.phase(c), session_phase::offered);
  s.node.pass(millis{21'000});
  EXPECT_EQ(s.server(c), "ann");
  EXPECT_EQ(s.state(c).serving->group.value, "b");
  EXPECT_EQ(s.standing(0).used, 1);
  s.check();
}

TEST(configuration, a_new_group_and_a_new_agent_work_at_once) {
  stage s(deployment(ann + bob, to_a));
  reload(s, deployment(ann + bob + "  - {id: cai, groups: [c], capacity: 1}\n",
                       "  - {name: all, steps: [{group: c}]}\n", "{id: a}, {id: b}, {id: c}"));
  auto& c = s.opened();
  EXPECT_EQ(places(s, c), in("c"));
  config::agent_config who;
  who.id = agent_id{"cai"};
  who.capacity = 1;
  simulated_agent cai(s.node, s.book, s.calm, who);
  cai.log_in();
  s.node.settle();
  EXPECT_EQ(s.server(c), "cai");
}

TEST(configuration, an_agent_whose_account_is_removed_finishes_and_gets_nothing_new) {
  // Bob is in the group too, or it would be one that nobody can serve; and at home.
  const std::string both = "  - {id: bob, groups: [a, b], capacity: 2}\n";
  stage s(deployment(ann + both, to_a));
  s.agent(0).log_in();
  s.node.settle();
  auto& served = s.opened();
  ASSERT_EQ(s.server(served), "ann");
  reload(s, deployment(both, to_a));
  EXPECT_EQ(s.server(served), "ann");
  auto& next = s.opened();
  EXPECT_EQ(s.phase(next), session_phase::waiting);
  served.close();
  s.node.pass(millis{100});
  EXPECT_EQ(s.node.node_().directory().find_agent(agent_id{"ann"}), agent_actor{});
  // And whose account is made again serves again.
  reload(s, deployment(ann + both, to_a));
  s.agent(0).log_in();
  s.node.settle();
  EXPECT_EQ(s.server(next), "ann");
}

TEST(configuration, a_reload_resets_nothing_it_does_not_change) {
  // Round robin stands after ann; a wrap-up runs; somebody waits; an offer is open in another
  // group.
  const std::string two =
      "  - {id: ann, groups: [a], capacity: 2}\n  - {id: bob, groups: [a], capacity: 2}\n"
      "  - {id: cai, groups: [b], capacity: 1}\n";
  const std::string groups =
      "{id: a, strategy: round_robin, wrap_up: {mode: timed, time: 60s}}, {id: b, offer: {accept: "
      "manual, timeout: 30s}}";
  const std::string rules = "  - {name: b, when: request.intent == 'b', steps: [{group: b}]}\n";
  stage s(deployment(two, rules + to_a, groups));
  s.agent(2).ignores_offers = true;
  s.everybody_online();
  auto& first = s.opened();
  ASSERT_EQ(s.server(first), "ann");
  first.close();
  auto& offered = s.opened("b");
  ASSERT_EQ(s.phase(offered), session_phase::offered);
  s.node.pass(millis{100});
  const auto before = s.standing(0);
  ASSERT_EQ(before.wrap_ups, 1u);
  const auto events = s.state(offered).seq;
  auto done = reload(
      s,
      deployment(
          two, rules + "  - {name: new, when: request.intent == 'n', steps: [{group: a}]}\n" + to_a,
          groups));
  EXPECT_EQ(done.list("changes"), std::vector<std::string>{"rule new: added"});
  const auto after = s.standing(0);
  EXPECT_EQ(after.wrap_ups, 1u);
  EXPECT_EQ(after.used, before.used);
  EXPECT_EQ(s.state(offered).seq, events);
  EXPECT_EQ(s.phase(offered), session_phase::offered);
  EXPECT_EQ(s.server(s.opened()), "bob") << "it was bob's turn";
  s.check();
}

TEST(configuration, a_changed_group_keeps_its_queue_and_its_turn) {
  stage s(deployment(
      "  - {id: ann, groups: [a], capacity: 9}\n  - {id: bob, groups: [a], capacity: 9}\n", to_a,
      "{id: a, strategy: round_robin}"));
  s.everybody_online();
  ASSERT_EQ(s.server(s.opened()), "ann");
  reload(s,
         deployment(
             "  - {id: ann, groups: [a], capacity: 9}\n  - {id: bob, groups: [a], capacity: 9}\n",
             to_a, "{id: a, strategy: round_robin, queue: {max: 7}}"));
  EXPECT_EQ(s.server(s.opened()), "bob");
  s.check();
}

TEST(configuration, a_limit_raised_while_somebody_waits_is_used_at_once) {
  stage s(deployment("  - {id: ann, groups: [a], capacity: 1}\n", to_a, "{id: a}"));
  s.everybody_online();
  s.opened();
  auto& waits = s.opened();
  ASSERT_EQ(s.phase(waits), session_phase::waiting);
  configuration_call m;
  m.method = configuration_method::edit;
  m.path = "agents.ann.capacity";
  m.text = "2";
  EXPECT_EQ(ask(s, std::move(m)).list("changes"),
            std::vector<std::string>{"agent ann: capacity 1 → 2"});
  EXPECT_EQ(s.server(waits), "ann");
}

TEST(configuration, a_restart_keeps_the_version_applied_while_running) {
  stage s(deployment(ann + bob, to_a));
  reload(s, deployment(ann + bob, to_b));
  s.restart();
  EXPECT_EQ(s.node.node_().rules()->version(), 2);
  EXPECT_EQ(places(s, s.opened()), in("b"));
  s.restart();
  EXPECT_EQ(s.node.node_().rules()->version(), 2);
}

TEST(configuration, a_version_that_was_not_durable_at_a_crash_was_never_acknowledged) {
  stage s(deployment(ann + bob, to_a));
  s.node.quick_disk = false;
  bool came = false;
  configuration_call m;
  m.method = configuration_method::apply;
  m.by = {"admin", "xu", ""};
  m.text = deployment(ann + bob, to_b);
  m.reply = {s.node.connect([&](const line::arrival&) { came = true; }), 1};
  caf::anon_send(s.node.node_().directory().configuration, std::move(m));
  s.node.settle();
  EXPECT_FALSE(came);
  s.node.quick_disk = true;
  s.restart();
  EXPECT_EQ(s.node.node_().rules()->version(), 1);
}

TEST(configuration, a_rollback_is_a_new_version_with_the_old_text) {
  stage s(deployment(ann + bob, to_a));
  reload(s, deployment(ann + bob, to_b));
  configuration_call m;
  m.method = configuration_method::rollback;
  m.version = 1;
  EXPECT_EQ(ask(s, m).number("version"), 3);
  EXPECT_EQ(places(s, s.opened()), in("a"));
  configuration_call h;
  EXPECT_EQ(ask(s, h).number("active"), 3);
  m.version = 17;
  EXPECT_EQ(ask(s, m).why.code, errc::not_found);
}

TEST(configuration, a_diff_says_who_would_move_and_moves_nobody) {
  stage s(deployment(ann + bob, to_a));
  auto& c = s.opened();
  s.opened();
  configuration_call m;
  m.method = configuration_method::diff;
  m.text = deployment(ann + bob, to_b);
  auto told = ask(s, std::move(m));
  EXPECT_EQ(told.number("waiting"), 2);
  EXPECT_EQ(told.number("would_move"), 2);
  EXPECT_EQ(places(s, c), in("a"));
  EXPECT_EQ(s.node.node_().rules()->version(), 1);
}

TEST(configuration, closing_a_group_sends_those_who_wait_to_the_next_step) {
  stage s(deployment(ann + bob, "  - {name: all, steps: [{group: a}, {group: b}]}\n"));
  auto& c = s.opened();
  ASSERT_EQ(places(s, c), in("a"));
  switch_group(s, "a", true);
  EXPECT_EQ(places(s, c), in("b"));
  EXPECT_EQ(places(s, s.opened()), in("b"));
  switch_group(s, "a", false);
  EXPECT_EQ(places(s, s.opened()), in("a"));
  EXPECT_EQ(switch_group(s, "zz", true).why.code, errc::not_found);
}

TEST(configuration, a_group_closed_by_hand_stays_closed_through_a_restart) {
  stage s(deployment(ann + bob, "  - {name: all, steps: [{group: a}, {leave_message: true}]}\n"));
  auto& c = s.opened();
  switch_group(s, "a", true);
  EXPECT_EQ(s.phase(c), session_phase::left_message)
      << "nobody is left waiting for a group that is closed";
  s.restart();
  EXPECT_EQ(s.phase(s.opened()), session_phase::left_message);
  switch_group(s, "a", false);
  EXPECT_EQ(s.phase(s.opened()), session_phase::waiting);
}

TEST(configuration, whoever_is_disabled_finishes_and_whose_line_is_lost_then_is_gone) {
  const std::string both = "  - {id: bob, groups: [a, b], capacity: 2}\n";
  stage s(deployment(ann + both, to_a));
  s.agent(0).log_in();
  s.node.settle();
  auto& served = s.opened();
  ASSERT_EQ(s.server(served), "ann");
  ask(s, order(configuration_order::account_disable, "ann"));
  EXPECT_EQ(s.server(served), "ann");
  s.agent(0).lose_line();
  s.node.pass(millis{60'000});
  EXPECT_EQ(s.phase(served), session_phase::waiting);
  EXPECT_EQ(s.node.node_().directory().find_agent(agent_id{"ann"}), agent_actor{});
  ask(s, order(configuration_order::account_enable, "ann"));
  EXPECT_NE(s.node.node_().directory().find_agent(agent_id{"ann"}), agent_actor{});
}

TEST(found,
     an_account_disabled_while_it_wraps_up_and_enabled_again_has_two_agents_who_write_its_record) {
  const std::string wraps_up =
      "{id: a, wrap_up: {mode: timed, time: 4s, holds_capacity: true}}, {id: b}";
  stage s(deployment(ann, to_a, wraps_up));
  s.everybody_online();
  s.opened().close();
  s.node.pass(millis{100});
  ASSERT_EQ(s.standing(0).wrap_ups, 1u);
  ask(s, order(configuration_order::account_disable, "ann"));
  s.node.pass(millis{500});
  ASSERT_EQ(s.node.node_().directory().find_agent(agent_id{"ann"}), agent_actor{});
  ask(s, order(configuration_order::account_enable, "ann"));
  s.node.pass(millis{6'000});
  EXPECT_EQ(s.standing(0).wrap_ups, 0u);
  s.check();
}

TEST(found, a_session_put_off_by_an_account_that_is_disabled_then_is_served_by_nobody) {
  for (bool restarted : {false, true}) {
    stage s(deployment(ann + "  - {id: cai, groups: [a], capacity: 2}\n", to_a));
    s.agent(0).log_in();
    s.node.settle();
    auto& c = s.opened();
    s.agent(0).snooze(*c.session(), millis{600'000});
    s.node.settle();
    if (restarted) s.node.state().hold(true);
    ask(s, order(configuration_order::account_disable, "ann"));
    if (restarted) s.restart();
    s.agent(1).log_in();
    s.node.pass(millis{70'000});
    EXPECT_EQ(s.server(c), "cai");
    s.check();
  }
}

TEST(found, a_session_put_off_by_a_disabled_account_just_before_it_logs_out_is_served_by_nobody) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    stage s(deployment(ann + "  - {id: cai, groups: [a], capacity: 2}\n", to_a), seed);
    s.agent(0).log_in();
    s.node.settle();
    auto& c = s.opened();
    ask(s, order(configuration_order::account_disable, "ann"));
    s.agent(0).snooze(*c.session(), millis{600'000});
    s.agent(0).set_state("offline");
    s.node.settle();
    s.agent(1).log_in();
    s.node.pass(millis{1'000});
    EXPECT_EQ(s.server(c), "cai") << seed;
    s.check();
  }
}

}  // namespace
}  // namespace switchboard::simulation
