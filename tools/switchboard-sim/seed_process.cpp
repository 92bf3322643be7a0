#include "tools/switchboard-sim/seed_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace switchboard::sim {
namespace {

using simulation::run_plan;
using simulation::seeded_run;

/// Comes last in what the child tells; what stands before it is what it wrote to its standard
/// error.
struct footer {
  bool held = false;
  std::size_t kind_bytes = 0, report_bytes = 0;
  seeded_run::figures figures;
};
static_assert(std::is_trivially_copyable_v<footer>);

void write_all(const std::string& bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    auto n = write(STDERR_FILENO, bytes.data() + at, bytes.size() - at);
    if (n < 0 && errno != EINTR) _exit(1);
    if (n > 0) at += static_cast<std::size_t>(n);
  }
}

[[noreturn]] void play(std::uint64_t seed, bool trace) {
  run_plan plan;
  plan.seed = seed;
  if (trace) plan.trace = [](const std::string& line) { std::printf("%s\n", line.c_str()); };
  footer f;
  std::string kind, report;
  try {
    seeded_run run(plan);
    f.held = run.play();
    f.figures = run.count();
    if (!f.held) {
      kind = run.kind();
      report = run.report();
    }
  } catch (const std::exception& e) {
    kind = std::string("ends with an exception: ") + e.what();
    report = "seed " + std::to_string(seed) + " " + kind + "\n";
  }
  std::fflush(stdout);
  f.kind_bytes = kind.size();
  f.report_bytes = report.size();
  write_all(kind + report + std::string(reinterpret_cast<const char*>(&f), sizeof f));
  _exit(0);
}

std::string last_line(const std::string& text) {
  auto end = text.find_last_not_of('\n');
  if (end == std::string::npos) return {};
  auto begin = text.rfind('\n', end);
  begin = begin == std::string::npos ? 0 : begin + 1;
  return text.substr(begin, end + 1 - begin);
}

}  // namespace

seed_process::seed_process(std::uint64_t seed, bool trace) : seed_(seed) {
  int ends[2];
  if (pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  std::fflush(nullptr);
  child_ = fork();
  if (child_ < 0) {
    auto why = errno;
    close(ends[0]);
    close(ends[1]);
    throw std::system_error(why, std::generic_category(), "fork");
  }
  if (child_ == 0) {
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    play(seed, trace);
  }
  close(ends[1]);
  from_ = ends[0];
}

seed_process::seed_process(seed_process&& other) noexcept
    : seed_(other.seed_),
      child_(std::exchange(other.child_, -1)),
      from_(std::exchange(other.from_, -1)),
      status_(other.status_),
      told_(std::move(other.told_)) {}

seed_process::~seed_process() {
  if (from_ >= 0) close(from_);
  if (child_ <= 0) return;
  kill(child_, SIGKILL);
  waitpid(child_, nullptr, 0);
}

bool seed_process::take_in() {
  char bytes[4096];
  auto n = read(from_, bytes, sizeof bytes);
  if (n < 0 && errno == EINTR) return true;
  if (n > 0) {
    told_.append(bytes, static_cast<std::size_t>(n));
    return true;
  }
  while (waitpid(child_, &status_, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
  return false;
}

seed_outcome seed_process::outcome() const {
  seed_outcome out;
  out.seed = seed_;
  if (!WIFEXITED(status_) || WEXITSTATUS(status_) != 0 || told_.size() < sizeof(footer)) {
    // A broken invariant, or worse: what it said last is the best name for it.
    auto how = WIFSIGNALED(status_) ? "signal " + std::to_string(WTERMSIG(status_))
                                    : "status " + std::to_string(WEXITSTATUS(status_));
    out.kind = "the process ends (" + how + "): " + last_line(told_);
    out.report = "seed " + std::to_string(seed_) + ": " + out.kind + "\n";
    return out;
  }
  footer f;
  auto end = told_.size() - sizeof f;
  std::memcpy(&f, told_.data() + end, sizeof f);
  out.held = f.held;
  out.figures = f.figures;
  out.report = told_.substr(end - f.report_bytes, f.report_bytes);
  out.kind = told_.substr(end - f.report_bytes - f.kind_bytes, f.kind_bytes);
  return out;
}

}  // namespace switchboard::sim
