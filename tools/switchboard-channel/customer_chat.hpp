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
      : x_options(options), x_line(line), x_screen(screen) {}

  void on_ready();
  void on_event(const json& event);
  void on_typed(const std::string& text);

 private:
  void open(const std::string& text);
  void command(const std::string& name, const std::string& rest);
  void rate(const std::string& rest);

  const chat_options& x_options;
  chat_line& x_line;
  line_editor& x_screen;
  std::string x_session;
  bool x_over = true;
  /// What is typed while the session is being opened waits for it.
  bool x_opening = false;
  std::vector<std::string> x_next;
  bool x_greeted = false;
  std::uint64_t x_own_message = 0;
  std::uint64_t x_last_message = 0;
};

}  // namespace switchboard::channel_tool
