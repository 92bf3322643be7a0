#include "tools/switchboardctl/why_command.hpp"

#include <map>

#include "tools/switchboardctl/field_text.hpp"
#include "tools/switchboardctl/live_commands.hpp"
#include "tools/switchboardctl/text_table.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::ctl {
namespace {

using terminal::printable;

/// The clause that kept an agent out, in a leader's words.
std::string because(const std::string& clause) {
  static const std::map<std::string, std::string> words{
      {"member", "is not in the group"},
      {"online", "is not online"},
      {"skill", "lacks a skill it needs"},
      {"room", "has no room"},
      {"asked", "was asked in this round already"},
      {"sticky", "it waits for somebody else first"},
      {"ramp", "has had a share of this minute"},
      {"reserved_room", "keeps room for an older one"}};
  const auto at = words.find(clause);
  return at == words.end() ? clause : at->second;
}

std::string need_text(const json& step) {
  std::string out;
  for (auto& s : part(part(step, "need"), "skills")) {
    out += (out.empty() ? ", with " : " and ") + shown(s, "skill") + " " + shown(s, "level");
  }
  return out;
}

std::string steps_text(const json& a) {
  std::string out;
  std::int64_t n = 0;
  for (auto& step : part(a, "steps")) {
    ++n;
    const bool here = n == number(a, "step") && shown(a, "state") != "identifying";
    out += std::string(here ? "  > " : "    ") + std::to_string(n) + ". ";
    if (step.value("leave_message", false))
      out += "leave a message";
    else
      out += printable(shown(step, "groups")) + need_text(step);
    if (number(step, "wait_ms") > 0)
      out += ", at most " + terminal::span_text(number(step, "wait_ms"));
    if (step.value("widen", false)) out += ", and the queues before";
    if (step.value("owned", false)) out += ", for the agent who served last";
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
  auto out = "group " + printable(shown(q, "group")) + ": " + shown(q, "standing");
  if (!q.contains("position")) return out + '\n';
  out += ", position " + shown(q, "position") + ", chosen by " + shown(q, "strategy");
  if (!q.value("open", true)) out += ", the group is closed";
  if (q.contains("eta") && q["eta"].is_object()) {
    out += ", estimated " + shown_span(q["eta"], "p50_ms") + " (9 of 10 within " +
           shown_span(q["eta"], "p90_ms") + ")";
  }
  out += '\n';
  if (number(q, "eligible_count") > 0) {
    out += "  could take it: " + names_text(part(q, "eligible")) + '\n';
  } else {
    out += "  nobody can take it now:\n";
  }
  for (auto& r : part(q, "rejected")) {
    out += "    " + printable(shown(r, "agent")) + ' ' + because(shown(r, "clause")) + '\n';
  }
  if (!part(q, "unblocks").empty()) out += "  it goes on with\n";
  for (auto& u : part(q, "unblocks")) out += "    " + printable(u.get<std::string>()) + '\n';
  return out;
}

std::string decision_text(const json& d) {
  if (shown(d, "strategy") == "-") return {};
  auto out = "chosen by " + shown(d, "strategy") + ": " + printable(shown(d, "winner_key"));
  if (shown(d, "runner_up") != "-") {
    out += "; before " + printable(shown(d, "runner_up")) + " (" +
           printable(shown(d, "runner_up_key")) + ")";
  }
  out += "; " + shown(d, "eligible") + " could have taken it, by version " +
         shown(d, "rules_version") + '\n';
  for (auto& r : part(d, "rejected")) {
    out += "    " + printable(shown(r, "agent")) + ' ' + because(shown(r, "clause")) + '\n';
  }
  return out;
}

}  // namespace

std::string why_text(const json& a) {
  auto out = "session " + shown(a, "session_id") + " is " + shown(a, "state") + " since " +
             shown_age(a, "since") + ", opened " + shown_age(a, "opened_at") + " ago";
  if (shown(a, "agent") != "-") out += ", served by " + printable(shown(a, "agent"));
  out += '\n';
  if (shown(a, "rule") != "-") {
    out += "rule \"" + printable(shown(a, "rule")) + "\" of version " + shown(a, "rules_version");
    if (number(a, "priority") != 0) out += ", priority " + shown(a, "priority");
    out += '\n';
    for (auto& reason : part(a, "why")) out += "  " + printable(reason.get<std::string>()) + '\n';
    out += "steps\n" + steps_text(a);
  }
  for (auto& q : part(a, "queues")) out += queue_text(q);
  if (a.contains("decision")) out += decision_text(a["decision"]);
  if (!part(a, "story").empty()) out += "story\n";
  for (auto& s : part(a, "story")) {
    out += "  " + terminal::padded(moment_text(number(s, "at")), 10) +
           terminal::padded(shown(s, "what"), 12) + printable(shown(s, "text")) + '\n';
  }
  return out;
}

outcome explain_session(control_client& daemon, const std::string& session) {
  auto answer = daemon.call("admin.why", json{{"session_id", session}});
  if (!answer) return tl::unexpected(answer.error());
  auto text = why_text(*answer);
  return report{std::move(*answer), std::move(text)};
}

}  // namespace switchboard::ctl
