#include "tools/switchboardctl/session_command_line.hpp"

#include "tools/switchboardctl/command_declaring.hpp"
#include "tools/switchboardctl/session_commands.hpp"

namespace switchboard::ctl {
namespace {

constexpr auto which = "The session: its id, the beginning of it, or its last characters";
constexpr auto why = "Why, on record";

std::shared_ptr<session_order> declared(CLI::App* sub) {
  auto order = std::make_shared<session_order>();
  sub->add_option("SESSION", order->session, which)->required();
  return order;
}

void declare_moving(CLI::App* session, command_line& into) {
  auto* move = session->add_subcommand(
      "move", "To another group or agent, from who serves it or from its queue");
  auto way = declared(move);
  auto* group = move->add_option("--group", way->to_group, "To this group [by the rules]");
  move->add_option("--agent", way->to_agent, "To this agent")->excludes(group);
  move->add_option("--reason", way->reason, why)->required();
  when_asked(move, into, [way](control_client& d) { return move_session(d, *way); });

  auto* assign =
      session->add_subcommand("assign", "Gives it to an agent, also one that a colleague serves");
  auto given = declared(assign);
  assign->add_option("AGENT", given->to_agent, "The agent")->required();
  assign->add_option("--reason", given->reason, why)->required();
  when_asked(assign, into, [given](control_client& d) { return assign_session(d, *given, false); });

  auto* claim = session->add_subcommand("claim", "Takes a waiting one for yourself");
  auto own = declared(claim);
  claim->add_option("--agent", own->to_agent, "The agent that you are")->required();
  own->reason = "claimed";
  claim->add_option("--reason", own->reason, why);
  when_asked(claim, into, [own](control_client& d) { return assign_session(d, *own, true); });
}

}  // namespace

void declare_sessions(CLI::App& app, command_line& into) {
  auto* sessions =
      app.add_subcommand("sessions", "Live sessions: who waits, in which order, who is served");
  auto filter = std::make_shared<session_filter>();
  sessions->add_option("--state", filter->state, "identifying, waiting, offered, active, ...");
  sessions->add_option("--group", filter->group, "Of one group [all]");
  sessions->add_option("--limit", filter->limit, "At most so many [100]")
      ->check(CLI::Range(1, 10'000));
  watchable(sessions, into);
  when_asked(sessions, into, [filter](control_client& d) { return list_sessions(d, *filter); });

  auto* session = app.add_subcommand(
      "session", "One session: as it is, what was said, close, move, assign, claim");
  // `session ID` shows it, as `session show ID` does.
  auto id = std::make_shared<std::string>();
  session->add_option("SESSION", *id, which);
  watchable(session, into);
  session->callback([session, id, &into] {
    if (!session->get_subcommands().empty()) return;
    if (id->empty()) throw CLI::RequiredError("SESSION");
    ask_daemon(into, [id](control_client& d) { return show_session(d, *id); });
  });

  auto* transcript = session->add_subcommand("transcript", "What was said and done in it");
  auto read = std::make_shared<std::string>();
  transcript->add_option("SESSION", *read, which)->required();
  watchable(transcript, into);
  when_asked(transcript, into, [read](control_client& d) { return show_transcript(d, *read); });

  auto* close = session->add_subcommand("close", "Ends it");
  auto end = declared(close);
  close->add_option("--reason", end->reason, why)->required();
  close->add_option("--disposition", end->disposition, "How it ended, of the group's list");
  when_asked(close, into, [end](control_client& d) { return close_session(d, *end); });
  declare_moving(session, into);
}

}  // namespace switchboard::ctl
