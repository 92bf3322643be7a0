#include "tools/switchboardctl/live_commands.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>
#include <utility>
#include <vector>

#include "tools/switchboardctl/field_text.hpp"
#include "tools/switchboardctl/text_table.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::ctl {
namespace {

using terminal::count_text;
using terminal::text_table;
using side = text_table::align;

std::string line(std::string_view title, const std::string& text) {
  return terminal::padded(title, 10) + terminal::printable(text) + '\n';
}

/// The rows at a field, by one of their fields.
std::vector<json> rows_by(const json& answer, std::string_view field, std::string_view key) {
  auto& list = part(answer, field);
  std::vector<json> rows(list.begin(), list.end());
  auto key_of = [&](const json& row) { return std::pair(number(row, key), shown(row, key)); };
  std::ranges::stable_sort(rows, {}, key_of);
  return rows;
}

/// "opened 84, waiting 3, ..." of a map of counts.
std::string counts_text(const json& counts) {
  std::string out;
  for (auto& [name, value] : counts.items()) {
    if (!value.is_number()) continue;
    out += (out.empty() ? "" : ", ") + name + ' ' + count_text(value.get<std::int64_t>());
  }
  return out.empty() ? "-" : out;
}

std::string closing_line(std::size_t rows, std::string_view what) {
  return count_text(static_cast<long long>(rows)) + ' ' + std::string(what) +
         (rows == 1 ? "\n" : "s\n");
}

outcome ask(control_client& daemon, const std::string& method, const json& params,
            std::string (*text)(const json&)) {
  auto answer = daemon.call(method, params);
  if (!answer) return tl::unexpected(answer.error());
  auto shown_as = text(*answer);
  return report{std::move(*answer), std::move(shown_as)};
}

std::string session_text(const json& s) {
  std::string out;
  for (auto& [name, value] : s.items()) {
    if (name == "why") continue;
    const bool moment = name == "since" || name.ends_with("_at");
    auto text = shown(s, name);
    if (moment && value.is_number())
      text = moment_text(value.get<std::int64_t>()) + " (" + shown_age(s, name) + " ago)";
    else if (name.ends_with("_ms"))
      text = shown_span(s, name);
    out += terminal::padded(name, 18) + terminal::printable(text) + '\n';
  }
  auto& reasons = part(s, "why");
  if (!reasons.empty()) out += "why\n";
  for (auto& reason : reasons) {
    auto text = reason.is_string() ? reason.get<std::string>()
                                   : reason.dump(-1, ' ', false, json::error_handler_t::replace);
    out += "  " + terminal::printable(text) + '\n';
  }
  return out;
}

std::string agents_text(const json& answer) {
  text_table table({{"AGENT", side::left, 20},
                    {"NAME", side::left, 20},
                    {"STATE"},
                    {"REASON", side::left, 20},
                    {"USED", side::right},
                    {"SERVING", side::right},
                    {"TODAY", side::right},
                    {"GROUPS"}});
  for (auto& a : rows_by(answer, "agents", "id")) {
    auto& serving = part(a, "serving");
    table.add({shown(a, "id"), shown(a, "name"), shown(a, "state"), shown(a, "reason"),
               shown(a, "used") + '/' + shown(a, "capacity"),
               serving.is_array() ? std::to_string(serving.size()) : shown(a, "serving"),
               shown(a, "assigned_today"), shown(a, "groups")});
  }
  return table.text() + closing_line(table.rows(), "agent");
}

/// A share as whole percent, rounded down: 100 % is said of no less. "-" where there is none.
std::string share_text(const json& from, const char* field) {
  if (!from.is_object() || !from.contains(field) || !from[field].is_number()) return "-";
  constexpr double noise = 1e-9;
  return std::to_string(static_cast<int>(from[field].get<double>() * 100 + noise)) + '%';
}

std::string actors_text(const json& answer) {
  text_table table({{"KIND"},
                    {"KEY", side::left, 36},
                    {"STATE"},
                    {"HANDLED", side::right},
                    {"FAILED", side::right},
                    {"LAST", side::right}});
  for (auto& a : part(answer, "actors")) {
    table.add({shown(a, "kind"), shown(a, "key"), shown(a, "state"),
               count_text(number(a, "handled")), count_text(number(a, "failed")),
               shown_age(a, "last_ms")});
  }
  return table.text() + "in all: " + counts_text(part(answer, "counts")) + '\n';
}

/// "state 12 % of 65,536 MiB, full in 310 days".
std::string room_text(const std::string& name, const json& map) {
  const auto used = number(map, "used"), limit = std::max<std::int64_t>(number(map, "limit"), 1);
  auto out =
      name + " " + std::to_string(used * 100 / limit) + " % of " + count_text(limit >> 20) + " MiB";
  auto days = map.find("days_to_full");
  if (days != map.end() && days->is_number())
    out += ", full in " + count_text(static_cast<std::int64_t>(days->get<double>())) + " days";
  return out;
}

}  // namespace

std::string status_text(const json& s) {
  auto out = line("node", shown(s, "node") + ", version " + shown(s, "version") + ", up " +
                              shown_span(s, "uptime_ms"));
  out += line("store", shown(s, "store_id"));
  out += line("sessions", counts_text(part(s, "sessions")));
  out += line("messages", count_text(number(s, "messages")));
  const bool somebody = s.contains("longest_waiting_ms") && s["longest_waiting_ms"].is_number();
  out += line("assigned", count_text(number(s, "assigned")));
  out +=
      line("waiting", somebody ? "longest wait " + shown_span(s, "longest_waiting_ms") : "nobody");
  // Before anybody waited there was no longest.
  if (number(s, "longest_wait_ms") > 0)
    out += line("", "longest wait since the start " + shown_span(s, "longest_wait_ms"));
  auto& journal = part(s, "journal");
  out += line("journal", counts_text(journal));
  out += line("", "admission " + shown(journal, "admission") +
                      (shown(journal, "reason") == "-" ? "" : ": " + shown(journal, "reason")));
  if (const auto things = number(s, "configuration_conflicts"); things > 0) {
    out += line("conflict", "the dispatch file and what was decided while running disagree in " +
                                count_text(things) + " things: switchboardctl rules conflicts");
  }
  if (auto& store = part(s, "store"); !store.empty()) {
    for (auto* map : {"journal", "state"}) out += line("", room_text(map, part(store, map)));
    if (shown(store, "takes") != "everything")
      out += line("", "takes only " + shown(store, "takes"));
    if (auto n = number(store, "damaged_values"); n > 0)
      out += line("", count_text(n) + " damaged values met: see the log");
  }
  out += line("clients", count_text(number(s, "connections")) + " connections");
  // Always shown: 0 is what one looks for.
  out += line("late", count_text(number(s, "late_matches")) + " matches that no message led to");
  if (auto& actors = part(s, "actors"); !actors.empty()) out += line("actors", counts_text(actors));
  if (auto degraded = shown(s, "degraded");
      degraded != "-" && degraded != "0" && degraded != "{}") {
    out += line("degraded", degraded);
  }
  return out;
}

std::string sessions_text(const json& answer) {
  text_table table({{"SESSION"},
                    {"STATE"},
                    {"CHANNEL", side::left, 20},
                    {"FOR", side::right},
                    {"AGE", side::right},
                    {"GROUP", side::left, 20},
                    {"AGENT", side::left, 20},
                    {"MESSAGES", side::right}});
  // In the order the daemon gives them: the first opened first.
  for (auto& s : part(answer, "sessions")) {
    table.add({shown(s, "session_id"), shown(s, "state"), shown(s, "channel"),
               shown_age(s, "since"), shown_age(s, "opened_at"), shown(s, "group"),
               shown(s, "agent"), shown(s, "messages")});
  }
  const auto in_all = number(answer, "in_all", static_cast<std::int64_t>(table.rows()));
  if (in_all <= static_cast<std::int64_t>(table.rows()))
    return table.text() + closing_line(table.rows(), "session");
  return table.text() + "the first " + count_text(static_cast<long long>(table.rows())) + " of " +
         count_text(in_all) + " sessions\n";
}

std::string groups_text(const json& answer) {
  text_table table({{"GROUP", side::left, 20},
                    {"NAME", side::left, 20},
                    {"OPEN"},
                    {"WAITING", side::right},
                    {"OLDEST", side::right},
                    {"OFFERED", side::right},
                    {"ONLINE", side::right},
                    {"AVAILABLE", side::right},
                    {"IN TIME", side::right}});
  for (auto& g : rows_by(answer, "groups", "id")) {
    auto level = share_text(g, "service_level");
    table.add({shown(g, "id"), shown(g, "name"), shown(g, "open"), shown(g, "waiting"),
               number(g, "waiting") > 0 ? shown_span(g, "oldest_ms") : "-",
               shown(g, "offers_pending"), shown(g, "online"), shown(g, "available"), level});
  }
  return table.text() + closing_line(table.rows(), "group");
}

std::string centers_text(const json& answer) {
  text_table table({{"CENTER"},
                    {"KIND"},
                    {"BREAKER"},
                    {"FOR", side::right},
                    {"ASKED", side::right},
                    {"CACHED", side::right},
                    {"FAILED", side::right},
                    {"LATE", side::right},
                    {"STALE", side::right},
                    {"OUT", side::right},
                    {"P50", side::right},
                    {"P99", side::right},
                    {"PLACE", side::left, 40}});
  std::string troubles;
  for (auto& c : rows_by(answer, "centers", "center")) {
    bool remote = shown(c, "kind") == "http";
    auto ms = [&](const char* field) { return remote ? shown_span(c, field) : std::string("-"); };
    table.add({shown(c, "center"), shown(c, "kind"), shown(c, "breaker"),
               number(c, "breaker_since") > 0 ? shown_age(c, "breaker_since") : "-",
               count_text(number(c, "asked")), count_text(number(c, "from_cache")),
               count_text(number(c, "failed")), count_text(number(c, "timed_out")),
               count_text(number(c, "stale")), count_text(number(c, "in_flight")), ms("p50_ms"),
               ms("p99_ms"), shown(c, "place")});
    auto& trouble = part(c, "last_trouble");
    if (trouble.empty()) continue;
    troubles += shown(c, "center") + ": " + terminal::printable(shown(trouble, "text")) + " (" +
                shown_age(trouble, "at") + " ago)\n";
  }
  return table.text() + troubles;
}

std::string moment_text(std::int64_t unix_ms) {
  if (unix_ms <= 0) return "-";
  auto seconds = static_cast<std::time_t>(unix_ms / 1000);
  auto now = std::time(nullptr);
  std::tm at{};
  std::tm today{};
  localtime_r(&seconds, &at);
  localtime_r(&now, &today);
  bool same_day = at.tm_year == today.tm_year && at.tm_yday == today.tm_yday;
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), same_day ? "%H:%M:%S" : "%F %H:%M:%S", &at);
  return text.data();
}

outcome show_status(control_client& daemon) {
  return ask(daemon, "admin.status", json::object(), status_text);
}

outcome list_sessions(control_client& daemon, const session_filter& which) {
  json params{{"limit", which.limit}};
  if (!which.state.empty()) params["state"] = which.state;
  return ask(daemon, "admin.sessions", params, sessions_text);
}

outcome show_session(control_client& daemon, const std::string& id) {
  return ask(daemon, "admin.session", json{{"session_id", id}}, session_text);
}

outcome list_agents(control_client& daemon) {
  return ask(daemon, "admin.agents", json::object(), agents_text);
}

outcome list_groups(control_client& daemon) {
  return ask(daemon, "admin.groups", json::object(), groups_text);
}

outcome list_centers(control_client& daemon) {
  return ask(daemon, "admin.centers", json::object(), centers_text);
}

outcome list_actors(control_client& daemon, const actor_filter& which) {
  json params{{"limit", which.limit}};
  if (!which.kind.empty()) params["kind"] = which.kind;
  return ask(daemon, "admin.actors", params, actors_text);
}

outcome make_backup(control_client& daemon, const std::string& dir) {
  constexpr millis patience{3'600'000};
  auto place = std::filesystem::absolute(dir).lexically_normal().string();
  auto answer = daemon.call("admin.backup", json{{"dir", place}}, patience);
  if (!answer) return tl::unexpected(answer.error());
  auto text = terminal::printable(place) + ": " + count_text(number(*answer, "bytes")) +
              " bytes, everything up to position " + count_text(number(*answer, "position")) +
              ", in " + shown_span(*answer, "took_ms") + '\n';
  return report{std::move(*answer), std::move(text)};
}

}  // namespace switchboard::ctl
