#include <array>
#include <stdexcept>
#include <string>

#include <benchmark/benchmark.h>

#include "actors/router/routing_rules.hpp"

// What it costs to plan for one customer by 10, 100 and 1000 rules of the kind a service desk
// writes.
namespace switchboard {
namespace {

constexpr std::size_t intents = 47;
const timestamp noon = from_unix_ms(1'790'913'600'000);

std::string condition(std::size_t n) {
  const auto number = std::to_string(n);
  const auto intent = "request.intent == \"intent_" + std::to_string(n % intents) + "\"";
  const auto hours = "now.getHours(\"Asia/Shanghai\") < " + std::to_string(n % 3);
  const std::array<std::string, 5> shapes{
      "member.level >= 3 && \"tag_" + number + "\" in tags && " + intent,
      intent + " && request.channel in [\"app\", \"phone\"] && trail.open_orders > " + number,
      "member.id == \"vip_" + number + "\" && member.level >= 1",
      intent + " && queue(\"group_" + std::to_string(n % 8) + "\").waiting > " + number,
      "\"group_" + number + "\" in tags && (" + hours + " || request.text.contains(\"refund\"))"};
  return shapes[n % shapes.size()];
}

/// `count` rules, the last of which takes everybody; eight groups, each with an agent.
config::dispatch_config sample_config(std::size_t count) {
  config::dispatch_config all;
  for (int i = 0; i < 8; ++i) {
    const group_id group("group_" + std::to_string(i));
    all.groups.push_back({.id = group, .serves = i == 0 ? "member.level >= 3" : ""});
    all.agents.push_back({.id = agent_id("agent_" + std::to_string(i)),
                          .groups = {group},
                          .skills = {{"refund", 4}}});
  }
  for (std::size_t n = 0; n < count; ++n) {
    config::step_config first;
    first.groups = {all.groups[n % 8].id};
    first.require = {{"refund", 2}};
    first.skip_if = "queue(\"group_" + std::to_string(n % 8) + "\").online == 0";
    first.wait = millis{20'000};
    config::step_config second;
    second.groups = {all.groups[1].id, all.groups[2].id, all.groups[3].id};
    second.widen = true;
    const bool last = n + 1 == count;
    all.rules.push_back({.name = "rule " + std::to_string(n),
                         .when = last ? "" : condition(n),
                         .steps = {first, second}});
  }
  return all;
}

std::shared_ptr<const routing_rules> rules_of(std::size_t count) {
  auto made = compile_routing(sample_config(count), 1);
  if (!made) throw std::runtime_error(config::to_string(made.error()));
  return *made;
}

struct customer {
  consultation_request request;
  findings found;
  queue_snapshot board;

  customer() {
    request.channel = "web";
    request.intent = "intent_5";
    request.skills = {{"english", 2}};
    found.source = "web:home";
    found.tags = {"new", "tag_x"};
    found.member.emplace().id = "m1";
    found.member->level = 2;
    found.trail.emplace().last_agent = agent_id("agent_1");
    for (int i = 0; i < 8; ++i) {
      board.put(group_id("group_" + std::to_string(i)), {.waiting = i, .online = 3});
    }
  }
  route_input input() const { return {session_id{.ulid = {1}}, request, found}; }
};

/// No condition matches but the last, so every rule has to be ruled out.
void plan(benchmark::State& state) {
  const auto rules = rules_of(static_cast<std::size_t>(state.range(0)));
  const customer c;
  for (auto _ : state) benchmark::DoNotOptimize(rules->plan(c.input(), c.board, noon));
}
BENCHMARK(plan)->Arg(10)->Arg(100)->Arg(1000)->Unit(benchmark::kMicrosecond);

void choose_step(benchmark::State& state) {
  const auto rules = rules_of(10);
  const customer c;
  const auto made = rules->plan(c.input(), c.board, noon);
  for (auto _ : state) {
    benchmark::DoNotOptimize(rules->choose_step(made.plan, c.input(), c.board, 1, noon));
  }
}
BENCHMARK(choose_step)->Unit(benchmark::kMicrosecond);

void compile(benchmark::State& state) {
  const auto all = sample_config(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(compile_routing(all, 1));
}
BENCHMARK(compile)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace switchboard

BENCHMARK_MAIN();
