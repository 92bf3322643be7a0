#include "tools/switchboard-channel/event_text.hpp"

#include <ctime>

#include "tools/switchboardctl/language.hpp"
#include "tools/switchboardctl/text_table.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::channel_tool {
namespace {

std::string clock_text(std::uint64_t unix_ms) {
  if (unix_ms == 0) return "        ";
  auto seconds = static_cast<std::time_t>(unix_ms / 1000);
  std::tm at{};
  localtime_r(&seconds, &at);
  char text[16];
  std::strftime(text, sizeof text, "%H:%M:%S", &at);
  return text;
}

std::string who(const json& participant) {
  auto name = text_at(participant, "name");
  if (name.empty()) name = text_at(participant, "id");
  return name.empty() ? text_at(participant, "role") : name;
}

std::string body_text(const json& body) {
  auto text = text_at(body, "text");
  if (auto file = text_at(body, "attachment_id"); !file.empty()) {
    return '[' + text_at(body, "name") + ", " + text_at(body, "kind") + ", " +
           std::to_string(number_at(body, "size")) + " bytes: /save " + file + ']';
  }
  return text.empty() ? body.dump(-1, ' ', false, json::error_handler_t::replace) : text;
}

std::string message_text(const json& fields, const client::identity& own) {
  if (fields.value("recalled", false)) return "(a message that was taken back)";
  auto& from = part_at(fields, "from");
  auto role = text_at(from, "role");
  bool mine =
      own.role == "channel" ? role == "customer" : role == "agent" && text_at(from, "id") == own.id;
  auto name = mine ? "you" : role == "system" ? "*" : who(from);
  return name + ": " + body_text(part_at(fields, "body"));
}

std::string wait_text(const json& fields) {
  std::string out;
  if (auto position = number_at(fields, "position"); position > 0)
    out = ", number " + std::to_string(position);
  auto& eta = part_at(fields, "eta");
  if (auto half = number_at(eta, "p50_ms"); half > 0)
    out += ", about " + terminal::span_text(static_cast<long long>(half));
  return out;
}

std::string told(const std::string& type, const json& f, const client::identity& own) {
  if (type == "message") return message_text(f, own);
  if (type == "note")
    return "note of " + who(part_at(f, "from")) + ": " + body_text(part_at(f, "body"));
  if (type == "queued") return "-- waiting in " + text_at(f, "group") + wait_text(f);
  if (type == "position") return "-- still waiting" + wait_text(f);
  if (type == "offered") return "-- offered to " + who(part_at(f, "agent"));
  if (type == "assigned") return "-- served by " + who(part_at(f, "agent"));
  if (type == "typing") return "-- " + who(part_at(f, "from")) + " is typing";
  if (type == "read")
    return "-- read up to " + std::to_string(number_at(f, "message_seq")) + " by " +
           who(part_at(f, "by"));
  if (type == "recalled")
    return "-- " + who(part_at(f, "by")) + " took message " +
           std::to_string(number_at(f, "message_seq")) + " back";
  if (type == "transferred")
    return "-- handed on by " + who(part_at(f, "by")) + " to " +
           (f.value("by_rules", false) ? "whom the rules choose"
                                       : text_at(f, "to_group") + text_at(f, "to_agent"));
  if (type == "left") return "-- " + who(part_at(f, "who")) + " left: " + text_at(f, "reason");
  if (type == "whispered")
    return "whisper of " + who(part_at(f, "from")) + ": " + body_text(part_at(f, "body"));
  if (type == "joined")
    return "-- " + who(part_at(f, "who")) + " has joined (" + text_at(f, "as") + ")";
  if (type == "transfer_started")
    return "-- " + text_at(f, "mode") + " transfer begun by " + who(part_at(f, "by")) + ": " +
           text_at(f, "note");
  if (type == "transfer_ended") return "-- transfer over: " + text_at(f, "cause");
  if (type == "snoozed") return "-- put off by " + who(part_at(f, "by"));
  if (type == "woken") return "-- taken up again (" + text_at(f, "cause") + ")";
  if (type == "rated") return "-- rated " + std::to_string(number_at(f, "score"));
  if (type == "closed") return "-- over (" + text_at(f, "outcome") + "): " + text_at(f, "reason");
  if (type == "alert")
    return "-- " + text_at(f, "what") + ", told " + std::to_string(number_at(f, "times")) +
           " times";
  if (type == "filtered")
    return "-- sensitive words, " + text_at(f, "action") + ": a message of " +
           who(part_at(f, "from"));
  if (type == "rating_requested")
    return "-- " + (text_at(f, "text").empty() ? "please rate: /rate 1..5"
                                               : text_at(f, "text") + " /rate 1..5");
  if (type == "viewing") {
    std::string all;
    for (auto& a : f.value("agents", json::array())) all += (all.empty() ? "" : ", ") + who(a);
    return "-- looking at this session: " + all;
  }
  if (type == "opened") return "-- opened on " + text_at(f, "channel");
  return "-- " + type;
}

}  // namespace

std::string text_at(const json& from, const char* field) {
  if (!from.is_object()) return {};
  auto at = from.find(field);
  return at != from.end() && at->is_string() ? at->get<std::string>() : std::string();
}

std::uint64_t number_at(const json& from, const char* field) {
  if (!from.is_object()) return 0;
  auto at = from.find(field);
  return at != from.end() && at->is_number_unsigned() ? at->get<std::uint64_t>() : 0;
}

const json& part_at(const json& from, const char* field) {
  static const json nothing = json::object();
  if (!from.is_object()) return nothing;
  auto at = from.find(field);
  return at != from.end() && at->is_object() ? *at : nothing;
}

std::string alert_line(const json& alert) {
  if (alert.value("cleared", false)) return {};
  auto name = text_at(alert, "customer_name");
  auto line = "!! " + (name.empty() ? text_at(alert, "customer_id") : name) + ": " +
              std::to_string(number_at(alert, "unread")) + " unread";
  for (auto& a : alert.value("alerts", json::array())) {
    if (text_at(a, "what") != "new_message")
      line += ", " + text_at(a, "what") + " (" + std::to_string(number_at(a, "times")) + ")";
  }
  return terminal::printable(line);
}

std::string event_line(const json& event, const client::identity& own) {
  auto type = text_at(event, "type");
  auto seq = number_at(event, "seq");
  auto what = told(type, part_at(event, type.c_str()), own);
  const bool said = type == "message" || type == "note" || type == "whispered";
  auto line = clock_text(number_at(event, "at")) + ' ' +
              (seq > 0 ? terminal::padded(std::to_string(seq), 4, true) : "    ") + "  " +
              (said ? what : ctl::translated(what));
  return terminal::printable(line);
}

}  // namespace switchboard::channel_tool
