#include <gtest/gtest.h>

#include "tests/unit/config/dispatch_file_fixture.hpp"

namespace switchboard::config {
namespace {

const std::string people = "agents: [{id: lin, team: hz}, {id: chen}, {id: qian, role: leader}]\n";

TEST(teams, members_are_named_by_the_team_or_by_the_agent) {
  auto loaded = parse_dispatch(least_file + people +
                                   "teams:\n  - {id: shop, name: Shop}\n"
                                   "  - {id: hz, parent: shop, leaders: [qian], members: [chen]}\n",
                               "d.yaml");
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  ASSERT_EQ(loaded->teams.size(), 2u);
  auto& hz = loaded->teams[1];
  EXPECT_EQ(hz.parent, "shop");
  EXPECT_EQ(hz.name, "hz");
  EXPECT_EQ(hz.leaders, std::vector{agent_id{"qian"}});
  EXPECT_EQ(hz.members, (std::vector{agent_id{"lin"}, agent_id{"chen"}}));
  EXPECT_EQ(loaded->agents[1].team, "hz");
}

TEST(teams, without_the_section_an_agent_s_team_is_only_a_word) {
  EXPECT_EQ(errors_of(least_file + people), "");
}

TEST(teams, who_is_named_must_be_there) {
  EXPECT_EQ(
      errors_of(least_file + people +
                "teams: [{id: hz, parent: shp, leaders: [qan], members: [lim]}, {id: shop}]\n"),
      "d.yaml:4: teams[0].leaders[0]: unknown agent \"qan\"; did you mean \"qian\"?\n"
      "d.yaml:4: teams[0].members[0]: unknown agent \"lim\"; did you mean \"lin\"?\n"
      "d.yaml:4: teams[0].parent: unknown team \"shp\"; did you mean \"shop\"?\n");
  EXPECT_EQ(errors_of(least_file + people + "teams: [{id: hx}]\n"),
            "d.yaml:3: agents: \"lin\": unknown team \"hz\"; did you mean \"hx\"?\n");
}

TEST(teams, who_leads_has_the_role_for_it) {
  EXPECT_EQ(errors_of(least_file + people + "teams: [{id: hz, leaders: [chen]}]\n"),
            "d.yaml:4: teams[0].leaders[0]: \"chen\" has the role agent; who leads a team is "
            "leader, supervisor or admin\n");
}

TEST(teams, an_agent_is_in_one_team) {
  EXPECT_EQ(errors_of(least_file + people + "teams: [{id: hz}, {id: cd, members: [lin]}]\n"),
            "d.yaml:4: teams[1].members[0]: \"lin\" is in the team \"hz\" already\n");
}

TEST(teams, no_team_is_above_itself) {
  EXPECT_NE(errors_of(least_file + people + "teams: [{id: hz, parent: cd}, {id: cd, parent: hz}]\n")
                .find("leads in a circle"),
            std::string::npos);
}

}  // namespace
}  // namespace switchboard::config
