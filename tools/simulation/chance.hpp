#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace switchboard::simulation {

/// All randomness of a run. Its own arithmetic on the generator's output, so that a seed means the
/// same on every library.
class chance {
 public:
  explicit chance(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t any() { return engine_(); }
  /// From 0 to n − 1; n at least 1.
  std::uint64_t below(std::uint64_t n) { return engine_() % n; }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low + 1)));
  }
  bool percent(int p) { return static_cast<int>(below(100)) < p; }
  bool permille(int p) { return static_cast<int>(below(1000)) < p; }
  template <class T> const T& of(const std::vector<T>& all) { return all[below(all.size())]; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace switchboard::simulation
