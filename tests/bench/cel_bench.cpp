#include <array>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "runtime/cel/rule_set.hpp"

// What one request costs in a set of 10, 100 and 1000 conditions of the kind a service desk writes.
namespace switchboard::cel {
namespace {

constexpr std::size_t intents = 47;

environment sample_environment() {
  environment names;
  names.add_variable("request", type::structure("request", {{"channel", type::string()},
                                                            {"intent", type::string()},
                                                            {"text", type::string()}}));
  names.add_variable(
      "member", type::structure("member", {{"id", type::string()}, {"level", type::integer()}}));
  names.add_variable("tags", type::list(type::string()));
  names.add_variable("now", type::timestamp());
  names.add_function(
      {"queue",
       {type::string()},
       type::structure("queue", {{"online", type::integer()}, {"waiting", type::integer()}}),
       10});
  return names;
}

class sample_bindings : public bindings {
 public:
  sample_bindings() {
    bind("request", value::record({{"channel", value::string("web")},
                                   {"intent", value::string("intent_5")},
                                   {"text", value::string("where is my parcel")}}));
    bind("member", value::record({{"id", value::string("m1")}, {"level", value::integer(2)}}));
    bind("tags", value::list({value::string("new"), value::string("tag_3")}));
    bind("now", value::timestamp({1'700'000'000, 0}));
  }
  value call(std::string_view, std::span<const value>) const override { return queue_; }

 private:
  value queue_ = value::record({{"online", value::integer(3)}, {"waiting", value::integer(12)}});
};

/// No condition matches, so every rule of the set has to be ruled out.
std::string condition(std::size_t n) {
  const auto number = std::to_string(n);
  const auto intent = "request.intent == \"intent_" + std::to_string(n % intents) + "\"";
  const auto hours = "now.getHours(\"Asia/Shanghai\") < " + std::to_string(n % 3);
  const std::array<std::string, 5> shapes{
      "member.level >= 3 && \"tag_" + std::to_string(n % 20) + "\" in tags && " + intent,
      intent + " && request.channel in [\"app\", \"phone\"] && member.level >= 1",
      "member.id == \"vip_" + number + "\" && member.level >= 1",
      intent + " && queue(\"group_" + std::to_string(n % 8) + "\").waiting > 50",
      "\"group_" + number + "\" in tags && (" + hours + " || request.text.contains(\"refund\"))"};
  return shapes[n % shapes.size()];
}

rule_set make_rules(std::size_t count) {
  std::vector<std::string> conditions;
  for (std::size_t i = 0; i < count; ++i) conditions.push_back(condition(i));
  auto rules = rule_set::compile(conditions, sample_environment());
  if (!rules) throw std::runtime_error{rules.error().front().error.to_string()};
  return std::move(*rules);
}

void first_match(benchmark::State& state) {
  const auto rules = make_rules(static_cast<std::size_t>(state.range(0)));
  const sample_bindings host;
  std::size_t evaluated = 0;
  for (auto _ : state) {
    const auto match = rules.first_match(host);
    if (match.rule) state.SkipWithError("a rule matched");
    evaluated = match.evaluated;
  }
  state.counters["evaluated"] = static_cast<double>(evaluated);
}
BENCHMARK(first_match)->Arg(10)->Arg(100)->Arg(1000);

/// The same, one program after the other: what the set saves.
void one_by_one(benchmark::State& state) {
  const auto names = sample_environment();
  std::vector<program> programs;
  for (std::size_t i = 0; i < static_cast<std::size_t>(state.range(0)); ++i)
    programs.push_back(compile(condition(i), names).value());
  const sample_bindings host;
  for (auto _ : state)
    for (const auto& p : programs) benchmark::DoNotOptimize(p.evaluate(host));
}
BENCHMARK(one_by_one)->Arg(10)->Arg(100)->Arg(1000);

/// No equality to find rules by: all conditions run, on shared parts.
void without_equalities(benchmark::State& state) {
  std::vector<std::string> conditions;
  for (std::int64_t i = 0; i < state.range(0); ++i)
    conditions.push_back("member.level > " + std::to_string(3 + i % 5) +
                         " && request.text.contains(\"word_" + std::to_string(i) + "\")");
  const auto rules = rule_set::compile(conditions, sample_environment()).value();
  const sample_bindings host;
  for (auto _ : state) benchmark::DoNotOptimize(rules.first_match(host));
}
BENCHMARK(without_equalities)->Arg(10)->Arg(100)->Arg(1000);

void compile_set(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(make_rules(static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(compile_set)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace switchboard::cel

BENCHMARK_MAIN();
