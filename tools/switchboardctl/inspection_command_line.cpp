#include "tools/switchboardctl/inspection_command_line.hpp"

#include "tools/switchboardctl/command_declaring.hpp"
#include "tools/switchboardctl/inspection/inspection_commands.hpp"

namespace switchboard::ctl {

void declare_inspection(CLI::App& app, command_line& into) {
  auto* top =
      app.add_subcommand("top", "What the actors do, live: busiest kinds, messages, actors");
  auto how = std::make_shared<top_options>();
  top->add_flag("-1,--once", how->once, "One frame, and the end");
  top->add_option("--columns", how->columns, "As if the terminal were so wide")
      ->check(CLI::Range(40, 1'000));
  top->add_option("--rows", how->rows, "As if it were so high")->check(CLI::Range(10, 1'000));
  when_asked(top, into, [how](control_client& daemon) { return show_top(daemon, *how); });

  when_asked(app.add_subcommand("doctor", "What is wrong and what to do about it, worst first"),
             into, run_doctor);

  auto key = std::make_shared<std::string>();
  auto* find = app.add_subcommand("find", "Whatever a key means: session, customer, agent, group");
  find->add_option("KEY", *key, "An id or its beginning, a phone, an e-mail address, a name")
      ->required();
  when_asked(find, into, [key](control_client& daemon) { return find_key(daemon, *key); });

  auto* actor = app.add_subcommand("actor", "One actor from inside");
  actor->add_option("KIND:KEY", *key, "session:ID, agent:ID, group:ID, ...")->required();
  when_asked(actor, into, [key](control_client& daemon) { return show_actor(daemon, *key); });

  auto which = std::make_shared<latency_options>();
  auto* latency = app.add_subcommand("latency", "How long messages waited and took, by kind");
  latency->add_option("KIND", which->kind, "Of one kind of actor [all]");
  when_asked(latency, into,
             [which](control_client& daemon) { return show_latency(daemon, *which); });

  when_asked(app.add_subcommand("tree", "Which actors there are, and whom they answer to"), into,
             show_tree);
}

}  // namespace switchboard::ctl
