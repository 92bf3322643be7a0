#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "adapters/client/rpc_client.hpp"

namespace switchboard::channel_tool {

using json = nlohmann::ordered_json;

/// One line about an event for the one who reads it: "14:03:12 林晓岚: 您好". Safe to print.
/// `own`: the reader's own role and id, whose messages are shown as his.
std::string event_line(const json& event, const client::identity& own);

/// One line about a customer who waits, "!! 王芳: 2 unread, unanswered (3)"; empty where an alert
/// is over.
std::string alert_line(const json& alert);

/// A field as text; empty where it is absent or no text.
std::string text_at(const json& from, const char* field);
/// A whole number, or 0.
std::uint64_t number_at(const json& from, const char* field);
/// The map at a field, or an empty one.
const json& part_at(const json& from, const char* field);

}  // namespace switchboard::channel_tool
