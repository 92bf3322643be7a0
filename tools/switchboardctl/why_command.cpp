#include "tools/switchboardctl/why_command.hpp"

#include <map>

#include "tools/switchboardctl/field_text.hpp"
#include "tools/switchboardctl/language.hpp"
#include "tools/switchboardctl/live_commands.hpp"
#include "tools/switchboardctl/session_commands.hpp"
#include "tools/switchboardctl/text_table.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::ctl {
namespace {

using terminal::printable;

/// The clause that kept an agent out, in a leader's words.
std::string because(const std::string& clause) {
  static const std::map<std::string, const char*> words{
      {"member", "{} is not in the group"},
      {"online", "{} is not online"},
      {"skill", "{} lacks a skill it needs"},
      {"room", "{} has no room"},
      {"asked", "{} was asked in this round already"},
      {"sticky", "it waits for somebody else before {}"},
      {"ramp", "{} has had a share of this minute"},
      {"reserved_room", "{} keeps room for an older one"}};
  const auto at = words.find(clause);
  return at == words.end() ? "{} " + clause : at->second;
}

std::string rejected_text(const json& rejected) {
  std::string out;
  for (auto& r : rejected)
    out += "    " + tr(because(shown(r, "clause")), printable(shown(r, "agent"))) + '\n';
  return out;
}

std::string step_text(const json& step) {
  if (step.value("leave_message", false)) return tr("leave a message");
  std::string skills;
  for (auto& s : part(part(step, "need"), "skills"))
    skills += (skills.empty() ? "" : ", ") + shown(s, "skill") + ' ' + shown(s, "level");
  auto groups = printable(shown(step, "groups"));
  return skills.empty() ? groups : tr("{}, with {}", groups, printable(skills));
}

std::string steps_text(const json& a) {
  std::string out;
  std::int64_t n = 0;
  for (auto& step : part(a, "steps")) {
    ++n;
    const bool here = n == number(a, "step") && shown(a, "state") != "identifying";
    out += std::string(here ? "  > " : "    ") + std::to_string(n) + ". " + step_text(step);
    if (number(step, "wait_ms") > 0)
      out += tr(", at most {}", terminal::span_text(number(step, "wait_ms")));
    if (step.value("widen", false)) out += tr(", and the queues before");
    if (step.value("owned", false)) out += tr(", for the agent who served last");
    out += '\n';
  }
  return out;
}

std::string names_text(const json& list) {
  std::string out;
  for (auto& n : list) out += (out.empty() ? "" : ", ") + printable(n.get<std::string>());
  return out;
}

std::string queue_text(const json& q) {
  auto name = shown(q, "name") == "-" ? shown(q, "group") : shown(q, "name");
  auto out = tr("group {}: {}", printable(name), tr(shown(q, "standing")));
  if (!q.contains("position")) return out + '\n';
  out += tr(", place {}, chosen by {}", shown(q, "position"), tr(shown(q, "strategy")));
  if (!q.value("open", true)) out += tr(", the group is closed");
  if (q.contains("eta") && q["eta"].is_object())
    out += tr(", estimated {} (9 of 10 within {})", shown_span(q["eta"], "p50_ms"),
              shown_span(q["eta"], "p90_ms"));
  out += '\n';
  out += number(q, "eligible_count") > 0
             ? "  " + tr("could take it: {}", names_text(part(q, "eligible"))) + '\n'
             : "  " + tr("nobody can take it now:") + '\n';
  out += rejected_text(part(q, "rejected"));
  if (!part(q, "unblocks").empty()) out += "  " + tr("it goes on with") + '\n';
  for (auto& u : part(q, "unblocks"))
    out += "    " + printable(translated(u.get<std::string>())) + '\n';
  return out;
}

std::string decision_text(const json& d) {
  if (shown(d, "strategy") == "-") return {};
  auto out = tr("chosen by {}: {}", tr(shown(d, "strategy")),
                printable(translated(shown(d, "winner_key"))));
  if (shown(d, "runner_up") != "-")
    out += tr("; before {} ({})", printable(shown(d, "runner_up")),
              printable(translated(shown(d, "runner_up_key"))));
  out += tr("; {} could have taken it, by version {}", shown(d, "eligible"),
            shown(d, "rules_version")) +
         '\n';
  return out + rejected_text(part(d, "rejected"));
}

}  // namespace

std::string why_text(const json& a) {
  auto out = tr("session {} is {} since {}, opened {} ago", shown(a, "session_id"),
                tr(shown(a, "state")), shown_age(a, "since"), shown_age(a, "opened_at"));
  if (shown(a, "agent") != "-") out += tr(", served by {}", printable(shown(a, "agent")));
  out += '\n';
  if (shown(a, "rule") != "-") {
    out += tr("rule \"{}\" of version {}", printable(shown(a, "rule")), shown(a, "rules_version"));
    if (number(a, "priority") != 0) out += tr(", priority {}", shown(a, "priority"));
    out += '\n';
    for (auto& reason : part(a, "why"))
      out += "  " + printable(translated(reason.get<std::string>())) + '\n';
    out += tr("steps") + '\n' + steps_text(a);
  }
  for (auto& q : part(a, "queues")) out += queue_text(q);
  if (a.contains("decision")) out += decision_text(a["decision"]);
  if (!part(a, "story").empty()) out += tr("story") + '\n';
  for (auto& s : part(a, "story")) {
    out += "  " + terminal::padded(moment_text(number(s, "at")), 10) +
           terminal::padded(tr(shown(s, "what")), 12) + printable(translated(shown(s, "text"))) +
           '\n';
  }
  return out;
}

outcome explain_session(control_client& daemon, const std::string& session) {
  auto id = find_session(daemon, session);
  if (!id) return tl::unexpected(id.error());
  auto answer = daemon.call("admin.why", json{{"session_id", *id}});
  if (!answer) return tl::unexpected(answer.error());
  auto text = why_text(*answer);
  return report{std::move(*answer), std::move(text)};
}

}  // namespace switchboard::ctl
