#pragma once

#include <cstdint>

#include "runtime/codec/described.hpp"

namespace switchboard {

/// How long it may still take: half of those who waited like this waited less than `p50_ms`, nine
/// in ten less than `p90_ms`.
struct time_estimate {
  std::int64_t p50_ms = 0;
  std::int64_t p90_ms = 0;
};
template <class V> void describe(V& v, time_estimate& x) {
  v("p50_ms", x.p50_ms);
  v("p90_ms", x.p90_ms);
}

}  // namespace switchboard
