#include "actors/session/session_rights.hpp"

#include <gtest/gtest.h>

#include "actors/session/left_message_machine.hpp"
#include "tests/unit/session/effect_words.hpp"
#include "tests/unit/session/session_fixture.hpp"

namespace switchboard {
namespace {

using namespace test;

/// Counts who looks at the configuration.
struct counting final : roster {
  config::dispatch_config configured;
  mutable int looked = 0;
  bool has(const group_id&) const override { return true; }
  bool has(const agent_id&) const override { return true; }
  group_id successor(const group_id& id) const override { return id; }
  const config::dispatch_config& config() const override {
    ++looked;
    return configured;
  }
};

struct session_ties : session_fixture {
  counting known;
  group_places standing{{group_id{"g"}}};

  session_ties() {
    add("lin", "agent", "east");
    add("chen", "agent", "west");
    add("qian", "leader", "east");
    config::team_config east, west;
    east.id = "east";
    east.leaders = {agent_id{"qian"}};
    west.id = "west";
    known.configured.teams = {east, west};
    served_by(lin);
  }
  void add(const char* id, const char* role, const char* team) {
    config::agent_config a;
    a.id = agent_id{id};
    a.role = role;
    a.team = team;
    a.groups = {group_id{"g"}};
    known.configured.agents.push_back(a);
  }
  session_rights part() const { return {s, standing, known, now}; }
  std::string refused(participant by, const char* method, account_role as = account_role::agent) {
    const auto may = part().permit(by, as, method);
    return may ? "" : may.error().message;
  }
};

TEST_F(session_ties, who_serves_it_may_without_a_look_at_the_configuration) {
  EXPECT_EQ(refused(lin, "session.close"), "");
  EXPECT_EQ(known.looked, 0);
}

TEST_F(session_ties, others_are_told_who_serves_it) {
  EXPECT_EQ(refused(chen, "session.close"), "the session is served by lin");
  EXPECT_EQ(refused({"customer", "u1", ""}, "session.close"), "");
}

TEST_F(session_ties, who_served_it_is_told_that_it_is_over) {
  happen(session_machine::close(s, lin, "done"));
  EXPECT_EQ(refused(lin, "session.snooze"), "the session is over: closed");
  EXPECT_EQ(refused(chen, "session.snooze"), "you do not serve this session");
}

TEST_F(session_ties, a_leader_of_who_serves_it_acts_as_a_supervisor) {
  participant by{"agent", "qian", "Qian"};
  EXPECT_TRUE(part().permit(by, account_role::leader, "session.monitor"));
  EXPECT_EQ(by.role, "supervisor");
  known.configured.teams[0].leaders.clear();
  known.configured.agents[2].role = "agent";
  EXPECT_FALSE(part().allows("qian", "session.monitor"));
}

TEST_F(session_ties, who_watches_and_leads_nobody_there_any_more_is_out) {
  event::joined j;
  j.who = qian;
  j.as = presence::monitor;
  happen(payloads_of(std::move(j)));
  EXPECT_TRUE(part().part_strangers().empty());
  EXPECT_TRUE(part().allows("qian", "session.subscribe"));
  known.configured.teams[0].leaders.clear();
  known.configured.agents[2].role = "agent";
  EXPECT_EQ(part().part_strangers().size(), 1u);
  EXPECT_FALSE(part().allows("qian", "session.subscribe"));
}

TEST_F(session_ties, whoever_is_in_a_group_where_it_waits_may_claim_it) {
  EXPECT_TRUE(part().allows("chen", "session.claim"));
  standing.clear();
  EXPECT_FALSE(part().allows("chen", "session.claim"));
}

TEST_F(session_ties, a_message_that_was_left_is_read_by_who_has_taken_it_on_as_long_as_that_lasts) {
  session_state left;
  left.id = s.id;
  s = std::move(left);
  wait_by(plan_of({{"g"}}));
  happen(session_machine::leave_message(s, "nobody_there"));
  EXPECT_FALSE(part().allows("chen", "session.events"));
  happen(left_message_machine::claim(s, chen, now));
  EXPECT_TRUE(part().allows("chen", "session.events"));
  now += left_message_machine::claim_lasts + millis{1};
  EXPECT_FALSE(part().allows("chen", "session.events"));
}

}  // namespace
}  // namespace switchboard
