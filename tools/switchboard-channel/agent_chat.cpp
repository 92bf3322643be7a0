#include "tools/switchboard-channel/agent_chat.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <sstream>

#include "tools/switchboard-channel/event_text.hpp"
#include "tools/switchboard-channel/file_transfer.hpp"
#include "tools/switchboard-channel/participant_command.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::channel_tool {
namespace {

constexpr auto agent_help =
    "type to write to the customer in front; arrows, Ctrl-A, Ctrl-E, Ctrl-W edit, up and down go\n"
    "through what was typed, Ctrl-R searches it; what is pasted is one message\n"
    "/state online|away|busy|draining|offline   /sessions   /use TAG   /history\n"
    "/accept [TAG]   /decline [reason]\n"
    "/note TEXT   /tag NAME ...   /recall [seq]   /typing   /close [disposition]   /wrap "
    "[disposition [summary]]\n"
    "/file PATH   /save ATTACHMENT PATH   /canned [words]   /say SHORTCUT\n"
    "/transfer group ID | agent ID | route [note]   the same: /warm /consult /conference\n"
    "/complete   /cancel   /leave   /remove AGENT   /whisper TEXT   /snooze [MINUTES]   /wake\n"
    "who leads: /monitor [SESSION]   /barge   /takeover   /teams   /quit";

}  // namespace

agent_chat::agent_chat(const chat_options& options, chat_line& line, line_editor& screen)
    : options_(options), line_(line), screen_(screen) {
  commands_["help"] = [this](auto&) { screen_.print(agent_help); };
  commands_["state"] = [this](auto& rest) { line_.call("agent.state", {{"state", rest}}); };
  commands_["accept"] = [this](auto& rest) { answer_offer(true, rest); };
  commands_["decline"] = [this](auto& rest) { answer_offer(false, rest); };
  commands_["sessions"] = [this](auto&) { show_sessions(); };
  commands_["use"] = [this](auto& rest) { use(rest); };
  commands_["teams"] = [this](auto&) { show_teams(); };
  commands_["canned"] = [this](auto& rest) { canned(rest, false); };
  commands_["say"] = [this](auto& rest) { canned(rest, true); };
  auto notice = [this](const std::string& text) { screen_.print("-- " + text); };
  commands_["file"] = [this, notice](auto& rest) {
    if (front_.session().empty()) return refuse("no session is in front");
    send_file(line_, front_.session(), rest, notice);
  };
  commands_["save"] = [this, notice](auto& rest) {
    auto space = rest.find(" ");
    if (space == std::string::npos) return refuse("/save ATTACHMENT PATH");
    save_file(line_, rest.substr(0, space), rest.substr(space + 1), notice);
  };
}

std::string agent_chat::tag_of(const std::string& session) {
  return session.size() <= 4 ? session : session.substr(session.size() - 4);
}

void agent_chat::on_ready() {
  screen_.print(greeted_ ? "-- connected again"
                         : "-- connected as " + options_.id + "; /help helps");
  if (!greeted_) line_.call("agent.state", {{"state", "online"}});
  greeted_ = true;
  line_.call("agent.snapshot", json::object(), [this](const json& s) { take_snapshot(s); });
}

void agent_chat::take_snapshot(const json& snapshot) {
  screen_.print("-- you are " + text_at(snapshot, "state") + ", " +
                std::to_string(number_at(snapshot, "used")) + " of " +
                std::to_string(number_at(snapshot, "capacity")) + " in use");
  for (auto& s : snapshot.value("sessions", json::array())) {
    auto id = text_at(s, "session_id");
    if (sessions_.contains(id)) continue;
    sessions_[id];
    line_.follow(id);
    receive(id);
  }
  state_ = text_at(snapshot, "state");
  front_.forget_offers();
  for (auto& o : snapshot.value("offers", json::array())) show_offer(o);
  show_prompt();
}

/// Who is offered an agent reads, so that the offer is told by name.
void agent_chat::show_offer(const json& offer) {
  front_.offered(text_at(offer, "offer_id"), screen_.typing());
  line_.call(
      "session.events", {{"session_id", text_at(offer, "session_id")}, {"after", 0}},
      [this, offer](const json& page) { tell_offer(offer, page); },
      [this, offer] { tell_offer(offer, json::object()); });
}

void agent_chat::tell_offer(const json& offer, const json& first_events) {
  auto session = text_at(offer, "session_id");
  std::string who, about;
  for (auto& e : first_events.value("events", json::array())) {
    auto& fields = part_at(e, text_at(e, "type").c_str());
    if (auto subject = text_at(fields, "subject"); about.empty()) about = subject;
    auto& from = part_at(fields, "from");
    if (who.empty() && text_at(from, "role") == "customer") who = text_at(from, "name");
    if (about.empty()) about = text_at(part_at(fields, "body"), "text");
  }
  if (who.empty()) who = text_at(part_at(part_at(offer, "identification"), "member"), "name");
  screen_.print(terminal::printable("** offer " + tag_of(session) + (who.empty() ? "" : " " + who) +
                                    " in " + text_at(offer, "group") +
                                    (about.empty() ? "" : ": " + about) +
                                    "   /accept or /decline   (" + text_at(offer, "why") + ")"));
}

void agent_chat::on_push(const std::string& method, const json& params) {
  if (method == "agent.offer") return show_offer(params);
  if (method == "agent.offer_withdrawn") {
    auto id = text_at(params, "offer_id");
    if (front_.offer_gone(id, screen_.typing()))
      screen_.print(terminal::printable("** offer " + tag_of(text_at(params, "session_id")) +
                                        " is over: " + text_at(params, "reason")));
  } else if (method == "agent.alert") {
    if (auto text = alert_line(params); !text.empty()) screen_.print(text);
  } else if (method == "agent.state_changed") {
    state_ = text_at(params, "state");
    show_prompt();
  }
}

void agent_chat::on_event(const json& event) {
  auto id = text_at(event, "session_id");
  auto type = text_at(event, "type");
  auto& session = sessions_[id];
  auto& fields = part_at(event, type.c_str());
  bool mine = type == "assigned" && text_at(part_at(fields, "agent"), "id") == options_.id;
  if (mine) session.over = false;
  screen_.print('[' + tag_of(id) + "] " + event_line(event, line_.who()));
  if (type == "message") {
    auto& from = part_at(fields, "from");
    if (text_at(from, "role") == "customer") session.customer = text_at(from, "name");
    if (text_at(from, "id") == options_.id) session.own_message = number_at(event, "seq");
  }
  if (type == "closed" || type == "transferred") {
    session.over = true;
    front_.over(id);
  }
  mine ? receive(id) : show_prompt();
}

void agent_chat::receive(const std::string& session) {
  if (!front_.came(session, screen_.typing())) {
    auto& customer = sessions_[session].customer;
    screen_.print(terminal::printable(
        "** session " + tag_of(session) + (customer.empty() ? "" : " of " + customer) +
        " is yours too; /use " + tag_of(session) + " brings it to the front"));
  }
  show_prompt();
}

void agent_chat::bring_to_front(const std::string& session) {
  front_.choose(session);
  show_prompt();
}

void agent_chat::show_prompt() {
  auto& id = front_.session();
  auto at = sessions_.find(id);
  std::string prompt = state_;
  if (!id.empty()) prompt += (prompt.empty() ? "" : " ") + tag_of(id);
  if (at != sessions_.end() && !at->second.customer.empty())
    prompt += ' ' + terminal::printable(at->second.customer);
  if (at != sessions_.end() && at->second.over) prompt += " (over)";
  screen_.set_prompt(prompt + "> ");
}

void agent_chat::on_typed(const std::string& text) {
  typed_ = text;
  take_line(text);
  typed_.clear();
  front_.line_ended();
}

void agent_chat::refuse(const std::string& why) {
  screen_.print("-- " + why);
  screen_.put_back(typed_);
}

void agent_chat::take_line(const std::string& text) {
  if (text.empty()) return;
  if (text.front() != '/') {
    if (front_.session().empty()) return refuse("no session is in front; /help helps");
    return line_.send(front_.session(), text);
  }
  auto space = text.find(' ');
  auto name = text.substr(1, space == std::string::npos ? space : space - 1);
  auto rest = space == std::string::npos ? std::string() : text.substr(space + 1);
  auto at = commands_.find(name);
  if (at != commands_.end()) return at->second(rest);
  if (!among_participants(name, rest)) in_session(name, rest);
}

void agent_chat::answer_offer(bool accept, const std::string& rest) {
  auto& all = front_.offers();
  auto offer = front_.offer();
  if (accept && !rest.empty()) {
    auto named = std::ranges::find_if(all, [&](auto& o) {
      return o.ends_with(rest) || o.substr(0, o.find('.')).ends_with(rest);
    });
    if (named == all.end()) return refuse("there is no such offer");
    offer = *named;
  }
  if (offer.empty()) return refuse("there is no offer");
  if (std::ranges::find(all, offer) == all.end()) return refuse("that offer is over already");
  front_.offer_gone(offer, false);
  json params{{"offer_id", offer}};
  if (!accept) params["reason"] = rest.empty() ? "declined" : rest;
  if (!accept) return line_.call("agent.decline", params);
  // Its session begins with the offer's id; it may be assigned before the answer is here.
  front_.wanted(offer.substr(0, offer.find('.')));
  line_.call("agent.accept", params);
}

void agent_chat::use(const std::string& rest) {
  for (auto& [id, session] : sessions_) {
    if (!rest.empty() && id.ends_with(rest)) return bring_to_front(id);
  }
  refuse("no session's id ends so; /sessions lists them");
}

void agent_chat::show_sessions() {
  for (auto& [id, s] : sessions_) {
    screen_.print(terminal::printable(std::string(id == front_.session() ? " > " : "   ") +
                                      tag_of(id) + "  " + (s.over ? "over     " : "serving  ") +
                                      s.customer));
  }
  if (sessions_.empty()) screen_.print("none");
}

void agent_chat::show_teams() {
  line_.call("team.list", json::object(), [this](const json& found) {
    for (auto& team : found.value("teams", json::array())) {
      std::string members;
      for (auto& m : team.value("members", json::array())) members += ' ' + m.get<std::string>();
      screen_.print(terminal::printable("   " + text_at(team, "id") + "  " + text_at(team, "name") +
                                        ':' + members));
    }
  });
}

/// False where `name` is none of those commands.
bool agent_chat::among_participants(const std::string& name, const std::string& rest) {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  auto& front = front_.session();
  auto known = sessions_.find(front);
  participant_place place{front, known == sessions_.end() ? std::string() : known->second.transfer,
                          line_.fresh_key(),
                          static_cast<std::uint64_t>(
                              std::chrono::duration_cast<std::chrono::milliseconds>(now).count())};
  auto made = participant_command(name, rest, place);
  if (!made) return false;
  if (!made->trouble.empty()) return refuse(made->trouble), true;
  auto session = text_at(made->params, "session_id");
  line_.call(made->method, made->params,
             [this, session, method = made->method](const json& answer) {
               auto id = text_at(answer, "transfer_id");
               if (!session.empty() && !id.empty()) sessions_[session].transfer = id;
               if (method == "session.monitor") {
                 line_.follow(session);
                 front_.wanted(session);
                 receive(session);
               }
             });
  return true;
}

/// Lists what fits the words, or says the first of it.
void agent_chat::canned(const std::string& words, bool say) {
  json params{{"text", words}, {"limit", say ? 1 : 10}};
  if (!front_.session().empty()) params["session_id"] = front_.session();
  if (say && (words.empty() || front_.session().empty()))
    return refuse("/say SHORTCUT, with a session in front");
  auto method = words.empty() ? "canned.list" : "canned.search";
  line_.call(method, params, [this, say, front = front_.session()](const json& found) {
    auto replies = found.value("replies", json::array());
    if (replies.empty()) return screen_.print("-- no canned reply fits");
    if (say) return line_.send(front, text_at(replies[0], "text"));
    for (auto& r : replies) {
      screen_.print(terminal::printable("  " + text_at(r, "shortcut") + "  " + text_at(r, "title") +
                                        ": " + text_at(r, "text")));
    }
  });
}

void agent_chat::in_session(const std::string& name, const std::string& rest) {
  static const std::vector<std::string> known{"note",  "tag",  "recall", "typing",
                                              "close", "wrap", "history"};
  if (std::ranges::find(known, name) == known.end())
    return refuse("unknown command /" + name + "; /help helps");
  auto& front = front_.session();
  if (front.empty()) return refuse("no session is in front");
  json params{{"session_id", front}};
  if (name == "typing") return line_.notify("session.typing", params);
  if (name == "note") {
    params["body"] = {{"text", rest}};
  } else if (name == "tag") {
    params["add"] = json::array();
    std::istringstream words(rest);
    for (std::string word; words >> word;) params["add"].push_back(word);
  } else if (name == "recall") {
    params["message_seq"] =
        rest.empty() ? sessions_[front].own_message : std::strtoull(rest.c_str(), nullptr, 10);
  } else if (name == "close") {
    params["reason"] = "closed by the agent";
    if (!rest.empty()) params["disposition"] = rest;
  } else if (name == "wrap") {
    auto space = rest.find(' ');
    if (!rest.empty()) params["disposition"] = rest.substr(0, space);
    if (space != std::string::npos) params["summary"] = rest.substr(space + 1);
    return line_.call("session.wrap_up", params);
  } else if (name == "history") {
    params["after"] = 0;
    return line_.call("session.events", params, [this](const json& page) {
      for (auto& e : page.value("events", json::array()))
        screen_.print("  " + event_line(e, line_.who()));
    });
  }
  line_.call("session." + name, params);
}

}  // namespace switchboard::channel_tool
