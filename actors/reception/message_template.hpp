#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/clock.hpp"

/// Texts with variables in braces, "{customer.name}": automatic messages and canned replies. Pure.
namespace switchboard {

using template_values = std::map<std::string, std::string>;

/// What becomes of a variable without a value. One whose value is empty counts as such.
enum class unknown_variable : std::uint8_t {
  visible,  // stays as it stands, for an agent who reads before sending
  dropped,  // nothing stands there: for a search
};
/// Replaces what `values` knows.
std::string filled(std::string_view text, const template_values& values, unknown_variable rest);

/// The text as it is said to a customer. A clause (what stands between commas and the like) whose
/// variables have no value is left out: "Dear {customer.name}, welcome." is "Welcome." where there
/// is no name. A clause that has other variables only loses the one without a value and the space
/// before it. Where nothing would be left at all, the variables alone are left out: "Hello
/// {customer.name}!" is "Hello!".
std::string spoken(std::string_view text, const template_values& values);

/// The languages to look for, best first: as given, its first part ("zh" of "zh-CN"), then the
/// fallbacks.
std::vector<std::string> language_order(const std::string& language, const std::string& otherwise);

/// "about 3 minutes", "约 3 分钟": how people say a span of time, in Chinese for zh and in English
/// for the rest.
std::string span_for_people(millis span, std::string_view language);

}  // namespace switchboard
