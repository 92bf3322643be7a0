#include "actors/access/team_tree.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

/// shop ─┬─ hz (leader qian; members lin, sun) ── hz_night (member chen)
///       └─ cd (supervisor xu is a member; member wang)
config::dispatch_config deployment() {
  config::dispatch_config c;
  auto agent = [&](const char* id, const char* role, const char* team) {
    config::agent_config a;
    a.id = agent_id{id};
    a.role = role;
    a.team = team;
    c.agents.push_back(a);
  };
  agent("lin", "agent", "hz");
  agent("sun", "agent", "hz");
  agent("chen", "agent", "hz_night");
  agent("wang", "agent", "cd");
  agent("qian", "leader", "hz");
  agent("xu", "supervisor", "cd");
  agent("boss", "leader", "");
  agent("root", "admin", "");
  agent("fay", "agent", "");
  c.teams.push_back({"shop", "Shop", "", {agent_id{"boss"}}, {}, {}});
  c.teams.push_back({"hz",
                     "Hangzhou",
                     "shop",
                     {agent_id{"qian"}},
                     {agent_id{"lin"}, agent_id{"sun"}, agent_id{"qian"}},
                     {}});
  c.teams.push_back({"hz_night", "Night", "hz", {}, {agent_id{"chen"}}, {}});
  c.teams.push_back({"cd", "Chengdu", "shop", {}, {agent_id{"wang"}, agent_id{"xu"}}, {}});
  return c;
}

TEST(team_tree, a_leader_leads_the_team_and_every_team_below_it_and_no_other) {
  auto c = deployment();
  EXPECT_TRUE(team_tree::leads(c, "qian", "lin"));
  EXPECT_TRUE(team_tree::leads(c, "qian", "chen"));
  EXPECT_FALSE(team_tree::leads(c, "qian", "wang"));
  EXPECT_FALSE(team_tree::leads(c, "qian", "boss"));
  EXPECT_TRUE(team_tree::leads(c, "boss", "qian"));
  EXPECT_TRUE(team_tree::leads(c, "boss", "wang"));
}

TEST(team_tree, a_supervisor_leads_the_team_they_are_a_member_of_and_a_leader_does_not_by_that) {
  auto c = deployment();
  EXPECT_TRUE(team_tree::leads(c, "xu", "wang"));
  EXPECT_FALSE(team_tree::leads(c, "xu", "lin"));
  c.teams[1].leaders.clear();
  EXPECT_FALSE(team_tree::leads(c, "qian", "lin"));
}

TEST(team_tree, nobody_leads_themselves_and_an_agent_leads_nobody) {
  auto c = deployment();
  EXPECT_FALSE(team_tree::leads(c, "qian", "qian"));
  EXPECT_FALSE(team_tree::leads(c, "lin", "sun"));
  c.teams[1].leaders.push_back(agent_id{"lin"});  // though the tree says so
  EXPECT_FALSE(team_tree::leads(c, "lin", "sun"));
}

TEST(team_tree, an_admin_leads_everybody_there_is_and_who_is_in_no_team_only_by_them) {
  auto c = deployment();
  EXPECT_TRUE(team_tree::leads(c, "root", "fay"));
  EXPECT_FALSE(team_tree::leads(c, "root", "nobody"));
  EXPECT_FALSE(team_tree::leads(c, "boss", "fay"));
}

TEST(team_tree, an_agent_who_moves_is_led_by_the_new_team_s_leader_alone) {
  auto c = deployment();
  c.agents[0].team = "cd";
  EXPECT_FALSE(team_tree::leads(c, "qian", "lin"));
  EXPECT_TRUE(team_tree::leads(c, "xu", "lin"));
}

TEST(team_tree, lists_the_teams_somebody_leads_with_those_below) {
  auto c = deployment();
  auto ids = [&](const char* who) {
    std::string out;
    for (auto* t : team_tree::led_by(c, who)) out += t->id + ' ';
    return out;
  };
  EXPECT_EQ(ids("qian"), "hz hz_night ");
  EXPECT_EQ(ids("boss"), "shop hz hz_night cd ");
  EXPECT_EQ(ids("xu"), "cd ");
  EXPECT_EQ(ids("lin"), "");
}

TEST(team_tree, a_circle_of_teams_is_no_endless_walk) {
  auto c = deployment();
  c.teams[0].parent = "hz";
  EXPECT_FALSE(team_tree::leads(c, "xu", "lin"));
}

TEST(team_tree, says_an_account_s_role_and_that_there_is_none) {
  auto c = deployment();
  EXPECT_EQ(team_tree::role_of(c, "xu"), account_role::supervisor);
  EXPECT_EQ(team_tree::role_of(c, "root"), account_role::admin);
  EXPECT_FALSE(team_tree::role_of(c, "nobody"));
}

}  // namespace
}  // namespace switchboard
