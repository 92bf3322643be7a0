// Prints JSON: how fast sessions and messages are projected into a real store, and how long loading
// them back takes.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "actors/read_model/recovery/recovery.hpp"
#include "runtime/store/store.hpp"
#include "tests/unit/read_model/session_writer.hpp"

namespace switchboard {
namespace {

using steady = std::chrono::steady_clock;

struct wall_clock final : clock_source {
  timestamp now() const override {
    return std::chrono::time_point_cast<millis>(std::chrono::system_clock::now());
  }
};

/// By the clock on the wall, and of processor time in all threads: a busy machine stretches only
/// the first.
struct stopwatch {
  struct reading {
    double wall, processor;
  };
  reading read() const {
    return {std::chrono::duration<double>(steady::now() - began).count(),
            static_cast<double>(std::clock() - used) / CLOCKS_PER_SEC};
  }
  steady::time_point began = steady::now();
  std::clock_t used = std::clock();
};

void print(const char* what, double count, const stopwatch::reading& took) {
  std::printf(
      "{\"what\": \"%s\", \"count\": %.0f, \"wall_s\": %.3f, \"processor_s\": %.3f, "
      "\"per_wall_s\": %.0f, "
      "\"processor_us_each\": %.2f}\n",
      what, count, took.wall, took.processor, count / took.wall, took.processor * 1e6 / count);
}

void wait_projected(store::store& db) {
  if (!db.wait_projected(db.journal().last(), millis{600'000})) std::exit(1);
}

/// A session a customer waits in, with all that identification and routing leave in it.
void begin(session_writer& s, std::size_t n) {
  s.open(noon, "c" + std::to_string(n));
  s.identify("c:app:c" + std::to_string(n), noon);
  routing_plan plan;
  plan.rule = "vip";
  plan.why = {"rule 1: passed over, tags", "rule 2: level 3 >= 2"};
  plan.steps = {{{group_id{"sales"}}, {{{"zh", 3}}, 1}, millis{30'000}, false, false},
                {{group_id{"care"}}, {{}, 1}, millis{0}, true, false}};
  s.write({event::planned{plan},
           event::queued{group_id{"sales"}, {}, {}, {0, {group_id{"sales"}}, {}}, noon}},
          noon);
  s.assign("a" + std::to_string(n % 500), noon);
}

int run(const std::string& dir, std::size_t sessions, std::size_t messages) {
  wall_clock clock;
  store::store_options options;
  options.dir = dir;
  options.journal_map_bytes = options.state_map_bytes = std::size_t{16} << 30;
  options.clock = &clock;
  auto opened = store::open_store(options, all_projections());
  if (!opened) return std::fprintf(stderr, "%s\n", opened.error().message.c_str()), 1;
  auto& db = **opened;
  std::vector<std::unique_ptr<session_writer>> all;
  stopwatch opening;
  for (std::size_t i = 0; i < sessions; ++i) {
    auto& s = all.emplace_back(std::make_unique<session_writer>(
        db.journal(), numbered_session(i, static_cast<shard_id>(i * 37))));
    begin(*s, i);
    s->events = {};
  }
  wait_projected(db);
  print("sessions opened, identified, queued, assigned; projected", static_cast<double>(sessions),
        opening.read());
  std::mt19937_64 rng(1);
  stopwatch talking;
  for (std::size_t i = 0; i < messages; ++i) {
    auto& s = *all[rng() % all.size()];
    s.say(i % 2 ? "agent" : "customer", "a message of ordinary length, as people write them", noon);
    s.events.clear();
  }
  print("messages appended", static_cast<double>(messages), talking.read());
  wait_projected(db);
  print("messages appended and projected", static_cast<double>(messages), talking.read());
  for (unsigned threads : {2u, 1u}) {
    stopwatch loading;
    auto world = recovery::load(db.state(), db.journal(), {.threads = threads});
    if (!world) return std::fprintf(stderr, "%s\n", world.error().message.c_str()), 1;
    print(threads == 2 ? "live sessions loaded by two threads" : "by one",
          static_cast<double>(world->sessions.size()), loading.read());
  }
  return 0;
}

}  // namespace
}  // namespace switchboard

int main(int argc, char** argv) {
  if (argc < 2)
    return std::fprintf(stderr, "projection_bench DIRECTORY [SESSIONS] [MESSAGES]\n"), 2;
  auto number = [&](int i, std::size_t absent) {
    return argc > i ? static_cast<std::size_t>(std::atoll(argv[i])) : absent;
  };
  return switchboard::run(argv[1], number(2, 200'000), number(3, 1'000'000));
}
