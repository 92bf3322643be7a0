#pragma once

#include <string>
#include <string_view>

#include "runtime/log/log.hpp"

/// INTERNAL to the log: how a line is written, without time and level, which the queue adds.
namespace switchboard::log {

/// `event key=value key="text with spaces"`.
std::string text_line(std::string_view event, fields what);
/// `"event":"...","key":value`: the inside of an object.
std::string json_line(std::string_view event, fields what);

}  // namespace switchboard::log
