#pragma once

#include "config/dispatch_config.hpp"
#include "runtime/base/ids.hpp"

namespace switchboard {

/// Which groups and agents there are now, as far as a session's decisions ask.
class roster {
 public:
  virtual ~roster() = default;
  virtual bool has(const group_id& id) const = 0;
  virtual bool has(const agent_id& id) const = 0;
  /// The group of that id, or the one it was merged into; the id itself where there is neither.
  virtual group_id successor(const group_id& id) const = 0;
  /// The configuration in force.
  virtual const config::dispatch_config& config() const = 0;
};

}  // namespace switchboard
