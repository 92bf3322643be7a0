#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/clock.hpp"

/// Texts with variables in braces, "{customer.name}": automatic messages and canned replies. Pure.
namespace switchboard {

using template_values = std::map<std::string, std::string>;

/// Replaces what `values` knows; the rest is left out, or left as it stands where `keep_unknown`.
std::string filled(std::string_view text, const template_values& values, bool keep_unknown = false);

/// The languages to look for, best first: as given, its first part ("zh" of "zh-CN"), then the fallbacks.
std::vector<std::string> language_order(const std::string& language, const std::string& otherwise);

/// "about 3 minutes", "约 3 分钟": how people say a span of time, in Chinese for zh and in English for the rest.
std::string span_for_people(millis span, std::string_view language);

}  // namespace switchboard
