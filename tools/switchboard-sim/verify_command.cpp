#include "tools/switchboard-sim/verify_command.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>

#include "tools/simulation/seeded_run.hpp"

namespace switchboard::sim {
namespace {

using simulation::run_plan;
using simulation::seeded_run;

struct verify_plan {
  std::uint64_t seeds = 200;
  std::uint64_t from = 1;
  unsigned jobs = 1;
  unsigned failures = 1;  // so many, then it stops
  bool trace = false;
};

/// Runs seeds in threads of its own and tells how far it is. All members are guarded by the lock
/// but `plan_`.
class verification {
 public:
  explicit verification(const verify_plan& plan) : plan_(plan), next_(plan.from) {}

  bool run() {
    std::vector<std::thread> workers;
    for (unsigned i = 0; i < plan_.jobs; ++i) {
      workers.emplace_back([this] { work(); });
    }
    tell_progress();
    for (auto& w : workers) w.join();
    if (on_terminal_) std::fputs("\r\033[K", stderr);
    summary();
    return failed_ == 0;
  }

 private:
  void work() {
    while (auto seed = take()) {
      run_plan plan;
      plan.seed = *seed;
      if (plan_.trace)
        plan.trace = [](const std::string& line) { std::printf("%s\n", line.c_str()); };
      seeded_run run(plan);
      bool held = run.play();
      finished(*seed, held, run);
    }
    std::lock_guard lock(lock_);
    ++idle_;
    changed_.notify_one();
  }

  std::optional<std::uint64_t> take() {
    std::lock_guard lock(lock_);
    if (next_ >= plan_.from + plan_.seeds || failed_ >= plan_.failures) return {};
    return next_++;
  }

  void finished(std::uint64_t seed, bool held, const seeded_run& run) {
    auto f = run.count();
    auto report = held ? std::string() : run.report();
    std::lock_guard lock(lock_);
    ++done_;
    total_ += f;
    if (held) return;
    ++failed_;
    if (on_terminal_) std::fputs("\r\033[K", stderr);
    std::printf("%s  replay: switchboard-sim verify --seeds 1 --from %llu --trace\n",
                report.c_str(), static_cast<unsigned long long>(seed));
    std::fflush(stdout);
  }

  /// On a terminal one line that changes, elsewhere a line every ten seconds.
  void tell_progress() {
    std::unique_lock lock(lock_);
    auto next_line = std::chrono::seconds(on_terminal_ ? 1 : 10);
    while (!changed_.wait_for(lock, next_line, [&] { return idle_ == plan_.jobs; })) {
      std::fprintf(stderr, on_terminal_ ? "\r%s" : "%s\n", progress().c_str());
      std::fflush(stderr);
    }
  }

  std::string progress() const {
    auto speed = static_cast<double>(done_) / std::max(0.001, seconds());
    char text[160];
    std::snprintf(text, sizeof text,
                  "%llu of %llu seeds, %.1f/s, %u failed, %llu crashes, %.1f million messages",
                  static_cast<unsigned long long>(done_),
                  static_cast<unsigned long long>(plan_.seeds), speed, failed_,
                  static_cast<unsigned long long>(total_.crashes),
                  static_cast<double>(total_.messages) / 1e6);
    return text;
  }

  void summary() const {
    std::printf("%llu seeds from %llu in %.1f s: %u failed\n%s\n",
                static_cast<unsigned long long>(done_), static_cast<unsigned long long>(plan_.from),
                seconds(), failed_, total_.text().c_str());
  }

  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  }

  const verify_plan plan_;
  const bool on_terminal_ = isatty(STDERR_FILENO) != 0;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::mutex lock_;
  std::condition_variable changed_;
  std::uint64_t next_, done_ = 0;
  unsigned failed_ = 0, idle_ = 0;
  seeded_run::figures total_;
};

}  // namespace

void add_verify(CLI::App& app, int& exit_code) {
  auto plan = std::make_shared<verify_plan>();
  auto* verify = app.add_subcommand(
      "verify",
      "Seeded runs of the whole daemon with crashes, slow centers and all other faults; "
      "every invariant is checked");
  verify->add_option("--seeds", plan->seeds, "how many")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  verify->add_option("--from", plan->from, "the first seed")->capture_default_str();
  verify->add_option("-j,--jobs", plan->jobs, "so many at once")
      ->capture_default_str()
      ->check(CLI::Range(1, 64));
  verify->add_option("--failures", plan->failures, "stop after so many seeds have failed")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  verify->add_flag("--trace", plan->trace,
                   "print what happens: records, faults, what clients are told");
  verify->callback([plan, &exit_code] { exit_code = verification(*plan).run() ? 0 : 1; });
}

}  // namespace switchboard::sim
