#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tools/switchboardctl/envelope.hpp"

/// Reads fields of a daemon's answer leniently: an older or newer daemon may leave some out.
namespace switchboard::ctl {

/// A field as people read it: "-" where it is absent, null or empty; lists joined by commas.
std::string shown(const json& from, std::string_view field);
/// A number, or `absent`.
std::int64_t number(const json& from, std::string_view field, std::int64_t absent = 0);
/// The object or list at a field, or an empty one.
const json& part(const json& from, std::string_view field);

/// "412ms" and the like of a number of milliseconds; "-" where it is absent.
std::string shown_span(const json& from, std::string_view field);
/// How long ago a moment was.
std::string shown_age(const json& from, std::string_view field);

}  // namespace switchboard::ctl
