#pragma once

#include <cstdint>
#include <optional>

#include "runtime/base/clock.hpp"

namespace switchboard {

/// An interval: half of the waits end by p50, nine of ten by p90.
struct wait_estimate {
  std::int64_t p50_ms = 0;
  std::int64_t p90_ms = 0;
  bool operator==(const wait_estimate&) const = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, wait_estimate& x) {
    return f(x.p50_ms, x.p90_ms);
  }
};

/// Learns how fast a backlog is served, and predicts from it. While somebody is blocked (waits
/// because nobody can take it), departures of a queue with n servers come as a Poisson process
/// whose rate is proportional to n; so it counts departures against agent-time during backlog only,
/// an idle group's rate being that of its arrivals. With m departures in T agent-milliseconds and
/// the usual conjugate prior, the time to the k-th next departure with n agents is T/n ×
/// BetaPrime(k, m), that is T·k/(n·m) × F(2k, 2m): the estimate widens by itself when data are few.
class backlog_rate {
 public:
  /// Time passes; it counts only with somebody blocked, against the `agents` online who could take
  /// them. Call before either changes.
  void advance(timestamp now, double agents, bool blocked);
  /// A blocked one was taken.
  void departed();
  /// Until the k-th next departure from `agents`; nothing without agents or with fewer than 8
  /// departures on record.
  std::optional<wait_estimate> until(double k, double agents) const;

 private:
  double departures_ = 0;  // decayed
  double agent_ms_ = 0;    // decayed alike
  timestamp last_{};
};

/// Quantile of the F distribution with 2k and 2m degrees of freedom at the normal quantile z
/// (Paulson 1942, after Wilson and Hilferty): within 2 % for k >= 1, m >= 8.
double f_quantile(double k, double m, double z);

}  // namespace switchboard
