#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "config/dispatch_config.hpp"

namespace switchboard {

/// Whether anybody of those configured could ever serve a step. Used while a configuration is
/// checked, by one thread; refers to it.
class step_staffing {
 public:
  using levels = std::map<std::string, int>;

  explicit step_staffing(const std::vector<config::agent_config>& agents);

  /// Without any agent configured nothing can be judged, and everything passes.
  bool can_meet(const group_id& group, const levels& required);
  /// Why nobody can: "nobody is in it" or "nobody in it has refund 4".
  std::string lacking(const group_id& group, const levels& required) const;

 private:
  std::unordered_map<std::string, std::vector<const config::agent_config*>> members_;
  bool judges_ = false;
  /// Steps repeat each other; agents may be many.
  std::map<std::pair<std::string, levels>, bool> known_;
};

}  // namespace switchboard
