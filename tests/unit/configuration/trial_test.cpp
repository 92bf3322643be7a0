#include <gtest/gtest.h>

#include "actors/configuration/configuration_trial.hpp"
#include "tests/unit/configuration/version_fixture.hpp"

namespace switchboard {
namespace {

using namespace configuration_testing;

const timestamp noon = from_unix_ms(1'790'913'600'000);

struct waiter {
  consultation_request request;
  findings found;
  session_id session;

  explicit waiter(std::uint8_t n, std::string intent = {}) {
    session.ulid = {n};
    request.intent = std::move(intent);
  }
  route_input input() const { return {session, request, found, 1}; }
};

const std::string before = deployment_with(
    "  - {name: refunds, when: request.intent == 'refund', steps: [{group: a}]}\n"
    "  - {name: rest, steps: [{group: b}]}\n");

TEST(trial, counts_those_who_would_wait_elsewhere_and_no_others) {
  configuration_trial t(
      loaded(before),
      loaded(deployment_with(
                 "  - {name: refunds, when: request.intent == 'refund', steps: [{group: c}]}\n"
                 "  - {name: rest, steps: [{group: b}]}\n"),
             2));
  queue_snapshot board;
  for (std::uint8_t i = 0; i < 9; ++i) t.take(waiter(i, "refund").input(), board, noon);
  t.take(waiter(100).input(), board, noon);
  EXPECT_EQ(t.waiting(), 10u);
  EXPECT_EQ(t.would_move(), 9u);
  ASSERT_EQ(t.moves().size(), 1u);
  EXPECT_EQ(t.moves()[0].from, "rule \"refunds\" in a");
  EXPECT_EQ(t.moves()[0].to, "rule \"refunds\" in c");
  EXPECT_EQ(t.moves()[0].sessions, 9u);
  EXPECT_EQ(t.moves()[0].examples.size(), configuration_trial::most_examples);
}

TEST(trial, sees_another_priority_and_other_skills) {
  configuration_trial t(
      loaded(before),
      loaded(deployment_with("  - {name: refunds, when: request.intent == 'refund', priority: 4, "
                             "steps: [{group: a, require: {refund: 2}}]}\n"
                             "  - {name: rest, steps: [{group: b}]}\n"),
             2));
  t.take(waiter(1, "refund").input(), {}, noon);
  ASSERT_EQ(t.moves().size(), 1u);
  EXPECT_EQ(t.moves()[0].to, "rule \"refunds\" in a, priority 4, with refund 2");
}

TEST(trial, counts_those_whose_plan_leads_to_a_group_that_is_gone) {
  const auto two_steps = [](const char* second) {
    return std::string("  - {name: rest, steps: [{group: a, wait: 5s}, {group: ") + second +
           "}]}\n";
  };
  const auto without_b = "groups: [{id: a}, {id: c}]\nrules:\n" + two_steps("c");
  configuration_trial t(loaded(deployment_with(two_steps("b"))), loaded(without_b, 2));
  t.take(waiter(1).input(), {}, noon);
  ASSERT_EQ(t.would_move(), 1u);
  EXPECT_EQ(t.moves()[0].from, "rule \"rest\" in a, then b");
  EXPECT_EQ(t.moves()[0].to, "rule \"rest\" in a, then c");
}

TEST(trial, of_the_same_rules_moves_nobody) {
  configuration_trial t(loaded(before), loaded(before, 2));
  t.take(waiter(1, "refund").input(), {}, noon);
  EXPECT_EQ(t.would_move(), 0u);
  EXPECT_TRUE(t.change().empty());
}

TEST(trial, counts_who_is_on_the_way_to_a_group_that_is_removed) {
  configuration_trial t(loaded(before), loaded(before, 2));
  queue_snapshot board;
  t.take(waiter(1).input(), board, noon, {group_id{"b"}, group_id{"c"}});
  EXPECT_EQ(t.would_move(), 0u);
  t.take(waiter(2).input(), board, noon, {group_id{"b"}, group_id{"gone"}});
  EXPECT_EQ(t.would_move(), 1u);
  ASSERT_EQ(t.moves().size(), 1u);
  EXPECT_EQ(t.moves()[0].from, "rule \"rest\" in b, on the way to gone");
  EXPECT_EQ(t.moves()[0].to, "rule \"rest\" in b, planned anew");
}

}  // namespace
}  // namespace switchboard
