#include "tests/simulation/stage.hpp"
#include "tools/simulation/wire_map.hpp"

/// The field's complaints of dispatch, each by its symptom, on a whole node.
namespace switchboard::simulation {
namespace {

const std::string manual = ", offer: {accept: manual, timeout: 20s, missed_limit: 0}";

offer_id offer_of(stage& s, std::size_t agent) {
  auto& offers = s.agent(agent).offers();
  return offers.empty() ? offer_id{} : offers.back();
}

TEST(capacity_frees, the_oldest_waiter_gets_it_after_a_close_and_not_a_newer_one) {
  stage s(plain_deployment(1, 1));
  s.everybody_online();
  auto& served = s.opened();
  auto& old = s.opened();
  auto& young = s.opened();
  served.close();
  s.node.pass(millis{10});
  EXPECT_EQ(s.server(old), "agent00");
  EXPECT_EQ(s.phase(young), session_phase::waiting);
  s.check();
}

TEST(capacity_frees, the_oldest_waiter_gets_it_when_an_agent_comes_online) {
  stage s(plain_deployment(2, 1));
  auto& old = s.opened();
  auto& young = s.opened();
  s.agent(1).log_in();
  s.node.pass(millis{10});
  EXPECT_EQ(s.server(old), "agent01");
  EXPECT_EQ(s.phase(young), session_phase::waiting);
  s.check();
}

TEST(capacity_frees, the_oldest_waiter_gets_it_after_a_transfer_out) {
  stage s(R"(
groups: [{id: general}, {id: other}]
agents: [{id: a, groups: [general], capacity: 1}, {id: b, groups: [other], capacity: 1}]
channels: [{id: app}]
rules: [{name: all, steps: [{group: general}]}]
)");
  s.everybody_online();
  auto& first = s.opened();
  auto& old = s.opened();
  auto& young = s.opened();
  s.agent(0).transfer(*first.session(), "other", "");
  s.node.pass(millis{10});
  EXPECT_EQ(s.server(first), "b");
  EXPECT_EQ(s.server(old), "a");
  EXPECT_EQ(s.phase(young), session_phase::waiting);
  s.check();
}

TEST(a_lost_line,
     keeps_the_session_through_the_grace_and_then_gives_it_back_with_its_original_wait) {
  stage s(plain_deployment(2, 1));
  s.agent(0).log_in();
  s.node.settle();
  auto& c = s.opened();
  s.node.pass(millis{1'000});
  auto& waiting = s.opened();
  s.agent(0).lose_line();
  s.node.pass(millis{29'000});
  EXPECT_EQ(s.server(c), "agent00") << "within the grace it stays";
  s.node.pass(millis{2'000});
  EXPECT_EQ(s.phase(c), session_phase::waiting);
  s.agent(1).log_in();
  s.node.pass(millis{20});
  EXPECT_EQ(s.server(c), "agent01") << "it opened before the other";
  EXPECT_EQ(s.phase(waiting), session_phase::waiting);
  s.check();
}

TEST(a_lost_line, a_full_queue_has_a_place_for_a_session_whose_agent_is_gone) {
  stage s(plain_deployment(1, 1, ", queue: {max: 1, on_full: overflow}"));
  s.everybody_online();
  auto& c = s.opened();
  auto& waiting = s.opened();
  s.agent(0).set_state("offline");
  s.node.pass(millis{20});
  EXPECT_EQ(s.phase(c), session_phase::waiting) << to_string(s.phase(c));
  EXPECT_EQ(s.phase(waiting), session_phase::waiting);
  s.check();
}

TEST(a_customer_coming_back, is_not_stuck_to_an_agent_who_is_gone) {
  stage s(plain_deployment(2, 1) + "session: {continue_within: 10m}\n");
  s.agent(0).log_in();
  s.node.settle();
  auto& c = s.opened();
  EXPECT_EQ(s.server(c), "agent00");
  c.close();
  s.node.pass(millis{100});
  s.agent(0).set_state("offline");
  s.agent(1).log_in();
  s.node.pass(millis{100});
  c.open();
  s.node.pass(millis{100});
  EXPECT_EQ(s.server(c), "agent01");
  s.check();
}

TEST(one_winner, of_two_windows_of_one_agent_that_accept_at_once) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    stage s(plain_deployment(1, 2, manual), seed);
    s.everybody_online();
    auto& c = s.opened();
    auto offer = offer_of(s, 0);
    ASSERT_FALSE(offer.empty());
    s.agent(0).answer(offer, true);
    s.agent(0).answer(offer, true);
    s.node.pass(millis{10});
    EXPECT_EQ(s.server(c), "agent00");
    EXPECT_EQ(s.agent(0).answers["accept ok"], 1);
    EXPECT_EQ(s.agent(0).answers["accept failed_precondition"], 1) << "the loser is told";
    s.check();
  }
}

TEST(one_winner, of_an_accept_and_the_timeout_at_the_same_instant) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    stage s(plain_deployment(1, 1, manual), seed);
    s.everybody_online();
    auto& c = s.opened();
    auto offer = offer_of(s, 0);
    s.node.pass(millis{19'980});
    s.agent(0).answer(offer, true);
    // Time and the answer are handled in any order.
    s.node.leap(millis{30});
    s.node.settle();
    bool accepted = s.agent(0).answers["accept ok"] == 1;
    EXPECT_NE(accepted, s.agent(0).answers["accept failed_precondition"] == 1) << "seed " << seed;
    EXPECT_EQ(accepted, s.server(c) == "agent00") << "seed " << seed;
    s.check();
  }
}

TEST(one_winner, of_an_accept_and_a_customer_who_hangs_up) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    stage s(plain_deployment(1, 1, manual), seed);
    s.everybody_online();
    auto& c = s.opened();
    s.agent(0).answer(offer_of(s, 0), true);
    c.close();
    s.node.pass(millis{10});
    EXPECT_TRUE(is_over(s.phase(c)));
    EXPECT_EQ(s.agent(0).answers["accept ok"] + s.agent(0).answers["accept failed_precondition"] +
                  s.agent(0).answers["accept not_found"],
              1);
    EXPECT_EQ(s.standing(0).used, 0) << "seed " << seed;
    s.check();
  }
}

TEST(a_no_answer, moves_on_with_each_agent_asked_once_in_a_round_and_then_overflows) {
  stage s(R"(
groups:
  - {id: hand, offer: {accept: manual, timeout: 5s, missed_limit: 0}}
  - {id: last}
agents:
  - {id: a, groups: [hand], capacity: 1}
  - {id: b, groups: [hand], capacity: 1}
  - {id: c, groups: [hand], capacity: 1}
  - {id: d, groups: [last], capacity: 1}
channels: [{id: app}]
rules: [{name: all, steps: [{group: hand, wait: 16s}, {group: last}]}]
)");
  s.everybody_online();
  auto& c = s.opened();
  s.node.pass(millis{14'900});
  std::map<std::string, int> asked;
  for (auto& e : s.node.truth().find(*c.session())->transcript) {
    if (e.kind == 6) asked[wire_map::text_of(wire_map(e.open_part).at({"agent", "id"}))] += 1;
  }
  EXPECT_EQ(asked.size(), 3u) << "each of the three";
  for (auto& [agent, n] : asked) EXPECT_EQ(n, 1) << agent;
  s.node.pass(millis{10'000});
  EXPECT_EQ(s.server(c), "d") << to_string(s.phase(c));
  s.check();
}

TEST(a_no_answer, makes_an_agent_away_after_as_many_as_the_group_allows) {
  stage s(plain_deployment(1, 1, ", offer: {accept: manual, timeout: 5s, missed_limit: 2}"));
  s.everybody_online();
  auto& c = s.opened();
  s.node.pass(millis{11'000});
  EXPECT_EQ(s.standing(0).state, "away");
  EXPECT_EQ(s.phase(c), session_phase::waiting);
  EXPECT_EQ(s.standing(0).used, 0);
  s.check();
}

TEST(draining, ends_by_itself_for_an_agent_with_nothing_to_do) {
  stage s(plain_deployment(1, 1));
  s.everybody_online();
  s.agent(0).set_state("draining");
  s.node.pass(millis{100});
  EXPECT_EQ(s.standing(0).state, "away");
}

TEST(draining, ends_at_its_limit_for_an_agent_whose_customer_never_leaves) {
  stage s(plain_deployment(1, 1));
  s.everybody_online();
  auto& c = s.opened();
  s.agent(0).set_state("draining");
  s.node.pass(millis{10'000});
  EXPECT_EQ(s.standing(0).state, "draining");
  s.node.pass(millis{31 * 60'000});
  EXPECT_EQ(s.standing(0).state, "away");
  EXPECT_EQ(s.server(c), "agent00");
  s.check();
}

TEST(found, rules_do_not_see_that_an_agent_has_come_online_while_nobody_waits) {
  stage s(R"(
groups: [{id: general}]
agents: [{id: a, groups: [general], capacity: 2}]
channels: [{id: app}]
rules:
  - {name: seen, when: queue("general").available > 0, steps: [{group: general}]}
  - {name: nobody, steps: [{leave_message: true}]}
)");
  s.everybody_online();
  s.node.pass(millis{300});
  auto& c = s.opened();
  EXPECT_EQ(s.server(c), "a");
  s.agent(0).set_state("away");
  s.node.pass(millis{300});
  s.agent(0).set_state("online");
  s.node.pass(millis{300});
  EXPECT_EQ(s.server(s.opened()), "a") << "and again";
  s.check();
}

TEST(found, what_was_handed_on_ends_when_its_new_group_closes_though_the_giver_is_there) {
  stage s(R"(
groups: [{id: general}, {id: other}]
agents: [{id: a, groups: [general], capacity: 1}, {id: b, groups: [other], capacity: 1}]
channels: [{id: app}]
rules: [{name: all, steps: [{group: general}]}]
)");
  s.agent(0).log_in();
  s.node.settle();
  auto& c = s.opened();
  ASSERT_EQ(s.server(c), "a");
  s.agent(0).transfer(*c.session(), "other", "");
  s.node.pass(millis{100});
  ASSERT_EQ(s.phase(c), session_phase::waiting);
  configuration_call m;
  m.method = configuration_method::switch_group;
  m.group = "other";
  m.closed = true;
  m.by = {"admin", "xu", ""};
  m.reply = {s.node.connect([](const line::arrival&) {}), 1};
  caf::anon_send(s.node.node_().directory().configuration, std::move(m));
  s.node.pass(millis{200});
  EXPECT_EQ(s.server(c), "a");
  s.check();
}

}  // namespace
}  // namespace switchboard::simulation
