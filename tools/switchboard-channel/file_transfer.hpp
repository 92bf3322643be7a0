#pragma once

#include <functional>
#include <string>

#include "tools/switchboard-channel/chat_line.hpp"

namespace switchboard::channel_tool {

/// Reads a file, brings it in pieces and sends it as a message of its kind, told by its name's end:
/// /file.
void send_file(chat_line& line, const std::string& session, const std::string& path,
               const std::function<void(const std::string&)>& notice);

/// Fetches an attachment in ranges and writes it to a file: /save.
void save_file(chat_line& line, const std::string& attachment, const std::string& path,
               const std::function<void(const std::string&)>& notice);

/// "image" for .png and the like, "voice", "video", else "file".
std::string message_type_of_name(const std::string& name);

}  // namespace switchboard::channel_tool
