#include "tools/switchboardd/signals.hpp"

#include <algorithm>
#include <csignal>

namespace switchboard {
namespace {

sigset_t answered_signals() {
  sigset_t out;
  sigemptyset(&out);
  for (const int s : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&out, s);
  return out;
}

}  // namespace

void hold_signals() {
  const auto held = answered_signals();
  pthread_sigmask(SIG_BLOCK, &held, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void release_signals() {
  const auto held = answered_signals();
  pthread_sigmask(SIG_UNBLOCK, &held, nullptr);
}

int next_signal(millis at_most) {
  const auto held = answered_signals();
  const timespec patience{at_most.count() / 1'000, at_most.count() % 1'000 * 1'000'000};
  return std::max(0, sigtimedwait(&held, nullptr, &patience));
}

}  // namespace switchboard
