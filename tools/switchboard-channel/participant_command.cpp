#include "tools/switchboard-channel/participant_command.hpp"

#include <algorithm>
#include <array>
#include <sstream>

namespace switchboard::channel_tool {
namespace {

constexpr std::array modes{"warm", "consult", "conference"};
/// Those that name nothing but the session.
constexpr std::array plain{"leave", "wake", "barge", "takeover"};

bool is_one_of(const auto& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

participant_call wrong(std::string why) {
  return {{}, {}, std::move(why)};
}

participant_call transfer(const std::string& mode, const std::string& rest,
                          const participant_place& place) {
  std::istringstream words(rest);
  std::string kind, to, note;
  words >> kind;
  json target;
  if (kind == "route")
    target["route"] = true;
  else if ((kind == "group" || kind == "agent") && words >> to)
    target[kind] = to;
  else
    return wrong("group ID, agent ID or route, and perhaps a note");
  std::getline(words >> std::ws, note);
  json params{{"session_id", place.session}, {"to", target}, {"mode", mode}};
  if (!note.empty()) params["note"] = note;
  return {"session.transfer", std::move(params), {}};
}

participant_call snooze(const std::string& rest, const participant_place& place) {
  json params{{"session_id", place.session}};
  if (!rest.empty()) {
    char* end = nullptr;
    auto minutes = std::strtoull(rest.c_str(), &end, 10);
    if (*end != '\0' || minutes == 0 || minutes > 1'000'000) return wrong("/snooze MINUTES");
    params["until"] = place.now_ms + minutes * 60'000;
  }
  return {"session.snooze", std::move(params), {}};
}

}  // namespace

std::optional<participant_call> participant_command(const std::string& name,
                                                    const std::string& rest,
                                                    const participant_place& place) {
  if (name == "complete" || name == "cancel") {
    if (place.transfer.empty()) return wrong("no transfer was begun here");
    return participant_call{"session.transfer_" + name, {{"transfer_id", place.transfer}}, {}};
  }
  bool about_session = name == "transfer" || name == "snooze" || name == "remove" ||
                       name == "whisper" || name == "monitor" || is_one_of(modes, name) ||
                       is_one_of(plain, name);
  if (!about_session) return {};
  bool names_one = name == "monitor" && !rest.empty();
  if (place.session.empty() && !names_one) return wrong("no session is in front");
  if (name == "transfer") return transfer("cold", rest, place);
  if (is_one_of(modes, name)) return transfer(name, rest, place);
  if (name == "snooze") return snooze(rest, place);
  json params{{"session_id", names_one ? rest : place.session}};
  if (name == "remove") {
    if (rest.empty()) return wrong("/remove AGENT");
    params["agent"] = rest;
  } else if (name == "whisper") {
    if (rest.empty()) return wrong("/whisper TEXT");
    params["client_msg_id"] = place.key;
    params["type"] = "text";
    params["body"] = {{"text", rest}};
  }
  return participant_call{"session." + name, std::move(params), {}};
}

}  // namespace switchboard::channel_tool
