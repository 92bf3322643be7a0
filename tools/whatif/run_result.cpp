#include "tools/whatif/run_result.hpp"

namespace switchboard::whatif {

void calibration::add(std::int64_t waited_ms, std::int64_t told_ms, bool accepted) {
  ++told_;
  // What lasted longer than told was at risk through all steps.
  if (waited_ms > told_ms) return;
  const auto at =
      static_cast<std::size_t>(waited_ms * static_cast<std::int64_t>(steps) / (told_ms + 1));
  ++(accepted ? ended_ : censored_)[at];
}

double calibration::within() const {
  double longer = 1;
  auto at_risk = static_cast<double>(told_);
  for (std::size_t i = 0; i < steps; ++i) {
    const auto ended = static_cast<double>(ended_[i]), censored = static_cast<double>(censored_[i]);
    // Of those who left in this step, half are taken as there throughout.
    if (const double exposed = at_risk - censored / 2; exposed > 0) longer *= 1 - ended / exposed;
    at_risk -= ended + censored;
  }
  return told_ == 0 ? 0 : 1 - (longer < 0 ? 0 : longer);
}

double jain_index(const std::vector<double>& x) {
  double sum = 0, squares = 0;
  for (double v : x) {
    sum += v;
    squares += v * v;
  }
  return squares == 0 ? 1 : sum * sum / (static_cast<double>(x.size()) * squares);
}

}  // namespace switchboard::whatif
