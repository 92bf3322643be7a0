#pragma once

#include <map>
#include <string>

#include "config/dispatch_config.hpp"

namespace switchboard {

/// The text a channel says by itself at `moment` (welcome, queue, nobody_there, closing ...) in the customer's language: the
/// channel's own text first, then the general one; the language, then its first part ("zh" of "zh-CN"), then the channel's,
/// then English. {name} placeholders are replaced from `values`, unknown ones left out. Empty where nothing is configured.
std::string automatic_text(const config::dispatch_config& config, const std::string& channel, const std::string& language,
                           const std::string& moment, const std::map<std::string, std::string>& values);

}  // namespace switchboard
