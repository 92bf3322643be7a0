#include "tools/switchboard-channel/agent_chat.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <sstream>

#include "tools/switchboard-channel/participant_command.hpp"
#include "tools/switchboard-channel/event_text.hpp"
#include "tools/switchboard-channel/file_transfer.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::channel_tool {
namespace {

constexpr auto help =
    "type to write to the customer in front\n"
    "/state online|away|busy|draining|offline   /sessions   /use TAG   /history\n"
    "/accept [offer]   /decline [reason]\n"
    "/note TEXT   /tag NAME ...   /recall [seq]   /typing   /close [disposition]   /wrap "
    "[disposition [summary]]\n"
    "/file PATH   /save ATTACHMENT PATH   /canned [words]   /say SHORTCUT\n"
    "/transfer group ID | agent ID | route [note]   the same: /warm /consult /conference\n"
    "/complete   /cancel   /leave   /remove AGENT   /whisper TEXT   /snooze [MINUTES]   /wake\n"
    "who leads: /monitor [SESSION]   /barge   /takeover   /teams   /quit";

}  // namespace

agent_chat::agent_chat(const chat_options& options, chat_line& line, line_editor& screen)
    : x_options(options), x_line(line), x_screen(screen) {
  x_commands["help"] = [this](auto&) { x_screen.print(help); };
  x_commands["state"] = [this](auto& rest) { x_line.call("agent.state", {{"state", rest}}); };
  x_commands["accept"] = [this](auto& rest) { answer_offer(true, rest); };
  x_commands["decline"] = [this](auto& rest) { answer_offer(false, rest); };
  x_commands["sessions"] = [this](auto&) { show_sessions(); };
  x_commands["use"] = [this](auto& rest) { use(rest); };
  x_commands["teams"] = [this](auto&) { show_teams(); };
  x_commands["canned"] = [this](auto& rest) { canned(rest, false); };
  x_commands["say"] = [this](auto& rest) { canned(rest, true); };
  auto notice = [this](const std::string& text) { x_screen.print("-- " + text); };
  x_commands["file"] = [this, notice](auto& rest) {
    if (x_front.session().empty()) return notice("no session is in front");
    send_file(x_line, x_front.session(), rest, notice);
  };
  x_commands["save"] = [this, notice](auto& rest) {
    auto space = rest.find(" ");
    if (space == std::string::npos) return notice("/save ATTACHMENT PATH");
    save_file(x_line, rest.substr(0, space), rest.substr(space + 1), notice);
  };
}

std::string agent_chat::tag_of(const std::string& session) {
  return session.size() <= 4 ? session : session.substr(session.size() - 4);
}

void agent_chat::on_ready() {
  x_screen.print(x_greeted ? "-- connected again"
                           : "-- connected as " + x_options.id + "; /help helps");
  if (!x_greeted) x_line.call("agent.state", {{"state", "online"}});
  x_greeted = true;
  x_line.call("agent.snapshot", json::object(), [this](const json& s) { take_snapshot(s); });
}

void agent_chat::take_snapshot(const json& snapshot) {
  x_screen.print("-- you are " + text_at(snapshot, "state") + ", " +
                 std::to_string(number_at(snapshot, "used")) + " of " +
                 std::to_string(number_at(snapshot, "capacity")) + " in use");
  for (auto& s : snapshot.value("sessions", json::array())) {
    auto id = text_at(s, "session_id");
    if (x_sessions.contains(id)) continue;
    x_sessions[id];
    x_line.follow(id);
    receive(id);
  }
  x_state = text_at(snapshot, "state");
  x_front.forget_offers();
  for (auto& o : snapshot.value("offers", json::array())) show_offer(o);
  show_prompt();
}

void agent_chat::show_offer(const json& offer) {
  auto id = text_at(offer, "offer_id");
  x_front.offered(id, x_screen.typing());
  x_screen.print(terminal::printable("** offer " + id + " for " + text_at(offer, "group") +
                                     ": /accept or /decline. Why: " + text_at(offer, "why")));
}

void agent_chat::on_push(const std::string& method, const json& params) {
  if (method == "agent.offer") return show_offer(params);
  if (method == "agent.offer_withdrawn") {
    auto id = text_at(params, "offer_id");
    if (x_front.offer_gone(id, x_screen.typing()))
      x_screen.print(
          terminal::printable("** offer " + id + " is over: " + text_at(params, "reason")));
  } else if (method == "agent.alert") {
    if (auto text = alert_line(params); !text.empty()) x_screen.print(text);
  } else if (method == "agent.state_changed") {
    x_state = text_at(params, "state");
    show_prompt();
  }
}

void agent_chat::on_event(const json& event) {
  auto id = text_at(event, "session_id");
  auto type = text_at(event, "type");
  auto& session = x_sessions[id];
  auto& fields = part_at(event, type.c_str());
  bool mine = type == "assigned" && text_at(part_at(fields, "agent"), "id") == x_options.id;
  if (mine) session.over = false;
  x_screen.print('[' + tag_of(id) + "] " + event_line(event, x_line.who()));
  if (type == "message") {
    auto& from = part_at(fields, "from");
    if (text_at(from, "role") == "customer") session.customer = text_at(from, "name");
    if (text_at(from, "id") == x_options.id) session.own_message = number_at(event, "seq");
  }
  if (type == "closed" || type == "transferred") {
    session.over = true;
    x_front.over(id);
  }
  mine ? receive(id) : show_prompt();
}

void agent_chat::receive(const std::string& session) {
  if (!x_front.came(session, x_screen.typing())) {
    x_screen.print("** session " + tag_of(session) + " is yours too; /use " + tag_of(session) +
                   " brings it to the front");
  }
  show_prompt();
}

void agent_chat::bring_to_front(const std::string& session) {
  x_front.choose(session);
  show_prompt();
}

void agent_chat::show_prompt() {
  auto& id = x_front.session();
  auto at = x_sessions.find(id);
  std::string prompt = x_state;
  if (!id.empty()) prompt += (prompt.empty() ? "" : " ") + tag_of(id);
  if (at != x_sessions.end() && !at->second.customer.empty())
    prompt += ' ' + terminal::printable(at->second.customer);
  if (at != x_sessions.end() && at->second.over) prompt += " (over)";
  x_screen.set_prompt(prompt + "> ");
}

void agent_chat::on_typed(const std::string& text) {
  take_line(text);
  x_front.line_ended();
}

void agent_chat::take_line(const std::string& text) {
  if (text.empty()) return;
  if (text.front() != '/') {
    if (x_front.session().empty()) return x_screen.print("no session is in front; /help helps");
    return x_line.send(x_front.session(), text);
  }
  auto space = text.find(' ');
  auto name = text.substr(1, space == std::string::npos ? space : space - 1);
  auto rest = space == std::string::npos ? std::string() : text.substr(space + 1);
  auto at = x_commands.find(name);
  if (at != x_commands.end()) return at->second(rest);
  if (!among_participants(name, rest)) in_session(name, rest);
}

void agent_chat::answer_offer(bool accept, const std::string& rest) {
  auto& all = x_front.offers();
  auto offer = x_front.offer();
  if (accept && !rest.empty()) {
    auto named = std::ranges::find_if(all, [&](auto& o) { return o.ends_with(rest); });
    if (named == all.end()) return x_screen.print("there is no such offer");
    offer = *named;
  }
  if (offer.empty()) return x_screen.print("there is no offer");
  if (std::ranges::find(all, offer) == all.end())
    return x_screen.print("that offer is over already");
  x_front.offer_gone(offer, false);
  json params{{"offer_id", offer}};
  if (!accept) params["reason"] = rest.empty() ? "declined" : rest;
  if (!accept) return x_line.call("agent.decline", params);
  // Its session begins with the offer's id; it may be assigned before the answer is here.
  x_front.wanted(offer.substr(0, offer.find('.')));
  x_line.call("agent.accept", params);
}

void agent_chat::use(const std::string& rest) {
  for (auto& [id, session] : x_sessions) {
    if (!rest.empty() && id.ends_with(rest)) return bring_to_front(id);
  }
  x_screen.print("no session's id ends so; /sessions lists them");
}

void agent_chat::show_sessions() {
  for (auto& [id, s] : x_sessions) {
    x_screen.print(terminal::printable(std::string(id == x_front.session() ? " > " : "   ") + tag_of(id) +
                                       "  " + (s.over ? "over    " : "serving ") + id + "  " +
                                       s.customer));
  }
  if (x_sessions.empty()) x_screen.print("none");
}

void agent_chat::show_teams() {
  x_line.call("team.list", json::object(), [this](const json& found) {
    for (auto& team : found.value("teams", json::array())) {
      std::string members;
      for (auto& m : team.value("members", json::array())) members += ' ' + m.get<std::string>();
      x_screen.print(terminal::printable("   " + text_at(team, "id") + "  " + text_at(team, "name") + ':' + members));
    }
  });
}

/// False where `name` is none of those commands.
bool agent_chat::among_participants(const std::string& name, const std::string& rest) {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  auto& front = x_front.session();
  auto known = x_sessions.find(front);
  participant_place place{front, known == x_sessions.end() ? std::string() : known->second.transfer, x_line.fresh_key(),
                      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count())};
  auto made = participant_command(name, rest, place);
  if (!made) return false;
  if (!made->trouble.empty()) return x_screen.print(made->trouble), true;
  auto session = text_at(made->params, "session_id");
  x_line.call(made->method, made->params, [this, session, method = made->method](const json& answer) {
    auto id = text_at(answer, "transfer_id");
    if (!session.empty() && !id.empty()) x_sessions[session].transfer = id;
    if (method == "session.monitor") {
      x_line.follow(session);
      x_front.wanted(session);
      receive(session);
    }
  });
  return true;
}

/// Lists what fits the words, or says the first of it.
void agent_chat::canned(const std::string& words, bool say) {
  json params{{"text", words}, {"limit", say ? 1 : 10}};
  if (!x_front.session().empty()) params["session_id"] = x_front.session();
  if (say && (words.empty() || x_front.session().empty()))
    return x_screen.print("/say SHORTCUT, with a session in front");
  auto method = words.empty() ? "canned.list" : "canned.search";
  x_line.call(method, params, [this, say, front = x_front.session()](const json& found) {
    auto replies = found.value("replies", json::array());
    if (replies.empty()) return x_screen.print("-- no canned reply fits");
    if (say) return x_line.send(front, text_at(replies[0], "text"));
    for (auto& r : replies) {
      x_screen.print(terminal::printable("  " + text_at(r, "shortcut") + "  " +
                                         text_at(r, "title") + ": " + text_at(r, "text")));
    }
  });
}

void agent_chat::in_session(const std::string& name, const std::string& rest) {
  static const std::vector<std::string> known{"note",  "tag",  "recall", "typing",
                                              "close", "wrap", "history"};
  if (std::ranges::find(known, name) == known.end())
    return x_screen.print("unknown command /" + name + "; /help helps");
  auto& front = x_front.session();
  if (front.empty()) return x_screen.print("no session is in front");
  json params{{"session_id", front}};
  if (name == "typing") return x_line.notify("session.typing", params);
  if (name == "note") {
    params["body"] = {{"text", rest}};
  } else if (name == "tag") {
    params["add"] = json::array();
    std::istringstream words(rest);
    for (std::string word; words >> word;) params["add"].push_back(word);
  } else if (name == "recall") {
    params["message_seq"] =
        rest.empty() ? x_sessions[front].own_message : std::strtoull(rest.c_str(), nullptr, 10);
  } else if (name == "close") {
    params["reason"] = "closed by the agent";
    if (!rest.empty()) params["disposition"] = rest;
  } else if (name == "wrap") {
    auto space = rest.find(' ');
    if (!rest.empty()) params["disposition"] = rest.substr(0, space);
    if (space != std::string::npos) params["summary"] = rest.substr(space + 1);
    return x_line.call("session.wrap_up", params);
  } else if (name == "history") {
    params["after"] = 0;
    return x_line.call("session.events", params, [this](const json& page) {
      for (auto& e : page.value("events", json::array()))
        x_screen.print("  " + event_line(e, x_line.who()));
    });
  }
  x_line.call("session." + name, params);
}

}  // namespace switchboard::channel_tool
