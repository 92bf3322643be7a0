#include "tools/switchboard-sim/run_progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <unistd.h>

#include "tools/switchboardctl/text_table.hpp"

namespace switchboard::sim {

run_progress::run_progress(std::string name)
    : name_(std::move(name)),
      on_terminal_(isatty(STDERR_FILENO) != 0),
      began_(clock::now()),
      told_(began_) {}

std::string run_progress::text(double share, std::uint64_t sessions) const {
  const double seconds = std::chrono::duration<double>(clock::now() - began_).count();
  const double speed = static_cast<double>(sessions) / std::max(seconds, 1e-3);
  return name_ + ": " + std::to_string(static_cast<int>(share * 100)) + "%, " +
         terminal::count_text(static_cast<long long>(sessions)) + " sessions, " +
         terminal::count_text(std::llround(speed)) + "/s";
}

void run_progress::at(double share, std::uint64_t sessions) {
  const auto now = clock::now();
  const auto every = on_terminal_ ? std::chrono::milliseconds(200) : std::chrono::seconds(10);
  if (now - told_ < every) return;
  told_ = now;
  std::fprintf(stderr, on_terminal_ ? "\r\033[K%s" : "%s\n", text(share, sessions).c_str());
  std::fflush(stderr);
}

void run_progress::done(std::uint64_t sessions) {
  std::fprintf(stderr, "%s%s\n", on_terminal_ ? "\r\033[K" : "", text(1, sessions).c_str());
}

}  // namespace switchboard::sim
