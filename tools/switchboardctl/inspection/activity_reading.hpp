#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tools/switchboardctl/envelope.hpp"

/// What `admin.activity` counts since the daemon's start, as rates of the time between two answers.
/// Pure functions.
namespace switchboard::ctl {

/// How long something took, of all that was noted in between. In microseconds; negative where
/// nothing was.
struct quantiles {
  double p50 = -1, p99 = -1;
};

/// What happened between two answers at actors of one kind, or with one kind of message there.
struct activity_row {
  std::string kind, message;  // message: empty for all of a kind
  std::int64_t living = 0;    // actors now
  std::int64_t failed = 0;
  double per_second = 0;
  double share = 0;  // of one thread's time, 0 to the number of threads
  quantiles wait, work;
};

struct busy_actor_row {
  std::string kind, key, state, last_message;
  double per_second = 0, share = 0;
  std::int64_t waiting = 0;
};

struct busy_thread {
  double busy_us = 0;  // in the handler it is in now; 0: in none
  std::string kind, message;
};

struct activity {
  double seconds = 0;                  // between the two answers
  std::vector<activity_row> kinds;     // those that did something or live, by share
  std::vector<activity_row> messages;  // by share
  std::vector<busy_actor_row> actors;  // by share, of the last second or so
  std::vector<busy_thread> threads;
  double share = 0;  // of all threads together
  std::int64_t waiting_jobs = 0;
};

/// `before` and `after` are answers of one daemon. Where it began anew between them, or `before` is
/// null, all since its start is counted.
activity activity_between(const json& before, const json& after);

/// "80us", "1.9ms", "2.3s"; "-" below 0.
std::string latency_text(double microseconds);

}  // namespace switchboard::ctl
