#include "tools/switchboard-sim/verify_command.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <map>
#include <poll.h>
#include <random>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>

#include "tools/switchboard-sim/seed_process.hpp"

namespace switchboard::sim {
namespace {

struct verify_plan {
  std::uint64_t seeds = 200;
  std::string from = "random";
  unsigned jobs = 1;
  std::uint64_t failures = 0;  // so many, then it stops; 0: never
  bool trace = false;
};

std::uint64_t untried_start() {
  std::random_device chance;
  return 1'000 * (1'000 + chance() % 1'000'000'000ull);
}

/// Nothing where it is no number.
std::optional<std::uint64_t> number(const std::string& text) {
  std::uint64_t n = 0;
  auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (ec != std::errc{} || end != text.data() + text.size()) return {};
  return n;
}

/// Failures that are alike.
struct failure_group {
  std::uint64_t count = 0, first_seed = 0;
};

/// Plays seeds, each in a process of its own, tells how far it is, and goes on when one fails.
class verification {
 public:
  verification(const verify_plan& plan, std::uint64_t from)
      : plan_(plan), from_(from), next_(from) {}

  /// True where all held.
  bool run() {
    while (more() || !running_.empty()) {
      while (more() && running_.size() < plan_.jobs) running_.emplace_back(next_++, plan_.trace);
      wait();
      tell_progress();
    }
    clear_line();
    summary();
    return failed_ == 0;
  }

 private:
  using clock = std::chrono::steady_clock;

  bool more() const {
    return next_ < from_ + plan_.seeds && (plan_.failures == 0 || failed_ < plan_.failures);
  }

  void wait() {
    std::vector<pollfd> all;
    for (auto& r : running_) all.push_back({r.descriptor(), POLLIN, 0});
    if (poll(all.data(), all.size(), 1000) <= 0) return;
    std::vector<seed_process> still;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].revents == 0 || running_[i].take_in()) {
        still.push_back(std::move(running_[i]));
      } else {
        finished(running_[i].outcome());
      }
    }
    std::swap(running_, still);
  }

  /// All of the first of a kind is told, of the others only which seed.
  void finished(const seed_outcome& o) {
    ++done_;
    total_ += o.figures;
    if (o.held) return;
    ++failed_;
    clear_line();
    auto [at, fresh] = kinds_.try_emplace(o.kind, failure_group{0, o.seed});
    ++at->second.count;
    at->second.first_seed = std::min(at->second.first_seed, o.seed);
    if (fresh)
      std::fputs(o.report.c_str(), stdout);
    else
      std::printf("seed %llu: %s\n", static_cast<unsigned long long>(o.seed), o.kind.c_str());
    std::fflush(stdout);
  }

  /// On a terminal one line that changes, elsewhere a line every ten seconds.
  void tell_progress() {
    auto now = clock::now();
    if (now - told_ < std::chrono::seconds(on_terminal_ ? 1 : 10)) return;
    told_ = now;
    std::fprintf(stderr, on_terminal_ ? "\r%s" : "%s\n", progress().c_str());
    std::fflush(stderr);
  }

  void clear_line() const {
    if (on_terminal_) std::fputs("\r\033[K", stderr);
  }

  std::string progress() const {
    auto speed = static_cast<double>(done_) / std::max(0.001, seconds());
    char text[160];
    std::snprintf(
        text, sizeof text,
        "%llu of %llu seeds, %.1f/s, %llu failed, %llu crashes, %.1f million messages",
        static_cast<unsigned long long>(done_), static_cast<unsigned long long>(plan_.seeds), speed,
        static_cast<unsigned long long>(failed_), static_cast<unsigned long long>(total_.crashes),
        static_cast<double>(total_.messages) / 1e6);
    return text;
  }

  void summary() const {
    std::printf("%llu seeds from %llu in %.1f s: %llu failed, in %zu ways\n%s\n",
                static_cast<unsigned long long>(done_), static_cast<unsigned long long>(from_),
                seconds(), static_cast<unsigned long long>(failed_), kinds_.size(),
                total_.text().c_str());
    std::vector<std::pair<std::string, failure_group>> all(kinds_.begin(), kinds_.end());
    std::ranges::sort(all, [](auto& a, auto& b) { return a.second.count > b.second.count; });
    for (auto& [kind, group] : all) {
      std::printf("%6llu  %s\n        switchboard-sim verify --seeds 1 --from %llu --trace\n",
                  static_cast<unsigned long long>(group.count), kind.c_str(),
                  static_cast<unsigned long long>(group.first_seed));
    }
  }

  double seconds() const { return std::chrono::duration<double>(clock::now() - began_).count(); }

  const verify_plan plan_;
  const bool on_terminal_ = isatty(STDERR_FILENO) != 0;
  const clock::time_point began_ = clock::now();
  const std::uint64_t from_;
  clock::time_point told_ = began_;
  std::uint64_t next_, done_ = 0, failed_ = 0;
  std::vector<seed_process> running_;
  std::map<std::string, failure_group> kinds_;
  simulation::seeded_run::figures total_;
};

int verify(const verify_plan& plan) {
  auto from = plan.from == "random" ? untried_start() : *number(plan.from);
  std::printf("seeds from %llu\n", static_cast<unsigned long long>(from));
  return verification(plan, from).run() ? 0 : 1;
}

}  // namespace

void add_verify(CLI::App& app, int& exit_code) {
  auto plan = std::make_shared<verify_plan>();
  auto* verify_it = app.add_subcommand(
      "verify",
      "Seeded runs of the whole daemon with crashes, slow centers and all other faults; every "
      "invariant is checked. Goes on after a failure, and counts failures by kind");
  verify_it->add_option("--seeds", plan->seeds, "how many")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  verify_it->add_option("--from", plan->from, "the first seed, or random: a start nobody has tried")
      ->capture_default_str()
      ->check([](const std::string& text) {
        return text == "random" || number(text) ? std::string()
                                                : "expected a whole number or random, not " + text;
      });
  verify_it->add_option("-j,--jobs", plan->jobs, "so many at once")
      ->capture_default_str()
      ->check(CLI::Range(1, 64));
  verify_it
      ->add_option("--failures", plan->failures, "stop after so many seeds have failed; 0: go on")
      ->capture_default_str();
  verify_it->add_flag("--trace", plan->trace,
                      "print what happens: records, faults, what clients are told");
  verify_it->callback([plan, &exit_code] { exit_code = verify(*plan); });
}

}  // namespace switchboard::sim
