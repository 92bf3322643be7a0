#include "tools/switchboardctl/inspection/doctor.hpp"

#include <algorithm>
#include <cstdio>

#include "tools/switchboardctl/field_text.hpp"
#include "tools/switchboardctl/inspection/activity_reading.hpp"
#include "tools/switchboardctl/text_table.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::ctl {
namespace {

using terminal::count_text;

/// Collects the checks in the order in which they are documented.
struct examination {
  const checked_daemon& d;
  std::vector<finding> all;

  void add(health state, std::string what, std::string found, std::string help = {}) {
    all.push_back({state, std::move(what), std::move(found),
                   state == health::fine ? std::string{} : std::move(help)});
  }
  /// True where the daemon gave no such answer, which is reported.
  bool without(const json& answer, const char* what) {
    if (answer.is_object()) return false;
    add(health::unknown, what, "the daemon gave no answer", "switchboardctl status");
    return true;
  }
};

std::string percent(double share) {
  return std::to_string(static_cast<int>(share * 100)) + " %";
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (auto& w : words) out += (out.empty() ? "" : "; ") + w;
  return out;
}

void check_store(examination& e) {
  constexpr double tight = 0.8, full = 0.9;
  constexpr std::int64_t few_days = 14, behind = 20'000, far_behind = 200'000;
  if (e.without(e.d.status, "store")) return;
  auto& journal = part(e.d.status, "journal");
  auto& store = part(e.d.status, "store");
  const bool open = journal.value("admission", true);
  e.add(open ? health::fine : health::failing, "admission",
        open ? "new work is taken" : "new work is refused: " + shown(journal, "reason"),
        "switchboardctl status");
  const auto takes = shown(store, "takes");
  e.add(takes == "everything" ? health::fine : health::failing, "store takes", takes,
        "raise journal.map_size or state.map_size, restart");
  for (auto* map : {"journal", "state"}) {
    auto& m = part(store, map);
    const auto limit = std::max<std::int64_t>(number(m, "limit"), 1);
    const auto used = static_cast<double>(number(m, "used")) / static_cast<double>(limit);
    auto days = m.find("days_to_full");
    const bool soon =
        days != m.end() && days->is_number() && days->get<double>() < static_cast<double>(few_days);
    auto state = used >= full            ? health::failing
                 : used >= tight || soon ? health::warning
                                         : health::fine;
    e.add(state, std::string(map) + " room",
          percent(used) + " used" +
              (soon ? ", full in " + std::to_string(days->get<int>()) + " days" : std::string{}),
          std::string("raise ") + map + ".map_size before it is full, restart");
  }
  const auto lag = number(journal, "durable") - number(journal, "projected");
  e.add(lag >= far_behind ? health::failing
        : lag >= behind   ? health::warning
                          : health::fine,
        "projector", count_text(std::max<std::int64_t>(lag, 0)) + " events behind",
        "the disk is slow or busy: iostat -x 1");
  const auto damaged = number(store, "damaged_values");
  e.add(damaged > 0 ? health::failing : health::fine, "damaged values",
        damaged > 0 ? count_text(damaged) + " met" : "none met",
        "see store_damaged in the log; switchboardctl store verify on a backup");
  const auto conflicts = number(e.d.status, "configuration_conflicts");
  e.add(conflicts > 0 ? health::warning : health::fine, "configuration",
        conflicts > 0 ? "file and run-time disagree in " + count_text(conflicts) + " things"
                      : "file and run-time agree",
        "switchboardctl rules conflicts");
  const auto late = number(e.d.status, "late_matches");
  e.add(late > 0 ? health::warning : health::fine, "late matches", count_text(late),
        "a fault of ours: please report it with the log");
}

void check_groups(examination& e) {
  constexpr std::int64_t long_wait_ms = 300'000;
  constexpr double poor_level = 0.5;
  if (e.without(e.d.groups, "groups")) return;
  std::vector<std::string> nobody, closed, late, idle;
  for (auto& g : part(e.d.groups, "groups")) {
    const auto waiting = number(g, "waiting");
    const auto name = shown(g, "id");
    const auto queue =
        name + ": " + count_text(waiting) + " wait, oldest " + shown_span(g, "oldest_ms");
    if (waiting > 0 && !g.value("open", true))
      closed.push_back(queue);
    else if (waiting > 0 && number(g, "online") == 0)
      nobody.push_back(queue);
    else if (waiting > 0 && number(g, "available") > 0 && number(g, "oldest_ms") > 10'000)
      idle.push_back(queue + ", " + count_text(number(g, "available")) + " agents have room");
    else if (waiting > 0 && number(g, "oldest_ms") > long_wait_ms)
      late.push_back(queue);
    auto level = g.find("service_level");
    if (level != g.end() && level->is_number() && level->get<double>() < poor_level && waiting > 0)
      late.push_back(name + ": " + percent(level->get<double>()) + " served in time");
  }
  auto all_groups = [&](health bad, const char* what, const std::vector<std::string>& found,
                        const char* help) {
    e.add(found.empty() ? health::fine : bad, what, found.empty() ? "none" : joined(found), help);
  };
  all_groups(health::failing, "waiting with nobody online", nobody,
             "switchboardctl agents; group close GROUP --reason .. lets rules send them elsewhere");
  all_groups(health::failing, "waiting in a closed group", closed,
             "switchboardctl group open GROUP, or move them");
  all_groups(health::warning, "waiting beside free agents", idle,
             "switchboardctl why SESSION: skills, limits or capacity hold it back");
  all_groups(health::warning, "long waits", late, "switchboardctl sessions --state waiting");
}

void check_agents(examination& e) {
  if (e.without(e.d.agents, "agents")) return;
  std::int64_t online = 0, all = 0, over = 0;
  std::string who;
  for (auto& a : part(e.d.agents, "agents")) {
    ++all;
    if (shown(a, "state") != "offline") ++online;
    if (number(a, "used") > number(a, "capacity") && shown(a, "state") == "online") {
      ++over;
      who = shown(a, "id");
    }
  }
  const auto waiting = number(part(e.d.status, "sessions"), "waiting");
  const bool nobody = online == 0 && waiting > 0;
  e.add(nobody ? health::failing : health::fine, "agents on duty",
        count_text(online) + " of " + count_text(all), "nobody serves: call somebody in");
  e.add(over > 0 ? health::warning : health::fine, "agents over capacity",
        over > 0 ? count_text(over) + ", " + who + " among them" : "none",
        "capacity was lowered while they served, or sessions were moved by hand");
}

void check_centers(examination& e) {
  constexpr double many = 0.1;
  if (e.without(e.d.centers, "centers")) return;
  for (auto& c : part(e.d.centers, "centers")) {
    const auto name = "center " + shown(c, "center");
    const auto breaker = shown(c, "breaker");
    const auto asked = number(c, "asked");
    const auto bad = number(c, "failed") + number(c, "timed_out");
    if (shown(c, "kind") != "http") {
      e.add(health::fine, name, "embedded");
      continue;
    }
    if (breaker != "closed") {
      e.add(health::failing, name,
            "breaker " + breaker +
                (number(c, "breaker_since") > 0 ? " for " + shown_age(c, "breaker_since") : "") +
                ": " + shown(part(c, "last_trouble"), "text"),
            "switchboardctl centers");
      continue;
    }
    const auto share = asked > 0 ? static_cast<double>(bad) / static_cast<double>(asked) : 0.0;
    e.add(share > many ? health::warning : health::fine, name,
          share > many ? percent(share) + " of its calls failed" : "answers",
          "switchboardctl centers");
  }
}

void check_threads(examination& e) {
  constexpr double slow_us = 250'000, stuck_us = 5'000'000, nearly_all = 0.9,
                   long_wait_us = 250'000;
  if (e.without(e.d.activity_after, "actors")) return;
  const auto a = activity_between(e.d.activity_before, e.d.activity_after);
  std::vector<std::string> slow;
  double longest = 0;
  for (auto& t : a.threads) {
    longest = std::max(longest, t.busy_us);
    if (t.busy_us >= slow_us)
      slow.push_back("a " + t.kind + " for " + latency_text(t.busy_us) + " at " + t.message);
  }
  e.add(longest >= stuck_us ? health::failing
        : slow.empty()      ? health::fine
                            : health::warning,
        "handlers", slow.empty() ? "none is slow" : joined(slow),
        "switchboardctl actors; a stack of the daemon's threads: gdb -p, thread apply all bt");
  const auto threads = static_cast<double>(std::max<std::size_t>(a.threads.size(), 1));
  const auto share = a.share / threads;
  e.add(share > nearly_all ? health::warning : health::fine, "actor threads",
        percent(share) + " busy", "more workers.actor_threads or a faster machine");
  std::vector<std::string> failing, waiting;
  for (auto& k : a.kinds) {
    if (k.failed > 0) failing.push_back(k.kind + ": " + count_text(k.failed));
    if (k.wait.p99 >= long_wait_us) waiting.push_back(k.kind + ": p99 " + latency_text(k.wait.p99));
  }
  e.add(failing.empty() ? health::fine : health::warning, "failed messages",
        failing.empty() ? "none" : joined(failing), "the log says of which actor");
  e.add(waiting.empty() ? health::fine : health::warning, "mailboxes",
        waiting.empty() ? "short waits" : joined(waiting), "switchboardctl top");
}

const char* word_of(health state) {
  switch (state) {
    case health::fine:
      return "ok";
    case health::unknown:
      return "????";
    case health::warning:
      return "WARN";
    case health::failing:
      return "FAIL";
  }
  return "";
}

}  // namespace

std::vector<finding> examine(const checked_daemon& daemon) {
  examination e{daemon, {}};
  check_store(e);
  check_groups(e);
  check_agents(e);
  check_centers(e);
  check_threads(e);
  std::ranges::stable_sort(e.all, std::greater<>(), &finding::state);
  return std::move(e.all);
}

std::string findings_text(const std::vector<finding>& all) {
  std::string out, fine;
  std::size_t count = 0;
  for (auto& f : all) {
    if (f.state == health::fine) {
      fine += (count++ == 0 ? "" : ", ") + f.what;
      continue;
    }
    out += terminal::padded(word_of(f.state), 6) + terminal::padded(f.what, 28) +
           terminal::printable(f.found) + '\n';
    if (!f.help.empty()) out += std::string(6, ' ') + "-> " + f.help + '\n';
  }
  if (count > 0)
    out += terminal::padded("ok", 6) + count_text(static_cast<std::int64_t>(count)) +
           (out.empty() ? " checks: " : " others: ") + fine + '\n';
  return out;
}

std::string findings_line(const std::vector<finding>& all) {
  std::string out;
  std::size_t bad = 0;
  for (auto& f : all) {
    if (f.state == health::fine) continue;
    if (++bad <= 2) out += "!! " + f.what + ": " + terminal::printable(f.found) + "  ";
  }
  if (bad > 0) out += '(' + std::to_string(bad) + ", see doctor)";
  return out;
}

json findings_data(const std::vector<finding>& all) {
  auto checks = json::array();
  std::size_t bad = 0;
  for (auto& f : all) {
    static constexpr const char* names[] = {"ok", "unknown", "warning", "failing"};
    checks.push_back({{"state", names[static_cast<int>(f.state)]},
                      {"check", f.what},
                      {"found", f.found},
                      {"help", f.help}});
    if (f.state != health::fine) ++bad;
  }
  return {{"checks", std::move(checks)}, {"need_a_hand", bad}};
}

}  // namespace switchboard::ctl
