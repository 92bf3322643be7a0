#include "tools/whatif/model_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model_fixture.hpp"
#include "tools/whatif/result_text.hpp"

namespace switchboard::whatif_testing {
namespace {

using ::testing::ElementsAre;

std::string deployment_of(const std::string& groups, const std::string& agents,
                          const std::string& rules) {
  return "groups:\n" + groups + "channels: [{id: app}, {id: phone, kind: voice}]\nagents:\n" +
         agents + "rules:\n" + rules;
}

const std::string all_to_g = "  - {name: everyone, steps: [{group: g}]}\n";
const std::string one_agent = "  - {id: a, groups: [g], capacity: 1}\n";

TEST(model_run, who_comes_third_to_two_agents_waits_until_the_first_is_free) {
  const auto r = play(recorded(small_deployment, {{0, 100}, {10, 200}, {20, 50}, {30, 50}}));
  EXPECT_THAT(r.waits, ElementsAre(0, 0, 80, 120));
  EXPECT_EQ(r.result.all.accepted, 4u);
  EXPECT_EQ(r.result.groups[0].longest_queue, 2);
  EXPECT_EQ(r.result.agents[0].accepted + r.result.agents[1].accepted, 4u);
}

TEST(model_run, after_contact_work_that_holds_capacity_keeps_the_next_waiting) {
  const auto with = [](const char* holds) {
    return play(
        recorded(deployment_of("  - {id: g, wrap_up: {mode: timed, time: 30s, holds_capacity: " +
                                   std::string(holds) + "}}\n",
                               one_agent, all_to_g),
                 {{0, 100}, {10, 100}}));
  };
  const auto holds = with("true"), frees = with("false");
  EXPECT_THAT(holds.waits, ElementsAre(0, 120));
  EXPECT_THAT(frees.waits, ElementsAre(0, 90));
  // 100 s and 100 s of talk, 30 s each of work after it: side by side where it holds nothing.
  EXPECT_NEAR(holds.result.agents[0].busy_ms, 260'000, 1);
  EXPECT_NEAR(frees.result.agents[0].busy_ms, 230'000, 1);
}

TEST(model_run, a_step_ends_after_its_wait_and_a_widened_one_keeps_the_first_queue) {
  const std::string groups = "  - {id: g}\n  - {id: h}\n";
  const std::string agents = one_agent + "  - {id: b, groups: [h], capacity: 1}\n";
  const auto rules = [](const char* widen) {
    return "  - {name: everyone, steps: [{group: g, wait: 20s}, {group: h" + std::string(widen) +
           "}]}\n";
  };
  // b serves the second from 25 s on for long; the third waits for b, or for whoever is free first.
  const std::vector<std::pair<int, int>> come{{0, 100}, {5, 1000}, {10, 50}};
  EXPECT_THAT(play(recorded(deployment_of(groups, agents, rules("")), come)).waits,
              ElementsAre(0, 20, 1015));
  EXPECT_THAT(play(recorded(deployment_of(groups, agents, rules(", widen: true")), come)).waits,
              ElementsAre(0, 20, 90));
}

TEST(model_run, a_full_queue_leads_to_the_next_step_and_no_step_to_a_message) {
  const auto r = play(recorded(deployment_of("  - {id: g, queue: {max: 1}}\n", one_agent, all_to_g),
                               {{0, 100}, {1, 10}, {2, 10}}));
  EXPECT_THAT(r.waits, ElementsAre(0, 99, -1));
  EXPECT_EQ(r.result.all.left_message, 1u);
  EXPECT_EQ(r.result.groups[0].sessions.refused, 1u);
}

TEST(model_run, who_loses_patience_leaves_and_counts_as_abandoned) {
  auto m = recorded(small_deployment, {{0, 100}, {0, 100}, {1, 10}, {2, 10}},
                    ", patience: {mean: 60s, shape: fixed}");
  m.recorded[3].patience_ms = 500'000;
  const auto r = play(m);
  EXPECT_THAT(r.waits, ElementsAre(0, 0, -1, 98));
  EXPECT_EQ(r.result.all.abandoned, 1u);
  EXPECT_EQ(r.result.all.gave_up.longest_ms(), 60'000);
  EXPECT_DOUBLE_EQ(r.result.all.service_level(), 0.5);  // two in time of three and one too late
}

TEST(model_run, a_freed_agent_takes_the_most_urgent_of_all_its_groups) {
  const auto deployment = deployment_of(
      "  - {id: g}\n  - {id: h}\n", "  - {id: a, groups: [g, h], capacity: 1}\n",
      "  - {name: h, when: '\"x\" in request.skills', priority: 1, steps: [{group: h}]}\n" +
          all_to_g);
  auto m = recorded(deployment, {{0, 300}, {10, 10}, {60, 10}});
  m.requests.push_back(m.requests[0]);
  m.requests[1].name = "urgent";
  m.requests[1].request.skills = {{"x", 1}};
  for (auto& a : m.dispatch.agents) a.skills = {{"x", 1}};
  m.recorded[2].of = 1;
  // Priority 1 is worth a minute: the third, 50 s younger, goes first.
  EXPECT_THAT(play(m).waits, ElementsAre(0, 300, 240));
}

TEST(model_run, a_voice_call_takes_six_places) {
  auto m =
      recorded(deployment_of("  - {id: g}\n", "  - {id: a, groups: [g], capacity: 7}\n", all_to_g),
               {{0, 100}, {1, 50}, {2, 50}}, ", channel: phone");
  m.requests.push_back(m.requests[0]);
  m.requests[1].request.channel = "app";
  m.recorded[1].of = m.recorded[2].of = 1;
  EXPECT_THAT(play(m).waits, ElementsAre(0, 0, 49));
}

TEST(model_run, a_missed_offer_goes_to_another_agent_and_sends_the_first_away) {
  const auto deployment = deployment_of(
      "  - {id: g, offer: {accept: manual, timeout: 20s, missed_limit: 1}}\n",
      "  - {id: a, groups: [g], capacity: 1}\n  - {id: b, groups: [g], capacity: 1}\n", all_to_g);
  const auto missed =
      play(recorded(deployment, {{0, 10}}, "", "agents: {miss: 1, back_after: 7d}\n"));
  // Both miss it, one after the other, and nobody is left to ask.
  EXPECT_EQ(missed.result.agents[0].missed, 1u);
  EXPECT_EQ(missed.result.agents[1].missed, 1u);
  EXPECT_THAT(missed.waits, ElementsAre(-1));
  const auto taken = play(
      recorded(deployment, {{0, 10}}, "", "agents: {accept_after: {mean: 5s, shape: fixed}}\n"));
  EXPECT_THAT(taken.waits, ElementsAre(5));
}

TEST(model_run, at_the_end_of_the_shift_an_agent_finishes_and_takes_nobody_new) {
  const auto r =
      play(recorded(deployment_of("  - {id: g}\n", one_agent, all_to_g),
                    {{0, 90}, {10, 10}, {3'500, 200}, {3'550, 10}}, "",
                    "start: \"2026-11-02 08:00\"\n"
                    "staffing: [{agents: a, hours: [\"08:00-09:00\", \"09:30-10:00\"]}]\n"));
  // The third is served past nine; the fourth waits for half past.
  EXPECT_THAT(r.waits, ElementsAre(0, 80, 0, 5'400 - 3'550));
  EXPECT_NEAR(r.result.agents[0].staffed_ms, (3'700 + 1'800) * 1000, 1);
}

TEST(model_run, a_closed_group_serves_nobody_until_it_opens) {
  const auto deployment =
      "calendars: {office: {timezone: Asia/Shanghai, weekly: {mon-sun: \"09:00-18:00\"}}}\n" +
      deployment_of("  - {id: g, calendar: office}\n  - {id: h}\n",
                    one_agent + "  - {id: b, groups: [h], capacity: 1}\n",
                    "  - {name: everyone, steps: [{group: g, wait: 30s}, {group: h}]}\n");
  const auto r = play(recorded(deployment, {{0, 10}, {3'700, 10}}, "",
                               "timezone: Asia/Shanghai\nstart: \"2026-11-02 08:00\"\n"));
  EXPECT_THAT(r.waits, ElementsAre(0, 0));
  EXPECT_EQ(r.result.groups[0].sessions.accepted, 1u);
  EXPECT_EQ(r.result.groups[1].sessions.accepted, 1u);
}

TEST(model_run, the_same_model_gives_the_same_result) {
  const std::string text =
      "length: 20h\nseed: 5\nrequests: [{name: r, per_hour: 40, handle: 3m, patience: 2m}]\n";
  const auto a = whatif::result_text(whatif::run_model(model_of(text)));
  EXPECT_EQ(a, whatif::result_text(whatif::run_model(model_of(text))));
  EXPECT_NE(a, whatif::result_text(whatif::run_model(model_of(text + "warm_up: 1h\n"))));
}

TEST(model_run, everybody_who_comes_ends_in_one_way) {
  const auto r = whatif::run_model(
      model_of("length: 50h\nrequests: [{name: r, per_hour: 45, handle: 3m, patience: 2m}]\n"));
  EXPECT_EQ(r.all.opened, r.simulated);
  EXPECT_EQ(r.all.opened, r.all.accepted + r.all.abandoned + r.all.left_message + r.all.unfinished);
  EXPECT_GT(r.all.abandoned, 100u);
}

TEST(model_run, sessions_that_pile_up_without_end_are_an_error_and_not_a_full_memory) {
  auto m = model_of("length: 100d\nrequests: [{name: r, per_hour: 1000000, handle: 3m}]\n",
                    "groups: [{id: g, queue: {max: 1000000}}]\n"
                    "agents: [{id: a, groups: [g], capacity: 1}]\n"
                    "rules: [{name: everyone, steps: [{group: g}]}]\n");
  whatif::run_options few;
  few.most_open = 2'000;
  EXPECT_THROW(whatif::run_model(m, few), whatif::too_many_sessions);
}

}  // namespace
}  // namespace switchboard::whatif_testing
