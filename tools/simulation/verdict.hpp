#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace switchboard::simulation {

/// What the checkers found wrong, by invariant ("I1" to "I9", docs/architecture.md). Checkers only
/// add to it; a run stops at the first.
class verdict {
 public:
  void breach(std::string_view invariant, const std::string& what) {
    if (breaches_.size() < most) breaches_.push_back(std::string(invariant) + ": " + what);
  }
  bool clean() const { return breaches_.empty(); }
  bool names(std::string_view invariant) const {
    for (auto& b : breaches_) {
      if (b.starts_with(std::string(invariant) + ":")) return true;
    }
    return false;
  }
  /// Empty where it is clean.
  std::string first() const { return breaches_.empty() ? std::string() : breaches_.front(); }
  std::string text() const {
    std::string all;
    for (auto& b : breaches_) all += "  " + b + "\n";
    return all;
  }

 private:
  static constexpr std::size_t most = 20;
  std::vector<std::string> breaches_;
};

}  // namespace switchboard::simulation
