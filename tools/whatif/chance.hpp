#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

/// Chance by counting: a draw is a hash of who asks and for what. Two configurations given the same
/// arrivals therefore draw the same numbers for the same session, however differently they treat it
/// (common random numbers), and nothing depends on the order of events.
namespace switchboard::whatif {

/// The finaliser of splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators,
/// 2014).
constexpr std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}
constexpr std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
  return mixed(mixed(a) ^ b);
}

/// What a session's draws are for. Numbers are part of what a seed means: append only.
enum class draw : std::uint64_t {
  gap = 1,
  handle,
  handle_2,
  patience,
  patience_2,
  level,
  returning,
  last_agent,
  orders,
  wrap_up,
  wrap_up_2,
  tags = 1'000,     // + its number
  offers = 10'000,  // + 4 × the offer's number
};

/// In (0, 1), 53 bits, never 0 nor 1.
constexpr double chance(std::uint64_t key, std::uint64_t purpose) {
  return (static_cast<double>(mixed(key, purpose) >> 11) + 0.5) * 0x1p-53;
}
constexpr double chance(std::uint64_t key, draw purpose) {
  return chance(key, static_cast<std::uint64_t>(purpose));
}

enum class law_shape : std::uint8_t { exponential, lognormal, fixed };

/// How long something takes.
struct span_law {
  law_shape shape = law_shape::exponential;
  double mean_ms = 0;
  /// Of lognormal: the deviation over the mean.
  double cv = 1;

  /// From two chances; the second is read by lognormal alone.
  double span_ms(double first, double second) const {
    switch (shape) {
      case law_shape::exponential:
        return -std::log(first) * mean_ms;
      case law_shape::lognormal: {
        const double s2 = std::log1p(cv * cv);
        const double z = std::sqrt(-2 * std::log(first)) * std::cos(2 * std::numbers::pi * second);
        return mean_ms * std::exp(std::sqrt(s2) * z - s2 / 2);
      }
      case law_shape::fixed:
        return mean_ms;
    }
    return mean_ms;
  }
};

}  // namespace switchboard::whatif
