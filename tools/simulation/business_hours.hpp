#pragma once

#include <cstdint>
#include <string>

#include "config/dispatch_config.hpp"
#include "runtime/base/clock.hpp"

namespace switchboard::simulation {

/// Opening hours whose edges fall into a run: it begins shortly before a shift begins or ends, a
/// day, a holiday, or summer time, somewhere in the world. In a part of the runs every group is
/// always open.
class business_hours {
 public:
  /// `begins`: what the wall would show otherwise.
  business_hours(std::uint64_t seed, timestamp begins);

  bool kept() const { return !zone_.empty(); }
  /// By so much the wall is set before a run begins.
  millis wall_ahead() const { return ahead_; }
  /// In whose days work is counted.
  std::string zone() const { return kept() ? zone_ : "UTC"; }
  /// The deployment with calendars and groups that keep them; `variant` says which.
  std::string kept_by(std::string deployment, unsigned variant) const;

 private:
  std::string zone_;
  millis ahead_{0};
  std::string calendars_;
};

/// Whether the group is out of the hours it keeps; written apart from the groups' own
/// (opening_hours.cpp).
bool out_of_hours(const config::dispatch_config& all, const group_id& group, timestamp wall);

}  // namespace switchboard::simulation
