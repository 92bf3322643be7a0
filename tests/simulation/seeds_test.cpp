#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "tests/simulation/seeded_run.hpp"

namespace switchboard::simulation {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  auto* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST(seeds, every_invariant_holds_whatever_the_order_of_messages_and_the_moment_of_crashes) {
  auto one = from_environment("SWITCHBOARD_SEED", 0);
  auto first = one ? one : 1, last = one ? one : from_environment("SWITCHBOARD_SEEDS", 200);
  seeded_run::figures all;
  int failed = 0;
  for (auto seed = first; seed <= last && failed < 5; ++seed) {
    run_plan plan;
    plan.seed = seed;
    seeded_run run(plan);
    if (!run.play()) {
      ++failed;
      ADD_FAILURE() << run.report();
    }
    auto f = run.count();
    all.messages += f.messages, all.records += f.records, all.sessions += f.sessions, all.acknowledged += f.acknowledged;
    all.shown += f.shown, all.crashes += f.crashes, all.checks += f.checks, all.assigned += f.assigned, all.refused += f.refused;
  }
  std::printf("%llu seeds: %llu messages, %llu sessions, %llu assignments, %llu records, %llu acknowledged, %llu refused, "
              "%llu events shown, %llu crashes, %llu looks at the floor\n",
              static_cast<unsigned long long>(last - first + 1), static_cast<unsigned long long>(all.messages),
              static_cast<unsigned long long>(all.sessions), static_cast<unsigned long long>(all.assigned),
              static_cast<unsigned long long>(all.records), static_cast<unsigned long long>(all.acknowledged),
              static_cast<unsigned long long>(all.refused), static_cast<unsigned long long>(all.shown),
              static_cast<unsigned long long>(all.crashes), static_cast<unsigned long long>(all.checks));
}

}  // namespace
}  // namespace switchboard::simulation
