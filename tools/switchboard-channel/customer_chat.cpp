#include "tools/switchboard-channel/customer_chat.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "tools/switchboard-channel/event_text.hpp"
#include "tools/switchboard-channel/file_transfer.hpp"

namespace switchboard::channel_tool {
namespace {

constexpr auto customer_help =
    "type to write; the first line opens a session; what is pasted is one message\n"
    "/rate 1..5 [comment]   /recall [seq]   /read   /close [reason]   /quit\n"
    "/file PATH   /save ATTACHMENT PATH";

}  // namespace

void customer_chat::on_ready() {
  opening_ = false;
  if (greeted_) return screen_.print("-- connected again");
  greeted_ = true;
  screen_.print("-- connected as " + options_.id + " on " + options_.channel + "; /help helps");
}

void customer_chat::on_event(const json& event) {
  if (text_at(event, "session_id") != session_) return;
  screen_.print(event_line(event, line_.who()));
  auto type = text_at(event, "type");
  if (type == "closed") over_ = true;
  if (type != "message") return;
  last_message_ = number_at(event, "seq");
  auto& from = part_at(part_at(event, "message"), "from");
  if (text_at(from, "role") == "customer") own_message_ = last_message_;
}

void customer_chat::on_typed(const std::string& text) {
  if (text.empty()) return;
  if (text.front() == '/') {
    auto space = text.find(' ');
    auto rest = space == std::string::npos ? std::string() : text.substr(space + 1);
    return command(text.substr(1, space - 1), rest);
  }
  if (opening_) return next_.push_back(text);
  if (over_) return open(text);
  line_.send(session_, text);
}

void customer_chat::open(const std::string& text) {
  json customer{{"id", options_.id}};
  if (!options_.name.empty()) customer["name"] = options_.name;
  json params{{"request_id", line_.fresh_key()}, {"customer", customer}};
  if (!options_.entry.empty()) params["entry"] = options_.entry;
  if (!options_.intent.empty()) params["intent"] = options_.intent;
  params["message"] = {
      {"client_msg_id", line_.fresh_key()}, {"type", "text"}, {"body", {{"text", text}}}};
  opening_ = line_.open();
  auto opened = [this](const json& answer) {
    opening_ = false;
    session_ = text_at(answer, "session_id");
    over_ = false;
    own_message_ = 0;
    screen_.print("-- session " +
                  session_.substr(session_.size() - std::min<std::size_t>(4, session_.size())));
    line_.follow(session_);
    for (auto& text : std::exchange(next_, {})) line_.send(session_, text);
  };
  // What was typed meanwhile has nowhere to go either.
  auto refused = [this] {
    opening_ = false;
    for (auto& text : std::exchange(next_, {})) screen_.put_back(text);
  };
  line_.call("session.open", params, opened, refused);
}

void customer_chat::rate(const std::string& rest) {
  auto score = std::atoi(rest.c_str());
  if (score < 1 || score > 5) return screen_.print("/rate 1..5 [comment]");
  json params{{"session_id", session_}, {"score", score}};
  if (auto space = rest.find(' '); space != std::string::npos)
    params["comment"] = rest.substr(space + 1);
  line_.call("session.rate", params);
}

void customer_chat::command(const std::string& name, const std::string& rest) {
  if (name == "help") return screen_.print(customer_help);
  if (session_.empty()) return screen_.print("there is no session yet; /help helps");
  if (name == "rate") return rate(rest);
  auto notice = [this](const std::string& text) { screen_.print("-- " + text); };
  if (name == "file") return send_file(line_, session_, rest, notice);
  if (name == "save") {
    auto space = rest.find(' ');
    if (space == std::string::npos) return screen_.print("/save ATTACHMENT PATH");
    return save_file(line_, rest.substr(0, space), rest.substr(space + 1), notice);
  }
  json params{{"session_id", session_}};
  if (name == "recall") {
    params["message_seq"] = rest.empty() ? own_message_ : std::strtoull(rest.c_str(), nullptr, 10);
    return line_.call("session.recall", params);
  }
  if (name == "read") {
    params["message_seq"] = last_message_;
    return line_.call("session.read", params);
  }
  if (name == "close") {
    params["reason"] = rest.empty() ? "closed by the customer" : rest;
    return line_.call("session.close", params);
  }
  screen_.print("-- unknown command /" + name + "; /help helps");
  screen_.put_back("/" + name + (rest.empty() ? "" : " " + rest));
}

}  // namespace switchboard::channel_tool
