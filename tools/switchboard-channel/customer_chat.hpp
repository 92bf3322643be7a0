#pragma once

#include <string>
#include <vector>

#include "tools/switchboard-channel/chat_command.hpp"
#include "tools/switchboard-channel/chat_line.hpp"
#include "tools/switchboard-channel/line_editor.hpp"

namespace switchboard::channel_tool {

/// A customer at the terminal. The first line typed opens a session (or continues one), the next
/// ones go into it; `/help` tells the rest.
class customer_chat {
 public:
  customer_chat(const chat_options& options, chat_line& line, line_editor& screen)
      : options_(options), line_(line), screen_(screen) {}

  void on_ready();
  void on_event(const json& event);
  void on_typed(const std::string& text);

 private:
  void open(const std::string& text);
  void command(const std::string& name, const std::string& rest);
  void rate(const std::string& rest);

  const chat_options& options_;
  chat_line& line_;
  line_editor& screen_;
  std::string session_;
  bool over_ = true;
  /// What is typed while the session is being opened waits for it.
  bool opening_ = false;
  std::vector<std::string> next_;
  bool greeted_ = false;
  std::uint64_t own_message_ = 0;
  std::uint64_t last_message_ = 0;
};

}  // namespace switchboard::channel_tool
