#pragma once

#include <chrono>
#include <cstdint>

namespace switchboard {

/// A moment, milliseconds since the Unix epoch (the wire's and the journal's resolution).
using timestamp = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;
/// A span in milliseconds; options and deadlines use it.
using millis = std::chrono::milliseconds;

constexpr timestamp from_unix_ms(std::int64_t ms) {
  return timestamp{millis{ms}};
}
constexpr std::int64_t unix_ms(timestamp t) {
  return t.time_since_epoch().count();
}

/// Where an actor's shell reads the time it hands to the pure core. Thread-safe.
/// The daemon has one wall clock (runtime/hosting); a test has one it moves by hand.
class clock_source {
 public:
  virtual ~clock_source() = default;
  virtual timestamp now() const = 0;
};

}  // namespace switchboard
