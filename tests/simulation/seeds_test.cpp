#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "tools/simulation/seeded_run.hpp"

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
  std::mutex lock;
  std::atomic<std::uint64_t> next{first};
  std::atomic<int> failed{0};
  auto work = [&] {
    for (auto seed = next++; seed <= last && failed < 5; seed = next++) {
      run_plan plan;
      plan.seed = seed;
      seeded_run run(plan);
      bool held = run.play();
      std::lock_guard hold(lock);
      all += run.count();
      if (held) continue;
      ++failed;
      ADD_FAILURE() << run.report() << "  replay: SWITCHBOARD_SEED=" << seed
                    << ", or switchboard-sim verify --seeds 1 --from " << seed << " --trace";
    }
  };
  // Runs know nothing of each other.
  std::thread beside(work);
  work();
  beside.join();
  std::printf("%llu seeds: %s\n", static_cast<unsigned long long>(last - first + 1),
              all.text().c_str());
}

}  // namespace
}  // namespace switchboard::simulation
