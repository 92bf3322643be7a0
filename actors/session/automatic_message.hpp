#pragma once

#include <string>

#include "config/dispatch_config.hpp"
#include "runtime/base/clock.hpp"

namespace switchboard {

/// The text a channel says by itself at `moment` (welcome, queue, nobody_there, closing ...) in the
/// customer's language: the channel's own text first, then the general one; the language, then its
/// first part ("zh" of "zh-CN"), then the channel's, then English. With its variables as they are
/// configured; null where nothing is.
const std::string* automatic_template(const config::dispatch_config& config,
                                      const std::string& channel, const std::string& language,
                                      const std::string& moment);

/// The name in a person's profile, and who said so.
struct profile_name {
  std::string value;
  timestamp at{};
  bool by_staff = false;  // an agent's correction, not what a channel or a center told
};

/// What the customer is called now: what an agent has corrected since the request came, else what
/// the request said, else what the profile knows.
std::string called_now(const std::string& in_request, timestamp requested_at,
                       const profile_name& known);

}  // namespace switchboard
