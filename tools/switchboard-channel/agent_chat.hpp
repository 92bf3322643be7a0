#pragma once

#include <functional>
#include <map>
#include <string>

#include "tools/switchboard-channel/chat_command.hpp"
#include "tools/switchboard-channel/chat_line.hpp"
#include "tools/switchboard-channel/line_editor.hpp"
#include "tools/switchboard-channel/typing_front.hpp"

namespace switchboard::channel_tool {

/// An agent at the terminal, with several sessions of which one is in front: what is typed goes
/// there. Nothing that arrives changes that under a line that is begun (typing_front). `/help`
/// tells the commands.
class agent_chat {
 public:
  agent_chat(const chat_options& options, chat_line& line, line_editor& screen);

  void on_ready();
  void on_event(const json& event);
  void on_push(const std::string& method, const json& params);
  void on_typed(const std::string& text);

 private:
  struct open_session {
    std::string customer;
    std::uint64_t own_message = 0;
    bool over = false;
    std::string transfer;  // begun last
  };

  void take_line(const std::string& text);
  /// What was typed comes to nothing: it stays in the line.
  void refuse(const std::string& why);
  void take_snapshot(const json& snapshot);
  void show_offer(const json& offer);
  void tell_offer(const json& offer, const json& first_events);
  void answer_offer(bool accept, const std::string& rest);
  /// A session that came by itself, or was asked for before: to the front, or announced above the
  /// line.
  void receive(const std::string& session);
  void bring_to_front(const std::string& session);
  void show_prompt();
  void use(const std::string& rest);
  void show_sessions();
  void show_teams();
  bool among_participants(const std::string& name, const std::string& rest);
  void canned(const std::string& words, bool say);
  void in_session(const std::string& name, const std::string& rest);
  /// "3f2a": the end of the id, which people can tell apart.
  static std::string tag_of(const std::string& session);

  const chat_options& options_;
  chat_line& line_;
  line_editor& screen_;
  bool greeted_ = false;
  typing_front front_;
  std::string state_, typed_;
  std::map<std::string, open_session> sessions_;
  std::map<std::string, std::function<void(const std::string&)>> commands_;
};

}  // namespace switchboard::channel_tool
