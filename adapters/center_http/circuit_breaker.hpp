#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

#include "runtime/base/clock.hpp"

namespace switchboard::center {

struct breaker_options {
  /// The latest calls that are judged; half of them are enough to judge by.
  int window = 10;
  /// Opens when so many of a hundred have failed.
  int percent = 50;
  /// How long nothing is asked after it opened; doubled with every failed probe.
  millis pause{5'000};
  millis longest_pause{60'000};
  /// Probes that must succeed one after another before it closes.
  int probes = 2;
};

enum class breaker_state : std::uint8_t { closed, open, half_open };
std::string_view to_string(breaker_state s);

/// Keeps calls from a service that fails, so that nobody waits for it in vain and it can recover.
/// A plain value: time is an argument. Not thread-safe. After Nygard, *Release It!*.
///
///     closed    → open       `percent` of the latest `window` calls failed
///     open      → half_open  the pause is over and somebody asks: one call goes as a probe
///     half_open → closed     `probes` probes succeeded in a row
///     half_open → open       a probe failed: the pause doubles
///
/// An outcome that comes after its call's state has passed (a slow call of before) is not counted.
class circuit_breaker {
 public:
  explicit circuit_breaker(const breaker_options& options) : options_(options) {}

  /// A call's leave to go out. It must be given back with its outcome.
  struct leave {
    std::uint64_t generation = 0;
  };
  /// Nothing while open, and while a probe is out.
  std::optional<leave> admit(timestamp now);
  void finished(leave of, bool succeeded, timestamp now);

  breaker_state state() const { return state_; }
  timestamp since() const { return since_; }
  /// When a probe may go, while open.
  timestamp retry_at() const { return since_ + pause_; }
  /// Of the latest calls, how many failed.
  int recent_calls() const { return static_cast<int>(outcomes_.size()); }
  int recent_failures() const { return failures_; }

 private:
  void enter(breaker_state s, timestamp now);
  void judge(bool succeeded, timestamp now);

  breaker_options options_;
  breaker_state state_ = breaker_state::closed;
  timestamp since_{};
  millis pause_{0};
  std::uint64_t generation_ = 1;
  std::deque<bool> outcomes_;
  int failures_ = 0;
  bool probing_ = false;
  int probes_good_ = 0;
};

}  // namespace switchboard::center
