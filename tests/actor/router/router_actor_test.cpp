#include "actors/router/router_actor.hpp"

#include <optional>

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/messages/registration.hpp"
#include "tests/unit/router/routing_fixture.hpp"

namespace switchboard {
namespace {

using namespace router_testing;
using testing::HasSubstr;

struct system_config : caf::actor_system_config {
  system_config() {
    register_messages(*this);
    set("scheduler.policy", caf::atom("testing"));
  }
};

class hand_clock : public clock_source {
 public:
  timestamp now() const override { return noon; }
};

/// Keeps the one answer it was given.
class kept_answer : public outbox {
 public:
  void reply(std::uint32_t, store::position, std::string p) override { packed = std::move(p); }
  void fail(std::uint32_t, store::position, const error&) override {}
  void notify(store::position, std::string) override {}
  std::uint64_t id() const override { return 1; }
  bool open() const override { return true; }
  std::string packed;
};

/// What a session was told; anything else than a router's answer is a failure.
struct heard {
  std::optional<routed> plan;
  std::optional<step_chosen> step;
  std::optional<transfer_routed> transfer;
  int answers = 0;
};

caf::behavior listening(caf::event_based_actor* self, std::shared_ptr<heard> to) {
  self->set_default_handler([](caf::scheduled_actor*, caf::message_view& x) {
    ADD_FAILURE() << "unexpected: " << caf::to_string(x.move_content_to_message());
    return caf::result<caf::message>(caf::make_message());
  });
  return {
      [to](routed& m) { to->plan = std::move(m), ++to->answers; },
      [to](step_chosen& m) { to->step = std::move(m), ++to->answers; },
      [to](transfer_routed& m) { to->transfer = std::move(m), ++to->answers; },
  };
}

const std::string deployment_yaml = deployment_with(
    "  - {name: members, when: member.level > 0, priority: 3, steps: [{groups: [a, b], balance: "
    "fewest_waiting}, {group: c, skip_if: queue('c').online == 0}]}\n"
    "  - {name: rest, steps: [{group: c}]}\n");

class a_router : public testing::Test {
 protected:
  a_router()
      : system(config),
        self(system, true),
        scheduler(dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler())),
        services{clock, probes, [this] { return rules; }},
        router(spawn_router(system, services, "router-0")),
        session(system.spawn(listening, said)) {
    found.member.emplace().level = 1;
    scheduler.run();
  }
  ~a_router() override {
    caf::anon_send_exit(router, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(session, caf::exit_reason::user_shutdown);
    router = nullptr;
    scheduler.run();
  }

  template <class Message> void tell(Message m) {
    caf::send_as(session, router, std::move(m));
    scheduler.run();
  }
  routing_plan planned() {
    tell(route_request{id, request, found, 2, 0});
    return said->plan.value().plan;
  }

  system_config config;
  caf::actor_system system;
  caf::scoped_actor self;
  caf::scheduler::test_coordinator& scheduler;
  hand_clock clock;
  probe_registry probes;
  std::shared_ptr<const routing_rules> rules = rules_of(deployment_yaml, 1);
  router_services services;
  std::shared_ptr<heard> said = std::make_shared<heard>();
  router_actor router;
  caf::actor session;
  session_id id{.shard = 9, .ulid = {7}};
  consultation_request request;
  findings found;
};

TEST_F(a_router, answers_a_request_for_a_plan_to_who_asked) {
  tell(route_request{id, request, found, 6, 0});
  ASSERT_TRUE(said->plan);
  EXPECT_EQ(said->answers, 1);
  EXPECT_EQ(said->plan->session, id);
  EXPECT_EQ(said->plan->plan.rule, "members");
  EXPECT_EQ(said->plan->plan.rules_version, 1);
  EXPECT_EQ(said->plan->plan.steps[0].need.weight, 6);
  EXPECT_EQ(said->plan->first.step, 0);
}

TEST_F(a_router, tells_the_session_what_was_found_where_identification_asks_for_it) {
  tell(route_request{id, request, found, 1, 0, true});
  ASSERT_TRUE(said->plan && said->plan->found);
  EXPECT_EQ(said->plan->found->member->level, 1);
  tell(route_request{id, request, found, 1, 0});
  EXPECT_FALSE(said->plan->found) << "who asks for itself knows it already";
}

TEST_F(a_router, decides_by_what_groups_last_reported) {
  tell(group_report{.group = group_id("a"), .waiting = 5, .online = 1});
  tell(group_report{.group = group_id("b"), .waiting = 1, .online = 1});
  planned();
  EXPECT_EQ(said->plan->first.groups, groups({"b"}));
  tell(group_report{.group = group_id("b"), .waiting = 9, .online = 1});
  planned();
  EXPECT_EQ(said->plan->first.groups, groups({"a"}));
  tell(group_report{.group = group_id("a"), .waiting = 0, .online = 1, .open = false});
  planned();
  EXPECT_EQ(said->plan->first.groups, groups({"b"}));
}

TEST_F(a_router, chooses_the_next_step_when_asked) {
  const auto plan = planned();
  tell(step_request{id, request, found, plan, 1});
  ASSERT_TRUE(said->step);
  EXPECT_EQ(said->step->session, id);
  EXPECT_EQ(said->step->choice.step, 2);
  tell(group_report{.group = group_id("c"), .online = 1});
  tell(step_request{id, request, found, plan, 1});
  EXPECT_EQ(said->step->choice.groups, groups({"c"}));
}

TEST_F(a_router, routes_a_transfer_or_refuses_it) {
  transfer_request ask{.session = id, .request = request, .found = found, .priority = 5};
  ask.to_group = "b";
  tell(ask);
  ASSERT_TRUE(said->transfer);
  EXPECT_EQ(said->transfer->refusal, "");
  EXPECT_EQ(said->transfer->first.groups, groups({"b"}));
  EXPECT_EQ(said->transfer->plan.priority, 5);
  ask.to_group = "nowhere";
  tell(ask);
  EXPECT_THAT(said->transfer->refusal, HasSubstr("to.group: there is no such group"));
  EXPECT_EQ(said->transfer->refused_field, "to.group");
}

TEST_F(a_router, plans_by_a_new_version_at_once_and_goes_on_with_an_old_plan_by_the_old_one) {
  const auto plan = planned();
  rules = rules_of(deployment_with("  - {name: members, steps: [{group: b}, {group: a}]}\n"), 2);
  EXPECT_EQ(planned().rules_version, 2);
  EXPECT_EQ(said->plan->first.groups, groups({"b"}));
  // The old version skips the step, the new one knows no such condition.
  tell(step_request{id, request, found, plan, 1});
  EXPECT_EQ(said->step->choice.step, 2);
  // Late findings: the same version again.
  tell(route_request{id, request, found, 1, 1});
  EXPECT_EQ(said->plan->plan.rules_version, 1);
  EXPECT_EQ(said->plan->plan.priority, 3);
}

TEST_F(a_router, forgets_the_oldest_versions_and_then_uses_the_plans_own_data) {
  const auto plan = planned();
  for (int version = 2; version < 12; ++version) {
    rules = rules_of(deployment_yaml, version);
    planned();
  }
  tell(step_request{id, request, found, plan, 1});
  EXPECT_EQ(said->step->choice.step, 1);
  EXPECT_EQ(said->step->choice.groups, groups({"c"}));
  tell(route_request{id, request, found, 1, 1});
  EXPECT_EQ(said->plan->plan.rules_version, 11);
}

TEST_F(a_router, shows_its_state_and_keeps_no_board_row_for_groups_there_are_not) {
  tell(group_report{.group = group_id("a"), .online = 1});
  tell(group_report{.group = group_id("nowhere"), .online = 1});
  planned();
  auto out = std::make_shared<kept_answer>();
  tell(status_request{{out, 1}, false});
  const auto handle = msgpack::unpack(out->packed.data(), out->packed.size());
  std::map<std::string, msgpack::object> state;
  handle.get().convert(state);
  EXPECT_EQ(state.size(), 8u);
  EXPECT_EQ(state["name"].as<std::string>(), "router-0");
  EXPECT_EQ(state["rules_version"].as<int>(), 1);
  EXPECT_EQ(state["rules"].as<int>(), 2);
  EXPECT_EQ(state["kept_versions"].as<std::vector<int>>(), std::vector<int>{1});
  EXPECT_EQ(state["groups_reported"].as<int>(), 1);
  EXPECT_EQ(state["plans"].as<int>(), 1);
  EXPECT_EQ(said->answers, 1);
}

TEST_F(a_router, is_seen_by_its_probe) {
  planned();
  const auto rows = probes.top(actor_kind::router, 10);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].key, "router-0");
  EXPECT_EQ(rows[0].handled, 1u);
  EXPECT_STREQ(rows[0].state, "ready");
}

}  // namespace
}  // namespace switchboard
