#include "tests/simulation/configuration_scene.hpp"

/// Plans that name what a later configuration has removed.
namespace switchboard::simulation {
namespace {

const std::string cai = "  - {id: cai, groups: [c], capacity: 2}\n";

TEST(an_outlived_plan, whose_later_step_names_a_removed_group_leaves_nobody_beside_a_free_agent) {
  stage s(deployment(ann + bob + cai,
                     "  - {name: all, steps: [{group: a, wait: 3s}, {group: b}]}\n",
                     "{id: a}, {id: b}, {id: c}"));
  s.agent(2).log_in();
  s.node.settle();
  auto& c = s.opened();
  const auto next =
      deployment(ann + cai, "  - {name: all, steps: [{group: a, wait: 3s}, {group: c}]}\n",
                 "{id: a}, {id: c}");
  configuration_call diff;
  diff.method = configuration_method::diff;
  diff.text = next;
  EXPECT_EQ(ask(s, diff).number("would_move"), 1);
  reload(s, next);
  EXPECT_EQ(version_of(s, c), 1);
  s.node.pass(millis{7'000});
  EXPECT_EQ(s.server(c), "cai");
  EXPECT_EQ(version_of(s, c), 2);
  s.check();
}

TEST(an_outlived_plan, that_waits_in_two_groups_of_which_one_is_removed_ends_in_the_active_rules) {
  stage s(deployment(ann + bob + cai,
                     "  - {name: all, steps: [{group: a, wait: 1s}, {group: b, widen: true, wait: "
                     "3s}, {leave_message: true}]}\n",
                     "{id: a}, {id: b}, {id: c}"));
  s.agent(2).log_in();
  auto& c = s.opened();
  s.node.pass(millis{1'500});
  ASSERT_EQ(places(s, c).size(), 2u);
  reload(s, deployment(ann + cai, "  - {name: all, steps: [{group: c}]}\n", "{id: a}, {id: c}"));
  s.node.pass(millis{5'000});
  EXPECT_EQ(s.server(c), "cai");
  s.check();
}

TEST(an_outlived_plan,
     of_a_served_session_whose_group_is_removed_and_whose_agent_is_lost_is_made_anew) {
  stage s(deployment(ann + cai, to_a, "{id: a}, {id: c}") + "session: {reconnect_grace: 2s}\n");
  s.everybody_online();
  auto& c = s.opened();
  ASSERT_EQ(s.server(c), "ann");
  reload(s, deployment("  - {id: ann, groups: [c], capacity: 2}\n" + cai,
                       "  - {name: all, steps: [{group: c}]}\n", "{id: c}") +
                "session: {reconnect_grace: 2s}\n");
  s.node.pass(millis{15'000});  // the group has ended
  s.agent(0).lose_line();
  s.node.pass(millis{3'000});
  EXPECT_EQ(s.server(c), "cai");
  s.check();
}

}  // namespace
}  // namespace switchboard::simulation
