#include "runtime/codec/pack.hpp"
#include "tests/simulation/stage.hpp"
#include "tools/simulation/wire_map.hpp"

/// Power cuts (scenario 7), transfers (14) and wrap-ups (15), by symptom.
namespace switchboard::simulation {
namespace {

const std::string two_groups = R"(
groups:
  - {id: general}
  - {id: other, queue: {max: 1, on_full: overflow}, wrap_up: {mode: timed, time: 10s, holds_capacity: true}}
agents:
  - {id: a, groups: [general], capacity: 1}
  - {id: b, groups: [other], capacity: 1}
  - {id: c, groups: [general, other], capacity: 1}
channels: [{id: app}]
rules:
  - {name: by intent, when: 'request.intent == "other"', steps: [{group: other}]}
  - {name: all, steps: [{group: general}]}
)";

TEST(a_power_cut, keeps_what_was_acknowledged_and_the_order_of_the_queue) {
  stage s(plain_deployment(2, 1));
  s.agent(0).log_in();
  s.node.settle();
  auto& served = s.opened();
  auto& old = s.opened();
  auto& young = s.opened();
  s.restart(millis{3'000});
  EXPECT_EQ(s.server(served), "agent00");
  for (auto& c : s.customers) c->server_restarted();
  s.agent(1).log_in();
  s.node.pass(millis{100});
  EXPECT_EQ(s.server(old), "agent01");
  EXPECT_EQ(s.phase(young), session_phase::waiting);
  s.node.pass(millis{31'000});
  EXPECT_EQ(s.phase(served), session_phase::waiting) << "the agent did not come back";
  s.check();
}

TEST(a_power_cut, loses_what_was_not_durable_and_never_said_so) {
  stage s(plain_deployment(1, 1));
  s.everybody_online();
  auto& c = s.opened();
  s.node.quick_disk = false;
  c.write();
  s.node.settle();
  auto before = s.node.truth().find(*c.session())->transcript.size();
  s.restart();
  EXPECT_LT(s.node.truth().find(*c.session())->transcript.size(), before);
  s.node.quick_disk = true;
  c.server_restarted();
  s.check();
}

TEST(a_power_cut, ends_open_offers_and_counts_no_miss) {
  stage s(plain_deployment(1, 1, ", offer: {accept: manual, timeout: 20s, missed_limit: 1}"));
  s.everybody_online();
  auto& c = s.opened();
  EXPECT_EQ(s.phase(c), session_phase::offered);
  s.restart();
  EXPECT_EQ(s.phase(c), session_phase::waiting);
  s.agent(0).server_restarted();
  s.agent(0).log_in();
  s.node.pass(millis{6'000});
  EXPECT_EQ(s.phase(c), session_phase::offered);
  EXPECT_EQ(s.standing(0).state, "online");
  s.check();
}

TEST(a_power_cut, keeps_the_round_robins_place) {
  stage s(plain_deployment(3, 9, ", strategy: round_robin"));
  s.everybody_online();
  EXPECT_EQ(s.server(s.opened()), "agent00");
  EXPECT_EQ(s.server(s.opened()), "agent01");
  s.restart();
  for (auto& a : s.agents) {
    a->lose_line();
    a->log_in();
  }
  s.node.pass(millis{6'000});
  EXPECT_EQ(s.server(s.opened()), "agent02");
}

TEST(a_power_cut, a_repeated_message_that_was_not_projected_before_it_is_not_recorded_twice) {
  stage s(plain_deployment(1, 1));
  s.everybody_online();
  auto& c = s.opened();
  s.node.state().hold(true);
  std::uint64_t first = 0, seq = 0;
  auto hear = [](std::uint64_t& into) {
    return [&into](const line::arrival& a) {
      into = static_cast<std::uint64_t>(wire_map(a.packed).number("seq"));
    };
  };
  auto out = s.node.connect(hear(first));
  codec::packer body;
  field(body.map(1), "text", "once");
  send_message m;
  m.session = *c.session();
  m.from = {"customer", "app", {}};
  m.content = {"key1", "text", {body.take()}};
  m.reply = {out, 1};
  s.node.to_session(m);
  s.node.settle();
  s.restart();
  out = s.node.connect(hear(seq));
  m.reply = {out, 2};
  s.node.to_session(m);
  s.node.pass(millis{100});
  EXPECT_GT(first, 0u);
  EXPECT_EQ(seq, first) << "a start waits until the state has what was durable";
  s.node.state().hold(false);
  s.book.acknowledged.compare(s.node.truth());
  s.check();
}

TEST(a_power_cut, with_the_projector_behind_a_reader_sees_no_gap) {
  stage s(plain_deployment(1, 1));
  s.everybody_online();
  auto& c = s.opened();
  c.subscribe();
  s.node.settle();
  s.node.state().hold(true);
  c.write();
  c.write();
  s.node.quick_disk = false;
  s.node.settle();
  s.node.disk().commit_all();
  s.restart();
  s.node.quick_disk = true;
  c.server_restarted();
  s.node.settle();
  c.write();
  s.node.pass(millis{100});
  s.node.state().hold(false);
  s.node.pass(millis{200});
  EXPECT_GE(s.book.deliveries.count(), 4u);
  s.check();
}

TEST(a_transfer, to_a_full_queue_keeps_a_place_and_the_original_age) {
  stage s(two_groups);
  s.agent(0).log_in();
  s.node.settle();
  auto& first = s.opened();
  auto& waits = s.opened("other");
  EXPECT_EQ(s.phase(waits), session_phase::waiting);
  s.agent(0).transfer(*first.session(), "other", "");
  s.node.pass(millis{20});
  EXPECT_EQ(s.phase(first), session_phase::waiting) << to_string(s.phase(first));
  s.agent(1).log_in();
  s.node.pass(millis{20});
  EXPECT_EQ(s.server(first), "b") << "it opened first";
  EXPECT_EQ(s.phase(waits), session_phase::waiting);
  s.check();
}

TEST(a_transfer, to_an_empty_group_waits_there_and_is_served_when_somebody_comes) {
  stage s(two_groups);
  s.agent(0).log_in();
  s.node.settle();
  auto& c = s.opened();
  s.agent(0).transfer(*c.session(), "other", "");
  s.node.pass(millis{60'000});
  EXPECT_EQ(s.phase(c), session_phase::waiting);
  s.agent(1).log_in();
  s.node.pass(millis{20});
  EXPECT_EQ(s.server(c), "b");
  s.check();
}

TEST(a_transfer, to_oneself_is_refused_and_changes_nothing) {
  stage s(two_groups);
  s.agent(0).log_in();
  s.node.settle();
  auto& c = s.opened();
  s.agent(0).transfer(*c.session(), "", "a");
  s.node.pass(millis{20});
  EXPECT_EQ(s.agent(0).answers["transfer invalid_argument"], 1);
  EXPECT_EQ(s.server(c), "a");
  s.check();
}

TEST(a_transfer, to_the_same_group_has_one_owner_or_a_place) {
  stage s(two_groups);
  s.agent(0).log_in();
  s.agent(2).log_in();
  s.node.settle();
  auto& c = s.opened();
  auto first = s.server(c);
  s.agent(first == "a" ? 0 : 2).transfer(*c.session(), "general", "");
  s.node.pass(millis{20});
  EXPECT_EQ(s.phase(c), session_phase::active);
  s.check();
}

TEST(a_transfer, to_an_agent_who_is_full_waits_for_that_agent) {
  stage s(two_groups);
  s.agent(0).log_in();
  s.agent(1).log_in();
  s.node.settle();
  auto& c = s.opened();
  auto& other = s.opened("other");
  EXPECT_EQ(s.server(other), "b");
  s.agent(0).transfer(*c.session(), "", "b");
  s.node.pass(millis{1'000});
  EXPECT_EQ(s.phase(c), session_phase::waiting);
  other.close();
  s.node.pass(millis{20});
  EXPECT_EQ(s.phase(c), session_phase::waiting) << "the wrap-up holds the room";
  s.node.pass(millis{11'000});
  EXPECT_EQ(s.server(c), "b");
  s.check();
}

TEST(a_transfer, to_an_agent_who_is_offline_is_refused_and_nobody_is_told_of_one) {
  stage s(two_groups);
  s.agent(0).log_in();
  s.node.settle();
  auto& c = s.opened();
  s.agent(0).transfer(*c.session(), "", "c");
  s.node.pass(millis{20});
  EXPECT_EQ(s.agent(0).answers["transfer failed_precondition"], 1);
  EXPECT_EQ(s.server(c), "a");
  EXPECT_EQ(s.state(c).transfers, 0u);
  s.check();
}

TEST(a_transfer, to_an_agent_who_is_away_waits_a_minute_for_that_agent_though_the_giver_is_free) {
  stage s(two_groups);
  s.agent(0).log_in();
  s.agent(2).log_in();
  s.node.settle();
  auto& c = s.opened();
  ASSERT_EQ(s.server(c), "a");
  s.agent(2).set_state("away");
  s.node.pass(millis{20});
  s.agent(0).transfer(*c.session(), "", "c");
  s.node.pass(millis{59'000});
  EXPECT_EQ(s.phase(c), session_phase::waiting);
  s.node.pass(millis{2'000});
  EXPECT_EQ(s.server(c), "a") << "then the others of the group";
  s.check();
}

TEST(a_wrap_up, belongs_to_the_group_that_accepted_and_comes_once) {
  stage s(two_groups);
  s.agent(2).log_in();  // in both groups, which have different policies
  s.node.settle();
  auto& plain = s.opened();
  plain.close();
  s.node.pass(millis{20});
  EXPECT_EQ(s.standing(2).wrap_ups, 0u);
  auto& timed = s.opened("other");
  timed.close();
  s.node.pass(millis{20});
  EXPECT_EQ(s.standing(2).wrap_ups, 1u);
  EXPECT_EQ(s.standing(2).used, 1);
  s.node.pass(millis{10'100});
  EXPECT_EQ(s.standing(2).wrap_ups, 0u);
  EXPECT_EQ(s.standing(2).used, 0);
  s.check();
}

}  // namespace
}  // namespace switchboard::simulation
