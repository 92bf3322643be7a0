#include "tools/switchboardctl/operations_commands.hpp"

#include "tools/switchboardctl/field_text.hpp"
#include "tools/switchboardctl/text_table.hpp"

namespace switchboard::ctl {

outcome bump_session(control_client& daemon, const bump_options& what) {
  auto answer = daemon.call(
      "admin.bump",
      json{{"session_id", what.session}, {"priority", what.priority}, {"reason", what.reason}});
  if (!answer) return tl::unexpected(answer.error());
  return report{std::move(*answer), "session " + what.session + " has priority " +
                                        std::to_string(what.priority) + " now\n"};
}

outcome force_agent_state(control_client& daemon, const agent_order& what) {
  auto answer =
      daemon.call("admin.agent_state",
                  json{{"agent", what.agent}, {"state", what.state}, {"reason", what.reason}});
  if (!answer) return tl::unexpected(answer.error());
  return report{std::move(*answer), "agent " + what.agent + " is " + what.state + " now\n"};
}

outcome move_agent_sessions(control_client& daemon, const agent_order& what) {
  json params{{"agent", what.agent}, {"reason", what.reason}};
  if (!what.to_group.empty()) params["to_group"] = what.to_group;
  if (!what.to_agent.empty()) params["to_agent"] = what.to_agent;
  auto answer = daemon.call("admin.agent_move", params);
  if (!answer) return tl::unexpected(answer.error());
  const auto n = number(*answer, "sessions"), asked = number(*answer, "asked");
  auto text = std::to_string(n) + (n == asked ? "" : " of " + std::to_string(asked)) +
              (asked == 1 ? " session of " : " sessions of ") + what.agent + " moved\n";
  for (auto& s : part(*answer, "stayed"))
    text += shown(s, "session_id") + " stays: " + shown(s, "message") + "\n";
  return report{std::move(*answer), std::move(text)};
}

std::string messages_text(const json& answer) {
  terminal::text_table table({{"SESSION"},
                              {"GROUP", terminal::text_table::align::left, 20},
                              {"CHANNEL", terminal::text_table::align::left, 20},
                              {"AGE", terminal::text_table::align::right},
                              {"CLAIMED BY"},
                              {"SUBJECT"}});
  for (auto& m : part(answer, "messages")) {
    table.add({shown(m, "session_id"), shown(m, "group"), shown(m, "channel"),
               shown_age(m, "left_at"), shown(part(m, "claimed_by"), "id"), shown(m, "subject")});
  }
  const auto rows = static_cast<std::int64_t>(table.rows());
  auto text = table.text();
  // The first page says how many there are; a later one knows only of itself.
  if (!answer.contains("open"))
    text += terminal::count_text(rows) + " more\n";
  else if (number(answer, "open") > rows)
    text += terminal::count_text(rows) + " of " + terminal::count_text(number(answer, "open")) +
            " open\n";
  else
    text += terminal::count_text(rows) + " open\n";
  if (answer.value("more", false)) text += "more: --after " + shown(answer, "cursor") + '\n';
  return text;
}

outcome list_messages(control_client& daemon, const message_filter& which) {
  json params{{"limit", which.limit}};
  if (!which.group.empty()) params["group"] = which.group;
  if (!which.after.empty()) params["after"] = which.after;
  auto answer = daemon.call("message.list", params);
  if (!answer) return tl::unexpected(answer.error());
  auto text = messages_text(*answer);
  return report{std::move(*answer), std::move(text)};
}

}  // namespace switchboard::ctl
