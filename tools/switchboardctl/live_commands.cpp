#include "tools/switchboardctl/live_commands.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>
#include <utility>
#include <vector>

#include "tools/switchboardctl/field_text.hpp"
#include "tools/switchboardctl/language.hpp"
#include "tools/switchboardctl/text_table.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::ctl {
namespace {

using terminal::count_text;
using terminal::text_table;
using side = text_table::align;

std::string line(std::string_view title, const std::string& text) {
  return terminal::padded(tr(title), 10) + terminal::printable(text) + '\n';
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
    out += (out.empty() ? "" : ", ") + tr(name) + ' ' + count_text(value.get<std::int64_t>());
  }
  return out.empty() ? "-" : out;
}

/// `one`, `many`: "{} agent", "{} agents".
std::string closing_line(std::size_t rows, std::string_view one, std::string_view many) {
  return tr(rows == 1 ? one : many, count_text(static_cast<long long>(rows))) + '\n';
}

std::string agents_text(const json& answer) {
  text_table table({{tr("AGENT"), side::left, 20},
                    {tr("NAME"), side::left, 20},
                    {tr("STATE")},
                    {tr("REASON"), side::left, 20},
                    {tr("USED"), side::right},
                    {tr("SERVING"), side::right},
                    {tr("TODAY"), side::right},
                    {tr("GROUPS")}});
  for (auto& a : rows_by(answer, "agents", "id")) {
    auto& serving = part(a, "serving");
    table.add({shown(a, "id"), shown(a, "name"), tr(shown(a, "state")), shown(a, "reason"),
               shown(a, "used") + '/' + shown(a, "capacity"),
               serving.is_array() ? std::to_string(serving.size()) : shown(a, "serving"),
               shown(a, "assigned_today"), shown(a, "groups")});
  }
  return table.text() + closing_line(table.rows(), "{} agent", "{} agents");
}

/// A share as whole percent, rounded down: 100 % is said of no less. "-" where there is none.
std::string share_text(const json& from, const char* field) {
  if (!from.is_object() || !from.contains(field) || !from[field].is_number()) return "-";
  constexpr double noise = 1e-9;
  return std::to_string(static_cast<int>(from[field].get<double>() * 100 + noise)) + '%';
}

std::string actors_text(const json& answer) {
  text_table table({{tr("KIND")},
                    {tr("KEY"), side::left, 36},
                    {tr("STATE")},
                    {tr("HANDLED"), side::right},
                    {tr("FAILED"), side::right},
                    {tr("LAST"), side::right}});
  for (auto& a : part(answer, "actors")) {
    table.add({shown(a, "kind"), shown(a, "key"), shown(a, "state"),
               count_text(number(a, "handled")), count_text(number(a, "failed")),
               shown_age(a, "last_ms")});
  }
  return table.text() + tr("in all: {}", counts_text(part(answer, "counts"))) + '\n';
}

/// "state 12 % of 65,536 MiB, full in 310 days".
std::string room_text(const std::string& name, const json& map) {
  const auto used = number(map, "used"), limit = std::max<std::int64_t>(number(map, "limit"), 1);
  auto out = tr("{} {} % of {} MiB", name == "state" ? tr("state store") : tr(name),
                std::to_string(used * 100 / limit), count_text(limit >> 20));
  auto days = map.find("days_to_full");
  if (days != map.end() && days->is_number())
    out += tr(", full in {} days", count_text(static_cast<std::int64_t>(days->get<double>())));
  return out;
}

}  // namespace

std::string status_text(const json& s) {
  auto out = line("node", tr("{}, version {}, up {}", shown(s, "node"), shown(s, "version"),
                             shown_span(s, "uptime_ms")));
  out += line("store", shown(s, "store_id"));
  out += line("sessions", counts_text(part(s, "sessions")));
  out += line("messages", count_text(number(s, "messages")));
  const bool somebody = s.contains("longest_waiting_ms") && s["longest_waiting_ms"].is_number();
  out += line("assigned", count_text(number(s, "assigned")));
  out += line("waiting",
              somebody ? tr("longest wait {}", shown_span(s, "longest_waiting_ms")) : tr("nobody"));
  // Before anybody waited there was no longest.
  if (number(s, "longest_wait_ms") > 0)
    out += line("", tr("longest wait since the start {}", shown_span(s, "longest_wait_ms")));
  auto& journal = part(s, "journal");
  out += line("journal", counts_text(journal));
  out += line(
      "", tr("admission {}", tr(shown(journal, "admission"))) +
              (shown(journal, "reason") == "-" ? "" : ": " + translated(shown(journal, "reason"))));
  if (const auto things = number(s, "configuration_conflicts"); things > 0) {
    out += line("conflict",
                tr("the dispatch file and what was decided while running disagree in {} things: "
                   "switchboardctl rules conflicts",
                   count_text(things)));
  }
  if (auto& store = part(s, "store"); !store.empty()) {
    for (auto* map : {"journal", "state"}) out += line("", room_text(map, part(store, map)));
    if (shown(store, "takes") != "everything")
      out += line("", tr("takes only {}", tr(shown(store, "takes"))));
    if (auto n = number(store, "damaged_values"); n > 0)
      out += line("", tr("{} damaged values met: see the log", count_text(n)));
  }
  out += line("clients", tr("{} connections", count_text(number(s, "connections"))));
  // Always shown: 0 is what one looks for.
  out +=
      line("late", tr("{} matches that no message led to", count_text(number(s, "late_matches"))));
  if (auto& actors = part(s, "actors"); !actors.empty()) out += line("actors", counts_text(actors));
  if (auto degraded = shown(s, "degraded");
      degraded != "-" && degraded != "0" && degraded != "{}") {
    out += line("degraded", degraded);
  }
  return out;
}

std::string groups_text(const json& answer) {
  text_table table({{tr("GROUP"), side::left, 20},
                    {tr("NAME"), side::left, 20},
                    {tr("OPEN")},
                    {tr("WAITING"), side::right},
                    {tr("OLDEST"), side::right},
                    {tr("OFFERED"), side::right},
                    {tr("ONLINE"), side::right},
                    {tr("AVAILABLE"), side::right},
                    {tr("IN TIME"), side::right}});
  for (auto& g : rows_by(answer, "groups", "id")) {
    auto level = share_text(g, "service_level");
    table.add({shown(g, "id"), shown(g, "name"), shown(g, "open"), shown(g, "waiting"),
               number(g, "waiting") > 0 ? shown_span(g, "oldest_ms") : "-",
               shown(g, "offers_pending"), shown(g, "online"), shown(g, "available"), level},
              number(g, "waiting") > 0 ? terminal::tone::warning : terminal::tone::plain);
  }
  return table.text() + closing_line(table.rows(), "{} group", "{} groups");
}

std::string centers_text(const json& answer) {
  text_table table({{tr("CENTER")},
                    {tr("KIND")},
                    {tr("BREAKER")},
                    {tr("FOR"), side::right},
                    {tr("ASKED"), side::right},
                    {tr("CACHED"), side::right},
                    {tr("FAILED"), side::right},
                    {tr("LATE"), side::right},
                    {tr("STALE"), side::right},
                    {tr("OUT"), side::right},
                    {tr("P50"), side::right},
                    {tr("P99"), side::right},
                    {tr("PLACE"), side::left, 40}});
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
                tr("{} ago", shown_age(trouble, "at")) + ")\n";
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
  auto text = tr("{}: {} bytes, everything up to position {}, in {}", terminal::printable(place),
                 count_text(number(*answer, "bytes")), count_text(number(*answer, "position")),
                 shown_span(*answer, "took_ms")) +
              '\n';
  return report{std::move(*answer), std::move(text)};
}

}  // namespace switchboard::ctl
