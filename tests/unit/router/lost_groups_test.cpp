#include "actors/router/lost_groups.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

std::vector<group_id> ids(std::initializer_list<const char*> names) {
  return {names.begin(), names.end()};
}

routing_plan plan_of(std::vector<std::vector<group_id>> steps) {
  routing_plan p;
  for (auto& groups : steps) p.steps.push_back({.groups = std::move(groups)});
  p.steps.push_back({.leave_message = true});
  return p;
}

struct lost_groups_test : testing::Test {
  config::dispatch_config now;
  lost_groups_test() {
    for (auto* id : {"one", "three"}) now.groups.push_back({.id = group_id{id}});
    now.groups.back().formerly = ids({"merged"});
  }
};

TEST_F(lost_groups_test, a_removed_group_is_lost_and_a_merged_one_is_not) {
  EXPECT_EQ(lost_groups(ids({"one", "two", "merged"}), now), ids({"two"}));
}

TEST_F(lost_groups_test, what_is_ahead_is_named_once_from_the_step_on) {
  const auto p = plan_of({ids({"one"}), ids({"two", "three"}), ids({"three", "two"})});
  EXPECT_EQ(groups_ahead(p, 1), ids({"two", "three"}));
  EXPECT_EQ(groups_ahead(p, 0), ids({"one", "two", "three"}));
}

TEST_F(lost_groups_test,
       a_plan_whose_next_step_has_lost_its_group_is_outlived_though_a_later_one_is_open) {
  const auto p = plan_of({ids({"one"}), ids({"two"}), ids({"three"})});
  EXPECT_TRUE(is_outlived(p, 1, {2, ids({"three"}), {}}, now));
}

TEST_F(lost_groups_test, a_step_that_keeps_one_of_its_groups_is_entered) {
  const auto p = plan_of({ids({"one"}), ids({"two", "three"})});
  EXPECT_FALSE(is_outlived(p, 0, {1, ids({"three"}), {}}, now));
}

TEST_F(lost_groups_test, nobody_is_left_with_a_message_by_a_plan_that_has_lost_a_group_anywhere) {
  EXPECT_TRUE(is_outlived(plan_of({ids({"two", "one"})}), 1, {1, {}, {}}, now));
  EXPECT_FALSE(is_outlived(plan_of({ids({"merged", "one"})}), 1, {1, {}, {}}, now));
}

}  // namespace
}  // namespace switchboard
