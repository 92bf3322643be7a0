#include "actors/session/session_codec.hpp"
#include "runtime/codec/pack.hpp"
#include "tests/simulation/stage.hpp"
#include "tools/simulation/wire_map.hpp"

/// What the simulation has found, one test a symptom. Most need a message to come late: the actor
/// it waits at is held up.
namespace switchboard::simulation {
namespace {

const std::string manual = ", offer: {accept: manual, timeout: 20s, missed_limit: 0}";

TEST(found, a_full_agent_wraps_up_for_ever) {
  stage s(plain_deployment(1, 1, ", wrap_up: {mode: timed, time: 4s, holds_capacity: true}"));
  s.everybody_online();
  auto& c = s.opened();
  c.close();
  s.node.pass(millis{100});
  EXPECT_EQ(s.standing(0).wrap_ups, 1u);
  s.node.pass(millis{5'000});
  EXPECT_EQ(s.standing(0).wrap_ups, 0u);
  EXPECT_EQ(s.standing(0).used, 0);
}

TEST(found, an_agent_back_before_its_sessions_after_a_restart_gets_more_than_its_limit) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    stage s(plain_deployment(1, 2), seed);
    s.everybody_online();
    s.opened();
    s.opened();
    s.node.kill();
    s.node.start();
    // The agent and a customer are quicker than the sessions that were live.
    s.node.schedule().hold_up("session");
    s.agent(0).server_restarted();
    s.agent(0).log_in();
    s.customer().open();
    s.node.settle();
    s.node.schedule().let_all_go();
    s.node.pass(millis{6'000});
    EXPECT_EQ(s.standing(0).used, 2) << "seed " << seed;
    EXPECT_EQ(s.count(session_phase::waiting), 1);
    s.check();
  }
}

TEST(found, a_request_that_reaches_a_session_after_its_end_goes_in_circles) {
  // The opening is on its way to the session when the session closes: it must open another.
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    stage s(plain_deployment(1, 4), seed);
    s.everybody_online();
    auto& c = s.opened();
    auto first = *c.session();
    c.close();
    c.open();
    s.node.pass(millis{100});
    ASSERT_TRUE(s.node.found().clean()) << s.node.found().text();
    EXPECT_TRUE(*c.session() == first || s.phase(c) == session_phase::active) << "seed " << seed;
  }
}

TEST(found, a_rating_on_its_way_when_a_session_leaves_memory_takes_another_events_number) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    stage s(plain_deployment(1, 4), seed);
    s.everybody_online();
    auto& c = s.opened();
    auto id = *c.session();
    c.close();
    s.node.pass(millis{4'900});
    // Around the moment at which the session tells its directory that nothing keeps it.
    for (int i = 0; i < 12; ++i) {
      s.node.leap(millis{20});
      s.node.run(s.node.luck().below(4));
      session_call m;
      m.method = session_method::note;
      m.session = id;
      m.by = {"agent", "agent00", ""};
      m.reply = {s.node.connect([](const line::arrival&) {}), 1};
      s.node.to_session(std::move(m));
    }
    s.node.pass(millis{10'000});
    ASSERT_TRUE(s.node.found().clean()) << s.node.found().text();
    EXPECT_GE(s.node.truth().find(id)->transcript.size(), 12u) << "seed " << seed;
    s.check();
  }
}

TEST(found, one_slow_identification_makes_the_next_customers_wait_for_seconds) {
  stage s(plain_deployment(1, 9));
  s.everybody_online();
  s.node.schedule().hold_up("center");
  auto& first = s.opened();
  s.node.pass(millis{400});
  EXPECT_EQ(s.phase(first), session_phase::active);
  auto& second = s.opened();
  s.node.pass(millis{350});
  EXPECT_EQ(s.phase(second), session_phase::active) << "its own 300 ms are over";
  s.node.schedule().let_all_go();
  s.check();
}

TEST(found, reading_back_an_old_session_counts_it_as_closed_once_more) {
  stage s(plain_deployment(1, 4));
  s.everybody_online();
  auto& c = s.opened();
  c.close();
  s.node.pass(millis{20'000});
  auto& counters = s.node.node_().counters();
  EXPECT_EQ(s.node.node_().directory().sessions.size(), 0u);
  session_call m;
  m.method = session_method::status;
  m.session = *c.session();
  m.by = {"customer", "app", ""};
  s.node.to_session(std::move(m));
  s.node.settle();
  EXPECT_EQ(s.node.node_().directory().sessions.size(), 1u);
  EXPECT_EQ(counters.in_phase[static_cast<std::size_t>(session_phase::closed)], 1);
  EXPECT_EQ(counters.opened, 1);
}

TEST(found, the_days_count_of_assignments_grows_with_every_restart) {
  stage s(plain_deployment(2, 9, ", strategy: fewest_today"));
  s.agent(0).log_in();
  s.node.settle();
  auto& gone = s.opened();
  s.opened();
  gone.close();  // the count is written: two so far
  s.node.pass(millis{100});
  s.opened();
  for (int i = 0; i < 3; ++i) s.restart();
  std::int64_t today = -1;
  auto out = s.node.connect(
      [&](const line::arrival& a) { today = wire_map(a.packed).number("assigned_today"); });
  s.node.to_agent(agent_id{"agent00"}, status_request{{out, 1}, false});
  s.node.settle();
  EXPECT_EQ(today, 3);
}

TEST(found, a_decline_in_the_agents_own_words_counts_as_a_miss) {
  stage s(plain_deployment(1, 1, ", offer: {accept: manual, timeout: 60s, missed_limit: 1}"));
  s.everybody_online();
  s.opened();
  ASSERT_FALSE(s.agent(0).offers().empty());
  agent_call m;
  m.method = agent_method::decline;
  m.agent = s.agent(0).id();
  m.offer = s.agent(0).offers().back();
  m.reason = "timeout";
  s.node.to_agent(m.agent, std::move(m));
  s.node.settle();
  EXPECT_EQ(s.standing(0).state, "online");
}

TEST(found, a_group_left_while_its_proposal_is_on_the_way_gives_the_room_away_twice) {
  // The step's time is over while the group's proposal lies unread: the group lets go of the agent,
  // the session takes it.
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    stage s(R"(
groups: [{id: one}, {id: two}]
agents: [{id: a, groups: [one], capacity: 1}, {id: b, groups: [two], capacity: 1}]
channels: [{id: app}]
rules: [{name: all, steps: [{group: one, wait: 2s}, {group: two}]}]
)",
            seed);
    s.opened();
    s.opened();
    s.node.pass(millis{1'970});
    s.agent(0).log_in();
    s.node.run(s.node.luck().below(12));
    s.node.leap(millis{30});
    s.node.pass(millis{1'000});
    ASSERT_TRUE(s.node.found().clean()) << "seed " << seed << "\n" << s.node.found().text();
    EXPECT_LE(s.standing(0).used, 1);
    s.check();
  }
}

TEST(found, a_session_everybody_declined_remembers_the_round_before_for_ever) {
  stage s(plain_deployment(2, 1, manual));
  s.everybody_online();
  auto& c = s.opened();
  auto decline = [&] {
    ASSERT_EQ(s.phase(c), session_phase::offered);
    auto& offer = *s.state(c).offer;
    s.agent(offer.agent.id == "agent00" ? 0 : 1).answer(offer.offer, false);
    s.node.pass(millis{50});
  };
  decline();
  EXPECT_EQ(s.state(c).dispatch->asked.size(), 1u);
  decline();
  // A new round began with the first of them, and the record says so: it is what a restart reads.
  ASSERT_EQ(s.phase(c), session_phase::offered);
  EXPECT_TRUE(s.state(c).dispatch->asked.empty());
  decline();
  EXPECT_EQ(s.state(c).dispatch->asked.size(), 1u);
  s.check();
}

TEST(found, an_offer_declined_in_one_group_leaves_room_reserved_in_another) {
  // The session stands in two groups: while one's offer ends, the other's reservation is under way.
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    stage s(R"(
groups: [{id: hand, offer: {accept: manual, timeout: 60s, missed_limit: 0}}, {id: auto}]
agents: [{id: a, groups: [hand], capacity: 1}, {id: b, groups: [auto], capacity: 1}]
channels: [{id: app}]
rules: [{name: all, steps: [{group: hand, wait: 1s}, {group: auto, widen: true}]}]
)",
            seed);
    s.agent(0).log_in();
    s.node.settle();
    auto& c = s.opened();
    s.agent(0).answer(s.agent(0).offers().back(), false);
    s.node.pass(millis{1'050});
    ASSERT_FALSE(s.agent(0).offers().empty()) << "a new round";
    s.agent(1).log_in();
    s.node.run(s.node.luck().below(10));
    s.agent(0).answer(s.agent(0).offers().back(), seed % 2 == 0);
    s.node.pass(millis{100});
    // Declined, it is a new round for both groups, and either may be first.
    EXPECT_TRUE(s.phase(c) == session_phase::active ||
                (seed % 2 == 1 && s.phase(c) == session_phase::offered))
        << "seed " << seed;
    EXPECT_EQ(s.standing(0).used + s.standing(1).used, 1) << "seed " << seed;
    s.check();
  }
}

TEST(found, a_step_whose_time_is_over_is_not_left_while_somebody_keeps_declining) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    stage s(R"(
groups: [{id: hand, offer: {accept: manual, timeout: 60s, missed_limit: 0}}, {id: auto}]
agents: [{id: a, groups: [hand], capacity: 1}, {id: b, groups: [auto], capacity: 1}]
channels: [{id: app}]
rules: [{name: all, steps: [{group: hand, wait: 1s}, {group: auto}]}]
)",
            seed);
    s.everybody_online();
    auto& c = s.opened();
    s.node.pass(millis{1'050});
    ASSERT_FALSE(s.agent(0).offers().empty());
    s.agent(0).answer(s.agent(0).offers().back(), false);
    s.node.pass(millis{20});
    EXPECT_EQ(s.server(c), "b") << "seed " << seed;
    s.check();
  }
}

TEST(found, an_agent_who_has_subscribed_is_shown_everything_twice_once_a_second_window_opens) {
  stage s(plain_deployment(1, 1));
  s.everybody_online();
  auto& c = s.opened();
  s.agent(0).subscribe(*c.session());
  s.node.settle();
  auto second = s.node.connect([](const line::arrival&) {});
  s.node.to_agent(s.agent(0).id(), agent_connection{second, true});
  s.node.settle();
  auto before = s.book.deliveries.count();
  c.write();
  s.node.settle();
  EXPECT_EQ(s.book.deliveries.count(), before + 1)
      << "the customer does not listen, the agent's line does once";
  s.check();
}

TEST(found, an_agent_whose_group_answers_late_stands_idle_beside_who_waits) {
  stage s(plain_deployment(1, 1));
  s.everybody_online();
  auto& served = s.opened();
  auto& waits = s.opened();
  s.node.schedule().hold_up("skill_group");
  served.close();
  s.node.pass(millis{30});  // the agent has asked, and decided without an answer
  s.node.schedule().let_all_go();
  s.node.pass(millis{20});
  EXPECT_EQ(s.server(waits), "agent00");
  s.check();
}

TEST(found, a_repeated_open_of_a_session_that_closed_just_before_a_crash_opens_another) {
  stage s(plain_deployment(1, 1));
  s.everybody_online();
  s.node.state().hold(true);
  auto& c = s.opened();
  auto first = *c.session();
  c.close();
  s.node.settle();
  s.restart();
  c.repeat_last_open();
  s.node.pass(millis{100});
  EXPECT_EQ(s.node.truth().sessions().size(), 1u) << "it would have to guess";
  s.node.state().hold(false);
  s.node.pass(millis{200});
  EXPECT_EQ(s.node.truth().sessions().size(), 1u);
  EXPECT_EQ(*c.session(), first);
  s.check();
}

TEST(found, an_end_of_the_process_while_messages_are_under_way_divides_by_zero) {
  stage s(plain_deployment(2, 2));
  s.everybody_online();
  for (int i = 0; i < 6; ++i) s.customer().open();
  s.node.run(20);
  s.node.kill();
  s.node.start();
}

TEST(found, an_agent_put_on_duty_without_a_connection_gets_nothing_when_one_comes) {
  stage s(plain_deployment(1, 2));
  auto& c = s.opened();
  std::string refusal;
  auto out = s.node.connect([&](const line::arrival& a) { refusal = a.why.message; });
  agent_call m;
  m.method = agent_method::force_state;
  m.agent = s.agent(0).id();
  m.state = "online";
  m.by = {"admin", "xu", ""};
  m.reply = {out, 1};
  s.node.to_agent(s.agent(0).id(), std::move(m));
  s.node.pass(millis{10});
  EXPECT_EQ(refusal, "state: agent00 has no connection");
  s.agent(0).log_in();
  s.node.pass(millis{10});
  EXPECT_EQ(s.server(c), "agent00");
  s.check();
}

TEST(found, an_agent_slow_to_answer_for_its_room_is_passed_over_for_a_whole_round) {
  stage s(plain_deployment(2, 1));
  s.everybody_online();
  ASSERT_EQ(s.server(s.opened()), "agent00");
  s.node.schedule().hold_up("agent");
  auto& c = s.opened();
  s.node.pass(millis{6'000});
  EXPECT_EQ(s.phase(c), session_phase::waiting);
  s.node.schedule().let_all_go();
  s.node.pass(millis{100});
  EXPECT_EQ(s.server(c), "agent01");
  s.check();
}

TEST(found,
     an_agent_whom_its_group_answers_late_is_offered_one_session_though_it_has_room_for_two) {
  stage s(plain_deployment(1, 2, manual));
  auto& first = s.opened();
  auto& second = s.opened();
  s.node.pass(millis{500});  // the group has no reason of its own to look again
  s.node.schedule().hold_up("skill_group");
  s.agent(0).log_in();
  s.node.pass(millis{1'000});
  s.node.schedule().let_all_go();
  s.node.pass(millis{100});
  EXPECT_EQ(s.phase(first), session_phase::offered);
  EXPECT_EQ(s.phase(second), session_phase::offered);
  s.check();
}

TEST(found, a_guest_who_stays_when_a_conference_is_handed_over_takes_the_session_for_gone) {
  stage s(plain_deployment(3, 2));
  s.everybody_online();
  auto& c = s.opened();
  auto id = *c.session();
  ASSERT_EQ(s.server(c), "agent00");
  s.agent(0).transfer(id, "", "agent01", "conference");
  s.node.pass(millis{20});
  s.agent(0).transfer(id, "", "agent02", "consult");
  s.node.pass(millis{20});
  ASSERT_EQ(s.state(c).participants->parties.size(), 2u);
  session_call m;
  m.method = session_method::transfer_complete;
  m.session = id;
  m.by = {"agent", "agent00", ""};
  m.text = s.state(c).participants->transfer->id.value;
  m.reply = {s.node.connect([](const line::arrival&) {}), 1};
  s.node.to_session(std::move(m));
  s.node.pass(millis{20});
  ASSERT_EQ(s.server(c), "agent02");
  EXPECT_EQ(s.standing(1).joined.size(), 1u);
  s.agent(1).compare(s.standing(1), s.node.found());
  s.check();
}

TEST(found, a_place_in_a_widened_step_is_lost_when_its_group_closes_and_opens_again) {
  for (bool restarted : {false, true}) {
    stage s(R"(
groups: [{id: one}, {id: two}]
agents: [{id: a, groups: [one], capacity: 1}, {id: b, groups: [two], capacity: 1}]
channels: [{id: app}]
rules: [{name: all, steps: [{group: one, wait: 1s}, {group: two, widen: true}]}]
)");
    auto& c = s.opened();
    s.node.pass(millis{1'100});
    auto close = [&](bool closed) {
      configuration_call m;
      m.method = configuration_method::switch_group;
      m.group = "one";
      m.closed = closed;
      m.by = {"admin", "xu", ""};
      m.reply = {s.node.connect([](const line::arrival&) {}), 1};
      caf::anon_send(s.node.node_().directory().configuration, std::move(m));
      s.node.pass(millis{100});
    };
    close(true);
    EXPECT_EQ(s.phase(c), session_phase::waiting) << "the other group is open";
    if (restarted) s.restart();
    close(false);
    s.agent(0).log_in();
    s.node.pass(millis{6'000});
    EXPECT_EQ(s.server(c), "a") << (restarted ? "after a restart" : "without one");
    s.check();
  }
}

TEST(found, who_comes_to_stand_first_while_an_agent_is_being_asked_for_another_is_passed_over) {
  stage s(R"(
groups: [{id: general}]
agents: [{id: a, groups: [general], capacity: 1}]
channels: [{id: app}]
rules:
  - {name: important, when: request.intent == "vip", priority: 5, steps: [{group: general}]}
  - {name: all, steps: [{group: general}]}
)");
  s.everybody_online();
  s.node.schedule().hold_up("agent");
  auto& second = s.opened();
  auto& first = s.opened("vip");
  s.node.schedule().let_all_go();
  s.node.pass(millis{20});
  EXPECT_EQ(s.server(first), "a");
  EXPECT_EQ(s.phase(second), session_phase::waiting);
  s.check();
}

TEST(found, room_kept_for_a_heavy_session_stays_empty_while_another_agent_is_offered_that_session) {
  stage s(R"(
groups: [{id: general, offer: {accept: manual, timeout: 90s}}]
agents: [{id: a, groups: [general], capacity: 3}, {id: b, groups: [general], capacity: 3}]
channels: [{id: app}, {id: voice, weight: 3}]
rules: [{name: all, steps: [{group: general}]}]
)");
  s.agent(0).log_in();
  s.node.settle();
  std::vector<simulated_customer*> served;
  for (int i = 0; i < 3; ++i) {
    served.push_back(&s.opened());
    s.agent(0).answer(s.agent(0).offers().back(), true);
    s.node.pass(millis{10});
  }
  auto& heavy = s.opened({}, "voice");
  s.node.pass(millis{61'000});
  auto& light = s.opened();
  served.front()->close();
  s.node.pass(millis{20});
  ASSERT_EQ(s.phase(light), session_phase::waiting) << "the room is kept";
  s.agent(1).log_in();
  s.node.pass(millis{20});
  ASSERT_TRUE(s.state(heavy).offer);
  EXPECT_EQ(s.state(heavy).offer->agent.id, "b");
  EXPECT_EQ(s.phase(light), session_phase::offered);
  s.check();
}

}  // namespace
}  // namespace switchboard::simulation
