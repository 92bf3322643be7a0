#pragma once

#include <cstdint>
#include <optional>

#include "runtime/base/clock.hpp"

namespace switchboard::center {

struct retry_options {
  int most = 1;
  /// Before the first retry; doubled before each further one, less a random part.
  millis pause{30};
};

/// What came of one attempt at a call that changes nothing.
enum class attempt_outcome : std::uint8_t {
  answered,
  /// The service understood and said no (4xx but 429): asking again changes nothing.
  refused,
  /// It could not be reached, hung up, failed (5xx, 429) or answered garbage.
  failed,
  /// The deadline passed: nothing is left for another attempt.
  timed_out,
};

/// How long to wait before trying again; nothing means give up. `done` counts the retries so far,
/// `left` is what remains of the deadline, `random` is any number.
///
/// The wait lies between half and whole of pause × 2^done, so that many callers who failed together
/// do not come back together ("equal jitter" of Brooker, AWS Architecture Blog, 2015).
inline std::optional<millis> next_attempt(const retry_options& options, attempt_outcome of,
                                          int done, millis left, std::uint64_t random) {
  if (of != attempt_outcome::failed || done >= options.most) return {};
  auto whole = options.pause * (std::int64_t{1} << (done < 16 ? done : 16));
  auto half = whole / 2;
  auto spread = static_cast<std::uint64_t>((whole - half).count()) + 1;
  auto wait = half + millis{static_cast<std::int64_t>(random % spread)};
  // An attempt needs some time of its own, or it only adds to what a failing service has to bear.
  constexpr millis least_attempt{10};
  if (wait + least_attempt > left) return {};
  return wait;
}

}  // namespace switchboard::center
