#include "tools/switchboardctl/session_commands.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "tools/switchboard-channel/event_text.hpp"
#include "tools/switchboardctl/field_text.hpp"
#include "tools/switchboardctl/language.hpp"
#include "tools/switchboardctl/live_commands.hpp"
#include "tools/switchboardctl/terminal_style.hpp"
#include "tools/switchboardctl/text_table.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::ctl {
namespace {

using terminal::count_text;
using terminal::text_table;
using side = text_table::align;

constexpr std::size_t whole_id = 29;  // "s", the shard in two digits, a ULID

/// Where the sessions stand in the queues; a session of several queues counts to the first.
struct place {
  std::string group;
  std::size_t position = 0;
};
std::map<std::string, place> places_in(const json& groups) {
  std::map<std::string, place> out;
  for (auto& g : part(groups, "groups")) {
    std::size_t n = 0;
    for (auto& id : part(g, "queue")) {
      ++n;
      if (id.is_string()) out.emplace(id.get<std::string>(), place{shown(g, "id"), n});
    }
  }
  return out;
}
std::map<std::string, std::string> names_of(const json& groups) {
  std::map<std::string, std::string> out;
  for (auto& g : part(groups, "groups")) out.emplace(shown(g, "id"), shown(g, "name"));
  return out;
}

/// How many characters of their ends tell these sessions apart: at least four.
std::size_t tag_length(const json& sessions) {
  for (std::size_t n = 4; n < whole_id; ++n) {
    std::map<std::string, int> seen;
    bool apart = true;
    for (auto& s : sessions) {
      auto id = shown(s, "session_id");
      apart = apart && ++seen[id.size() > n ? id.substr(id.size() - n) : id] == 1;
    }
    if (apart) return n;
  }
  return whole_id;
}

int urgency_of(const json& session) {
  const auto state = shown(session, "state");
  return state == "waiting"       ? 0
         : state == "offered"     ? 1
         : state == "identifying" ? 2
         : state == "active"      ? 3
                                  : 4;
}

std::string about_text(const json& s) {
  auto about = shown(s, "subject");
  return about == "-" ? shown(s, "intent") : about;
}

std::string session_text(const json& s) {
  std::string out;
  for (auto& [name, value] : s.items()) {
    if (name == "why") continue;
    const bool moment = name == "since" || name.ends_with("_at");
    auto text = shown(s, name);
    if (moment && value.is_number())
      text = moment_text(value.get<std::int64_t>()) + " (" + tr("{} ago", shown_age(s, name)) + ")";
    else if (name.ends_with("_ms"))
      text = shown_span(s, name);
    else if (name == "last_why" || name == "state")
      text = translated(text);
    out += terminal::padded(tr(name), 18) + terminal::printable(text) + '\n';
  }
  auto& reasons = part(s, "why");
  if (!reasons.empty()) out += tr("why") + '\n';
  for (auto& reason : reasons) {
    auto text = reason.is_string() ? translated(reason.get<std::string>())
                                   : reason.dump(-1, ' ', false, json::error_handler_t::replace);
    out += "  " + terminal::printable(text) + '\n';
  }
  return out;
}

failure no_such_session(const std::string& named) {
  return {
      exit_code::failed,
      "not_found",
      tr("no live session's id begins or ends with {}; one that is over takes its whole id", named),
      {},
      {}};
}

failure several_sessions(const std::string& named, const json& sessions) {
  std::string which;
  constexpr std::size_t most = 5;
  std::size_t n = 0;
  for (auto& s : sessions) {
    if (n++ == most) break;
    auto& who = part(s, "customer");
    which += (which.empty() ? "" : ", ") + shown(s, "session_id") +
             (who.empty() ? "" : " (" + shown(s, "customer") + ")");
  }
  return {exit_code::failed,
          "invalid_argument",
          tr("{} is the beginning or end of several sessions' ids: {}", named, which),
          {},
          {}};
}

}  // namespace

tl::expected<std::string, failure> find_session(control_client& daemon, const std::string& named) {
  if (named.size() >= whole_id) return named;
  auto found = daemon.call("admin.sessions", json{{"id_part", named}, {"limit", 6}});
  if (!found) return tl::unexpected(found.error());
  auto& sessions = part(*found, "sessions");
  if (sessions.empty()) return tl::unexpected(no_such_session(named));
  if (sessions.size() > 1) return tl::unexpected(several_sessions(named, sessions));
  return shown(sessions[0], "session_id");
}

std::string sessions_text(const json& answer, const json& groups, std::size_t columns) {
  auto& all = part(answer, "sessions");
  const auto places = places_in(groups);
  const auto names = names_of(groups);
  const auto tag = tag_length(all);
  std::vector<const json*> rows;
  for (auto& s : all) rows.push_back(&s);
  auto order = [&](const json* s) {
    auto at = places.find(shown(*s, "session_id"));
    const bool queued = at != places.end();
    return std::tuple(urgency_of(*s), queued ? 0 : 1, queued ? at->second.group : std::string(),
                      queued ? at->second.position : 0, number(*s, "since"));
  };
  std::ranges::stable_sort(rows, {}, order);
  const std::size_t spare = columns > 80 ? columns - 80 : 0;
  text_table table({{tr("ID")},
                    {tr("STATE")},
                    {tr("POS"), side::right},
                    {tr("PRIO"), side::right},
                    {tr("FOR"), side::right},
                    {tr("CUSTOMER"), side::left, 12 + std::min<std::size_t>(spare / 6, 12)},
                    {tr("ABOUT"), side::left, 12 + std::min<std::size_t>(spare / 2, 36)},
                    {tr("GROUP"), side::left, 10 + std::min<std::size_t>(spare / 6, 12)},
                    {tr("AGENT"), side::left, 8 + std::min<std::size_t>(spare / 6, 12)}});
  for (auto* row : rows) {
    auto& s = *row;
    auto id = shown(s, "session_id");
    const auto at = places.find(id);
    const bool waits = urgency_of(s) == 0;
    auto group = at != places.end() && waits ? at->second.group : shown(s, "group");
    if (auto name = names.find(group); name != names.end()) group = name->second;
    table.add({id.size() > tag ? id.substr(id.size() - tag) : id, tr(shown(s, "state")),
               at != places.end() && waits ? std::to_string(at->second.position) : "-",
               number(s, "priority") == 0 ? "-" : shown(s, "priority"), shown_age(s, "since"),
               shown(s, "customer"), about_text(s), group, shown(s, "agent")},
              waits ? terminal::tone::warning : terminal::tone::plain);
  }
  const auto shown_rows = static_cast<std::int64_t>(table.rows());
  const auto in_all = number(answer, "in_all", shown_rows);
  if (in_all > shown_rows)
    return table.text() +
           tr("{} of {} sessions, those that were opened first", count_text(shown_rows),
              count_text(in_all)) +
           '\n';
  return table.text() + tr(shown_rows == 1 ? "{} session" : "{} sessions", count_text(shown_rows)) +
         '\n';
}

outcome list_sessions(control_client& daemon, const session_filter& which) {
  json params{{"limit", which.limit}};
  if (!which.state.empty()) params["state"] = which.state;
  auto answer = daemon.call("admin.sessions", params);
  if (!answer) return tl::unexpected(answer.error());
  auto groups = daemon.call("admin.groups", json{{"queues", true}});
  if (!groups) return tl::unexpected(groups.error());
  if (!which.group.empty()) {
    auto& rows = (*answer)["sessions"];
    std::erase_if(rows.get_ref<json::array_t&>(),
                  [&](auto& s) { return shown(s, "group") != which.group; });
    answer->erase("in_all");
  }
  const auto places = places_in(*groups);
  for (auto& s : (*answer)["sessions"]) {
    if (auto at = places.find(shown(s, "session_id")); at != places.end())
      s["position"] = at->second.position;
  }
  auto text = sessions_text(*answer, *groups, terminal::columns());
  return report{std::move(*answer), std::move(text)};
}

outcome show_session(control_client& daemon, const std::string& named) {
  auto id = find_session(daemon, named);
  if (!id) return tl::unexpected(id.error());
  auto answer = daemon.call("admin.session", json{{"session_id", *id}});
  if (!answer) return tl::unexpected(answer.error());
  auto text = session_text(*answer);
  return report{std::move(*answer), std::move(text)};
}

outcome show_transcript(control_client& daemon, const std::string& named) {
  auto id = find_session(daemon, named);
  if (!id) return tl::unexpected(id.error());
  report out;
  out.data = {{"session_id", *id}, {"events", json::array()}};
  std::int64_t after = 0;
  for (bool more = true; more;) {
    auto page = daemon.call("admin.session_events", json{{"session_id", *id}, {"after", after}});
    if (!page) return tl::unexpected(page.error());
    const auto before = after;
    for (auto& e : part(*page, "events")) {
      after = std::max(after, number(e, "seq"));
      out.text += channel_tool::event_line(e, {"admin", {}, {}}) + '\n';
      out.data["events"].push_back(e);
    }
    more = page->value("more", false) && after > before;
  }
  return out;
}

outcome close_session(control_client& daemon, const session_order& what) {
  auto id = find_session(daemon, what.session);
  if (!id) return tl::unexpected(id.error());
  json params{{"session_id", *id}, {"reason", what.reason}};
  if (!what.disposition.empty()) params["disposition"] = what.disposition;
  auto answer = daemon.call("admin.session_close", params);
  if (!answer) return tl::unexpected(answer.error());
  return report{std::move(*answer), tr("session {} is closed", *id) + '\n'};
}

outcome move_session(control_client& daemon, const session_order& what) {
  auto id = find_session(daemon, what.session);
  if (!id) return tl::unexpected(id.error());
  json params{{"session_id", *id}, {"reason", what.reason}};
  if (!what.to_group.empty()) params["to_group"] = what.to_group;
  if (!what.to_agent.empty()) params["to_agent"] = what.to_agent;
  auto answer = daemon.call("admin.session_move", params);
  if (!answer) return tl::unexpected(answer.error());
  auto text = !what.to_group.empty()   ? tr("session {} waits in {} now", *id, what.to_group)
              : !what.to_agent.empty() ? tr("session {} waits for {} now", *id, what.to_agent)
                                       : tr("session {} waits where the rules send it", *id);
  return report{std::move(*answer), text + '\n'};
}

outcome assign_session(control_client& daemon, const session_order& what, bool only_waiting) {
  auto id = find_session(daemon, what.session);
  if (!id) return tl::unexpected(id.error());
  json params{{"session_id", *id}, {"reason", what.reason}};
  auto now = daemon.call("admin.session", json{{"session_id", *id}});
  if (!now) return tl::unexpected(now.error());
  const bool served = shown(*now, "state") == "active" && !only_waiting;
  params[served ? "to_agent" : "agent"] = what.to_agent;
  auto answer = daemon.call(served ? "admin.session_move" : "admin.session_assign", params);
  if (!answer) return tl::unexpected(answer.error());
  auto text = served ? tr("session {} waits for {} now", *id, what.to_agent)
                     : tr("session {} is with {} now", *id, what.to_agent);
  return report{std::move(*answer), text + '\n'};
}

}  // namespace switchboard::ctl
