#include "tools/switchboard-channel/customer_chat.hpp"

#include <cstdlib>
#include <utility>

#include "tools/switchboard-channel/event_text.hpp"
#include "tools/switchboard-channel/file_transfer.hpp"

namespace switchboard::channel_tool {
namespace {

constexpr auto help =
    "type to write; the first line opens a session\n"
    "/rate 1..5 [comment]   /recall [seq]   /read   /close [reason]   /quit\n"
    "/file PATH   /save ATTACHMENT PATH";

}  // namespace

void customer_chat::on_ready() {
  x_opening = false;
  if (x_greeted) return x_screen.print("-- connected again");
  x_greeted = true;
  x_screen.print("-- connected as " + x_options.id + " on " + x_options.channel + "; /help helps");
}

void customer_chat::on_event(const json& event) {
  if (text_at(event, "session_id") != x_session) return;
  x_screen.print(event_line(event, x_line.who()));
  auto type = text_at(event, "type");
  if (type == "closed") x_over = true;
  if (type != "message") return;
  x_last_message = number_at(event, "seq");
  auto& from = part_at(part_at(event, "message"), "from");
  if (text_at(from, "role") == "customer") x_own_message = x_last_message;
}

void customer_chat::on_typed(const std::string& text) {
  if (text.empty()) return;
  if (text.front() == '/') {
    auto space = text.find(' ');
    auto rest = space == std::string::npos ? std::string() : text.substr(space + 1);
    return command(text.substr(1, space - 1), rest);
  }
  if (x_opening) return x_next.push_back(text);
  if (x_over) return open(text);
  x_line.send(x_session, text);
}

void customer_chat::open(const std::string& text) {
  json customer{{"id", x_options.id}};
  if (!x_options.name.empty()) customer["name"] = x_options.name;
  json params{{"request_id", x_line.fresh_key()}, {"customer", customer}};
  if (!x_options.entry.empty()) params["entry"] = x_options.entry;
  if (!x_options.intent.empty()) params["intent"] = x_options.intent;
  params["message"] = {
      {"client_msg_id", x_line.fresh_key()}, {"type", "text"}, {"body", {{"text", text}}}};
  x_opening = x_line.open();
  x_line.call("session.open", params, [this](const json& answer) {
    x_opening = false;
    x_session = text_at(answer, "session_id");
    x_over = false;
    x_own_message = 0;
    x_screen.print("-- session " + x_session);
    x_line.follow(x_session);
    for (auto& text : std::exchange(x_next, {})) x_line.send(x_session, text);
  });
}

void customer_chat::rate(const std::string& rest) {
  auto score = std::atoi(rest.c_str());
  if (score < 1 || score > 5) return x_screen.print("/rate 1..5 [comment]");
  json params{{"session_id", x_session}, {"score", score}};
  if (auto space = rest.find(' '); space != std::string::npos)
    params["comment"] = rest.substr(space + 1);
  x_line.call("session.rate", params);
}

void customer_chat::command(const std::string& name, const std::string& rest) {
  if (name == "help") return x_screen.print(help);
  if (x_session.empty()) return x_screen.print("there is no session yet; /help helps");
  if (name == "rate") return rate(rest);
  auto notice = [this](const std::string& text) { x_screen.print("-- " + text); };
  if (name == "file") return send_file(x_line, x_session, rest, notice);
  if (name == "save") {
    auto space = rest.find(' ');
    if (space == std::string::npos) return x_screen.print("/save ATTACHMENT PATH");
    return save_file(x_line, rest.substr(0, space), rest.substr(space + 1), notice);
  }
  json params{{"session_id", x_session}};
  if (name == "recall") {
    params["message_seq"] = rest.empty() ? x_own_message : std::strtoull(rest.c_str(), nullptr, 10);
    return x_line.call("session.recall", params);
  }
  if (name == "read") {
    params["message_seq"] = x_last_message;
    return x_line.call("session.read", params);
  }
  if (name == "close") {
    params["reason"] = rest.empty() ? "closed by the customer" : rest;
    return x_line.call("session.close", params);
  }
  x_screen.print("unknown command /" + name + "; /help helps");
}

}  // namespace switchboard::channel_tool
