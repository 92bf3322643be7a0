#include "tools/switchboardctl/operations_command_line.hpp"

#include "tools/switchboardctl/command_declaring.hpp"
#include "tools/switchboardctl/operations_commands.hpp"
#include "tools/switchboardctl/why_command.hpp"

namespace switchboard::ctl {
namespace {

void declare_messages(CLI::App& app, command_line& into) {
  auto* messages =
      app.add_subcommand("messages", "Messages left while nobody was there: list, answer, dismiss");
  auto which = std::make_shared<message_filter>();
  messages->add_option("--group", which->group, "Of one group [all]");
  messages->add_option("--limit", which->limit, "At most so many [50]")->check(CLI::Range(1, 200));
  messages->add_option("--after", which->after, "Goes on where an earlier list ended");
  watchable(messages, into);
  messages->callback([messages, which, &into] {
    if (messages->get_subcommands().empty())
      ask_daemon(into, [which](control_client& d) { return list_messages(d, *which); });
  });

  constexpr auto one = "The session it was left in: its id, or its last characters";
  auto* answer = messages->add_subcommand("answer", "Answers one, on the channel it came by");
  auto reply = std::make_shared<message_order>();
  answer->add_option("SESSION", reply->session, one)->required();
  answer->add_option("TEXT", reply->text, "What the customer reads")->required();
  when_asked(answer, into, [reply](control_client& d) { return answer_message(d, *reply); });

  auto* dismiss = messages->add_subcommand("dismiss", "Settles one without an answer");
  auto order = std::make_shared<message_order>();
  dismiss->add_option("SESSION", order->session, one)->required();
  dismiss->add_option("--reason", order->text, "Why, on record")->required();
  when_asked(dismiss, into, [order](control_client& d) { return dismiss_message(d, *order); });
}

}  // namespace

void declare_operations(CLI::App& app, command_line& into) {
  auto* why = app.add_subcommand("why", "Why a session is where it is, and what would let it go");
  auto id = std::make_shared<std::string>();
  why->add_option("SESSION", *id,
                  "The session: its id, the beginning of it, or its last characters")
      ->required();
  watchable(why, into);
  when_asked(why, into, [id](control_client& daemon) { return explain_session(daemon, *id); });

  auto* bump = app.add_subcommand("bump", "Puts a waiting session before others");
  auto what = std::make_shared<bump_options>();
  bump->add_option("SESSION", what->session,
                   "The session: its id, the beginning of it, or its last characters")
      ->required();
  bump->add_option("--reason", what->reason, "Why, on record")->required();
  bump->add_option("--priority", what->priority, "A minute of waiting each [100]")
      ->check(CLI::Range(-100, 1'000));
  when_asked(bump, into, [what](control_client& daemon) { return bump_session(daemon, *what); });

  declare_messages(app, into);
  auto* agent = app.add_subcommand(
      "agent", "Forces an agent's state, moves an agent's sessions, shows times");
  agent->require_subcommand(1);
  auto order = std::make_shared<agent_order>();
  auto* state =
      agent->add_subcommand("state", "offline sends the agent's sessions back to their queues");
  state->add_option("ID", order->agent, "The agent")->required();
  state->add_option("STATE", order->state, "online, away, busy, draining or offline")->required();
  state->add_option("--reason", order->reason, "Why, on record")->required();
  when_asked(state, into,
             [order](control_client& daemon) { return force_agent_state(daemon, *order); });
  auto* move = agent->add_subcommand("move", "Hands on all sessions the agent serves");
  move->add_option("ID", order->agent, "The agent")->required();
  move->add_option("--reason", order->reason, "Why, on record")->required();
  auto* to_group = move->add_option("--group", order->to_group, "To this group [by the rules]");
  move->add_option("--agent", order->to_agent, "To this agent")->excludes(to_group);
  when_asked(move, into,
             [order](control_client& daemon) { return move_agent_sessions(daemon, *order); });
}

}  // namespace switchboard::ctl
