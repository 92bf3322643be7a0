#include <gtest/gtest.h>

#include "actors/configuration/config_version.hpp"
#include "config/dispatch_loader.hpp"
#include "tools/simulation/deployments.hpp"
#include "tools/simulation/failure_kind.hpp"
#include "tools/simulation/seeded_run.hpp"

/// Every checker is shown once what it is there to find.
namespace switchboard::simulation {
namespace {

struct planted : testing::Test {
  explicit planted(int capacity = 1)
      : config(*config::parse_dispatch(plain_deployment(2, capacity))),
        truth(config, found),
        deployment(found) {}

  /// A session's record of these events, as its actor would write it, sound or not.
  store::placed_record record(session_state& s, std::vector<session_payload> events) {
    store::placed_record r;
    r.at = ++at;
    r.body.at = now;
    r.body.key = std::string(1, static_cast<char>(s.id.shard)) +
                 std::string(reinterpret_cast<const char*>(s.id.ulid.data()), 16);
    for (auto& what : events) {
      auto e = sequence(s, std::move(what), now, {});
      apply(s, e);
      session_codec::encode(e, r.body.events);
    }
    r.body.entity_seq = s.seq;
    return r;
  }
  session_state& session(std::uint8_t n) {
    auto& s = sessions[n];
    s.id.ulid[0] = n;
    return s;
  }
  void assign(session_state& s, const std::string& agent) {
    truth.take(
        record(s, {event::assigned{{"agent", agent, ""}, group_id{"general"}, offer_id{"o"}, ""}}));
  }
  session_state& waiting(std::uint8_t n) {
    auto& s = session(n);
    event::queued q;
    q.choice.groups = {group_id{"general"}};
    truth.take(record(s, {event::opened{}, event::planned{}, q}));
    return s;
  }
  agent_standing online(const std::string& id, int used) {
    return {agent_id{id}, "online", 1, used, {}, {}, {}, 0};
  }

  config::dispatch_config config;
  verdict found;
  journal_checker truth;
  deployment_check deployment;
  std::map<std::uint8_t, session_state> sessions;
  store::position at = 0;
  timestamp now = from_unix_ms(1'790'913'600'000);
};

TEST_F(planted, a_sound_life_is_no_breach) {
  auto& s = waiting(1);
  assign(s, "agent00");
  truth.take(record(s, {event::closed{}}));
  assign(waiting(2), "agent00");
  EXPECT_TRUE(found.clean()) << found.text();
}

TEST_F(planted, I1_an_agent_over_the_limit_is_seen_in_the_records) {
  assign(waiting(1), "agent00");
  assign(waiting(2), "agent00");
  EXPECT_TRUE(found.names("I1")) << found.text();
}

TEST_F(planted, I2_a_second_winner_is_seen) {
  auto& s = waiting(1);
  assign(s, "agent00");
  assign(s, "agent01");
  EXPECT_TRUE(found.names("I2")) << found.text();
}

TEST_F(planted, I3_a_waiter_beside_a_free_agent_is_seen_after_a_scheduling_round) {
  waiting(1);
  std::vector<agent_standing> agents{online("agent00", 1), online("agent01", 0)};
  deployment.work_conserving(truth, agents, now + millis{60'000}, now);
  EXPECT_TRUE(found.clean()) << "a pair may stand for a moment";
  deployment.work_conserving(truth, agents, now + millis{60'100}, now);
  EXPECT_TRUE(found.names("I3"));
}

TEST_F(planted,
       I3_a_place_kept_for_an_agent_counts_from_the_wait_s_begin_where_stamps_stand_still) {
  auto& s = session(1);
  event::planned p;
  p.plan.sticky = agent_id{"agent01"};
  p.plan.sticky_for = millis{3'000};
  event::queued q;
  q.choice.groups = {group_id{"general"}};
  truth.take(record(s, {event::opened{}, p, q}));
  assign(s, "agent00");
  const auto lost = now + millis{10'000};  // the wall was set back by as much
  truth.take(record(s, {event::left{{"agent", "agent00", ""}, "offline"}, q}), lost);
  auto look = [&](int later) {
    deployment.work_conserving(truth, {online("agent00", 0)}, lost + millis{later}, now);
  };
  look(100);
  look(200);
  EXPECT_TRUE(found.clean()) << found.text();
  look(3'100);
  look(3'200);
  EXPECT_TRUE(found.names("I3"));
}

struct planted_with_room : planted {
  planted_with_room() : planted(3) {}
};

TEST_F(
    planted_with_room,
    I3_is_kept_where_room_is_kept_for_a_heavy_waiter_and_broken_while_that_rings_in_another_group) {
  auto& heavy = session(1);
  heavy.weight = 3;
  event::opened opened;
  opened.weight = 3;
  event::queued q;
  q.choice.groups = {group_id{"general"}, group_id{"other"}};
  truth.take(record(heavy, {opened, event::planned{}, q}));
  waiting(2);
  const std::vector<agent_standing> agents{online("agent00", 0)};
  now += millis{61'000};
  auto look = [&] {
    deployment.work_conserving(truth, agents, now, from_unix_ms(0));
    deployment.work_conserving(truth, agents, now += millis{100}, from_unix_ms(0));
  };
  look();
  EXPECT_TRUE(found.clean()) << found.text();
  auto rings = [&](const char* group) {
    truth.take(record(
        heavy,
        {event::offered{
            {"agent", "agent01", ""}, group_id{group}, offer_id{"o"}, now + millis{20'000}, ""}}));
  };
  rings("other");
  look();
  EXPECT_TRUE(found.names("I3")) << "nothing is kept for it there meanwhile";
}

TEST_F(planted, I4_one_who_overtakes_is_seen) {
  std::vector<agent_standing> agents{online("agent00", 1), online("agent01", 0)};
  auto look = [&] { deployment.in_order(truth, agents, now); };
  for (std::uint8_t n = 1; n <= 5; ++n) {
    waiting(n);
    now += millis{10};
  }
  auto get_by = [&](std::uint8_t n) {
    assign(session(n), "agent01");
    look();
    truth.take(record(session(n), {event::closed{}}));
    look();
  };
  look();
  get_by(1);
  get_by(5);
  get_by(4);
  EXPECT_TRUE(found.clean()) << found.text();
  get_by(3);
  EXPECT_TRUE(found.names("I4"));
}

TEST_F(planted, I4_several_who_pass_at_one_moment_pass_by_one_proposal) {
  std::vector<agent_standing> agents{online("agent00", 1), online("agent01", 0)};
  for (std::uint8_t n = 1; n <= 5; ++n) {
    waiting(n);
    now += millis{10};
  }
  deployment.in_order(truth, agents, now);
  for (std::uint8_t n = 3; n <= 5; ++n) assign(session(n), "agent01");
  deployment.in_order(truth, agents, now);
  EXPECT_FALSE(found.names("I4")) << found.text();
}

TEST_F(planted, I5_a_hole_in_a_sessions_numbers_is_seen) {
  auto& s = waiting(1);
  s.seq += 1;
  truth.take(record(s, {event::note{}}));
  EXPECT_TRUE(found.names("I5"));
}

TEST_F(planted, I5_an_event_shown_twice_a_gap_and_two_stories_are_seen) {
  for (int kind = 0; kind < 3; ++kind) {
    verdict v;
    delivery_check check(v);
    delivery_check::cursor one{"one", {}, 0, false}, two{"two", {}, 0, false};
    check.shown(one, 1, 0, "opened", 0);
    EXPECT_TRUE(v.clean());
    if (kind == 0) check.shown(one, 1, 0, "opened", 0);
    if (kind == 1) check.shown(one, 3, 2, "message", 3);
    if (kind == 2) check.shown(two, 1, 0, "queued", 0);
    EXPECT_TRUE(v.names("I5"));
  }
}

TEST_F(planted, I5_what_was_acknowledged_and_is_not_in_the_journal_is_seen) {
  acknowledgement_check check(found);
  auto& s = waiting(1);
  event::message m;
  m.client_msg_id = "m1";
  truth.take(record(s, {m}));
  check.message_sent(s.id, s.seq, "m1");
  check.compare(truth);
  EXPECT_TRUE(found.clean()) << found.text();
  check.message_sent(s.id, s.seq + 1, "m2");
  check.compare(truth);
  EXPECT_TRUE(found.names("I5"));
}

TEST_F(planted, I5_a_message_recorded_twice_is_seen) {
  auto& s = waiting(1);
  event::message m;
  m.client_msg_id = "m1";
  truth.take(record(s, {m}));
  truth.take(record(s, {m}));
  acknowledgement_check(found).compare(truth);
  EXPECT_TRUE(found.names("I5"));
}

TEST_F(planted, I6_a_session_that_never_leaves_identification_is_seen) {
  truth.take(record(session(1), {event::opened{}}));
  deployment.settled(truth, {online("agent00", 0), online("agent01", 0)}, now);
  EXPECT_TRUE(found.names("I6"));
}

TEST_F(planted, I6_room_that_is_reserved_for_nobody_is_seen) {
  deployment.settled(truth, {online("agent00", 1), online("agent01", 0)}, now);
  EXPECT_TRUE(found.names("I6"));
}

TEST_F(planted, I1_a_guest_over_the_limit_is_seen_in_the_records) {
  assign(waiting(1), "agent00");
  auto& s = waiting(2);
  assign(s, "agent01");
  event::joined j;
  j.who = {"agent", "agent00", ""};
  j.as = presence::warm;
  truth.take(record(s, {j}));
  EXPECT_TRUE(found.names("I1")) << found.text();
}

TEST_F(planted, I1_a_session_put_off_holds_no_room) {
  auto& s = waiting(1);
  assign(s, "agent00");
  truth.take(record(s, {event::snoozed{{"agent", "agent00", ""}, now + millis{60'000}, ""}}));
  assign(waiting(2), "agent00");
  EXPECT_TRUE(found.clean()) << found.text();
}

TEST_F(planted, I6_a_session_that_is_put_off_for_ever_is_seen) {
  auto& s = waiting(1);
  assign(s, "agent00");
  truth.take(record(s, {event::snoozed{{"agent", "agent00", ""}, now + millis{60'000}, ""}}));
  auto agent = online("agent00", 0);
  agent.sessions = {s.id.text()};
  deployment.settled(truth, {agent, online("agent01", 0)}, now);
  EXPECT_TRUE(found.clean()) << "the clock was set back meanwhile\n" << found.text();
  deployment.settled(truth, {agent, online("agent01", 0)}, now + millis{60'000});
  EXPECT_TRUE(found.names("I6"));
}

TEST_F(planted, I6_a_session_that_waits_in_a_closed_group_is_seen) {
  waiting(1);
  std::vector<agent_standing> agents{online("agent00", 1), online("agent01", 1)};
  deployment.work_conserving(truth, agents, now + millis{60'000}, now);
  EXPECT_TRUE(found.clean()) << found.text();
  store::placed_record r;
  r.at = ++at;
  r.body.kind = store::entity_kind::rules;
  r.body.key = configuration_key;
  r.body.entity_seq = 1;
  r.body.events =
      encode(configuration_event{group_switch{group_id{"general"}, true, "xu", "", now}});
  truth.take(r);
  deployment.work_conserving(truth, agents, now + millis{60'100}, now);
  EXPECT_TRUE(found.names("I6"));
}

TEST_F(planted, I6_an_agent_who_serves_what_has_ended_is_seen) {
  auto& s = waiting(1);
  assign(s, "agent00");
  truth.take(record(s, {event::closed{}}));
  auto agent = online("agent00", 1);
  agent.sessions = {s.id.text()};
  deployment.compare(truth, {agent, online("agent01", 0)});
  EXPECT_TRUE(found.names("I6"));
}

TEST_F(planted, R_who_goes_on_watching_without_leading_anybody_is_seen) {
  auto& s = waiting(1);
  assign(s, "agent01");
  event::joined j;
  j.who = {"supervisor", "agent00", ""};
  j.as = presence::monitor;
  truth.take(record(s, {j}));
  deployment.rights(truth, now);
  EXPECT_TRUE(found.clean()) << found.text();
  deployment.rights(truth, now + millis{60});
  EXPECT_TRUE(found.names("R"));
}

TEST(failure_kinds, take_out_what_differs_from_run_to_run) {
  auto deployment = *config::parse_dispatch(mixed_deployment());
  EXPECT_EQ(failure_kind("I5: the client of agent ann shows 0 sessions of others, the server has 2",
                         deployment),
            "I5: the client of agent <agent> shows 0 sessions of others, the server has <n>");
  EXPECT_EQ(
      failure_kind(
          "I3: session sd801M3XCAGXDMQQ59XQGY2CEQ7YS has waited 90 ms in refund while eve has room",
          deployment),
      "I3: session <session> has waited <n> ms in <group> while <agent> has room");
  EXPECT_EQ(failure_kind("I5: message ann-m12-3 lies twice", deployment),
            "I5: message <id> lies twice");
}

TEST_F(planted, I7_a_step_that_does_not_exist_and_a_wrong_count_are_seen) {
  waiting(1);
  deployment.counters(truth, {0, 2, 0, 0, 0, 0, 0}, 2);
  EXPECT_TRUE(found.names("I7"));
  verdict other;
  journal_checker fresh(config, other);
  session_state s;
  fresh.take(record(s, {event::opened{}, event::closed{}}));
  EXPECT_TRUE(other.clean());
  fresh.take(record(s, {event::message{}}));
  EXPECT_TRUE(other.names("I7"));
}

TEST(planted_in_a_run, a_gate_that_lets_out_what_is_not_durable_is_found_by_crashes) {
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 100 && found == 0; ++seed) {
    run_plan plan;
    plan.seed = seed;
    plan.leaky_gates = true;
    plan.faults.crash = 10;
    seeded_run run(plan);
    if (!run.play() && run.found().names("I5")) ++found;
  }
  EXPECT_GT(found, 0);
}

}  // namespace
}  // namespace switchboard::simulation
