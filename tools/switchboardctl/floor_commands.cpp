#include "tools/switchboardctl/floor_commands.hpp"

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
  const auto n = number(*answer, "sessions");
  auto text = std::to_string(n) + (n == 1 ? " session of " : " sessions of ") + what.agent +
              " asked to move\n";
  return report{std::move(*answer), std::move(text)};
}

outcome list_messages(control_client& daemon, const std::string& group) {
  json params{{"limit", 200}};
  if (!group.empty()) params["group"] = group;
  auto answer = daemon.call("message.list", params);
  if (!answer) return tl::unexpected(answer.error());
  terminal::text_table table({{"SESSION"},
                              {"GROUP", terminal::text_table::align::left, 20},
                              {"CHANNEL", terminal::text_table::align::left, 20},
                              {"AGE", terminal::text_table::align::right},
                              {"CLAIMED BY"},
                              {"SUBJECT"}});
  for (auto& m : part(*answer, "messages")) {
    table.add({shown(m, "session_id"), shown(m, "group"), shown(m, "channel"),
               shown_age(m, "left_at"), shown(part(m, "claimed_by"), "id"), shown(m, "subject")});
  }
  auto text = table.text() + std::to_string(table.rows()) + " open\n";
  return report{std::move(*answer), std::move(text)};
}

}  // namespace switchboard::ctl
