#include "tools/switchboardctl/command_line.hpp"

#include <CLI/CLI.hpp>

#include "config/quantity.hpp"
#include "tools/switchboardctl/account_command_line.hpp"
#include "tools/switchboardctl/cel_command.hpp"
#include "tools/switchboardctl/command_declaring.hpp"
#include "tools/switchboardctl/customer_command_line.hpp"
#include "tools/switchboardctl/inspection_command_line.hpp"
#include "tools/switchboardctl/live_commands.hpp"
#include "tools/switchboardctl/offline_commands.hpp"
#include "tools/switchboardctl/operations_command_line.hpp"
#include "tools/switchboardctl/rules_command_line.hpp"

namespace switchboard::ctl {
namespace {

constexpr auto footer =
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no daemon answers, 4 no answer in time.\n"
    "With -o json the standard output is one line: {\"version\":1,\"ok\":true,\"data\":...} or\n"
    "{\"version\":1,\"ok\":false,\"error\":{\"code\":...,\"message\":...}}.\n"
    "The socket is --socket, $SWITCHBOARD_SOCKET, or the first that is there of\n"
    "data/control.sock, data/demo/control.sock, /run/switchboard/control.sock.";

void declare_live(CLI::App& app, command_line& into) {
  when_asked(app.add_subcommand("status", "The daemon as a whole: counts, journal, actors"), into,
             show_status);

  auto* sessions = app.add_subcommand("sessions", "Live sessions");
  auto filter = std::make_shared<session_filter>();
  sessions->add_option("--state", filter->state, "identifying, waiting, offered, active, ...");
  sessions->add_option("--limit", filter->limit, "At most so many [100]")
      ->check(CLI::Range(1, 10'000));
  when_asked(sessions, into,
             [filter](control_client& daemon) { return list_sessions(daemon, *filter); });

  auto* session = app.add_subcommand("session", "One session, with why it is where it is");
  auto id = std::make_shared<std::string>();
  session->add_option("ID", *id, "The session's id")->required();
  when_asked(session, into, [id](control_client& daemon) { return show_session(daemon, *id); });

  when_asked(app.add_subcommand("agents", "Agents: presence and capacity in use"), into,
             list_agents);
  when_asked(app.add_subcommand("groups", "Skill groups: who waits, who is there"), into,
             list_groups);
  when_asked(app.add_subcommand("centers", "Member, tag, product, trade: calls, breaker, trouble"),
             into, list_centers);

  auto* backup =
      app.add_subcommand("backup", "Copies the running daemon's data, to start one from");
  auto dir = std::make_shared<std::string>();
  backup->add_option("DIR", *dir, "An empty folder, or one to be made, on the daemon's machine")
      ->required();
  when_asked(backup, into, [dir](control_client& daemon) { return make_backup(daemon, *dir); });

  auto* actors = app.add_subcommand("actors", "The running actors, by kind");
  auto which = std::make_shared<actor_filter>();
  actors->add_option("--kind", which->kind, "session, agent, skill_group, router, ...");
  actors->add_option("--limit", which->limit, "At most so many [50]")->check(CLI::Range(1, 1'000));
  when_asked(actors, into, [which](control_client& daemon) { return list_actors(daemon, *which); });
}

void declare_import(CLI::App& app, command_line& into) {
  auto* center = app.add_subcommand("center", "The embedded centers");
  center->require_subcommand(1);
  auto* import = center->add_subcommand("import", "Fills a center from a file: all or nothing");
  auto options = std::make_shared<import_options>();
  import->add_option("KIND", options->kind, "member, tag, product or trade")->required();
  import->add_option("FILE", options->file, "CSV or JSON Lines")->required();
  import->add_option("--format", options->format, "csv or jsonl [by the file's name]");
  import->add_option("--dir", options->dir, "The centers' folder");
  import->add_option("--config", options->config, "The daemon's options, which name the folder");
  import->add_flag("--replace", options->replace, "Keep nothing but what the file brings");
  when_given(import, into, [options] { return import_file(*options); });
}

void declare_offline(CLI::App& app, command_line& into) {
  declare_import(app, into);

  auto* cel = app.add_subcommand("cel", "Evaluates a CEL expression, as rules are written in");
  struct cel_options {
    std::string expression, variables, conformance;
  };
  auto options = std::make_shared<cel_options>();
  auto* expression = cel->add_option("EXPR", options->expression, "The expression");
  cel->add_option("--vars", options->variables, "Variables: a JSON object");
  cel->add_option("--conformance", options->conformance, "Runs cases from a JSON Lines file")
      ->excludes(expression);
  when_given(cel, into, [options]() -> outcome {
    if (!options->conformance.empty()) return run_cel_conformance(options->conformance);
    if (!options->expression.empty()) return evaluate_cel(options->expression, options->variables);
    return tl::unexpected(
        failure{exit_code::usage, "usage", "give EXPR or --conformance FILE", {}, {}});
  });

  auto* check = app.add_subcommand("check-config", "Checks options and dispatch; changes nothing");
  auto path = std::make_shared<std::string>();
  check->add_option("FILE", *path, "switchboardd.yaml or dispatch.yaml")->required();
  when_given(check, into, [path] { return check_config(*path); });

  auto* store = app.add_subcommand("store", "A store that is not running");
  store->require_subcommand(1);
  auto* verify = store->add_subcommand(
      "verify", "Reads every page, record, value and file of it, and the centers");
  auto where = std::make_shared<verify_options>();
  verify->add_option("DIR", where->dir, "The daemon's data_dir or data_dir/store, or a backup's")
      ->required();
  verify->add_option("--centers", where->centers,
                     "centers.dir, where it does not lie beside the store");
  when_given(verify, into, [where] { return verify_store(*where); });
}

}  // namespace

std::unique_ptr<CLI::App> declare_commands(command_line& into) {
  auto app = std::make_unique<CLI::App>("Looks into a running switchboardd, and prepares its data",
                                        "switchboardctl");
  app->footer(footer);
  app->require_subcommand(1);
  app->fallthrough();
  app->add_option("--socket", into.control.socket, "The daemon's control socket");
  app->add_option_function<std::string>(
      "--timeout",
      [&into](const std::string& text) {
        auto span = config::parse_duration(text);
        if (!span || span->count() <= 0)
          throw CLI::ValidationError("--timeout", "expected 5s, 300ms");
        into.control.timeout = *span;
      },
      "How long to wait for an answer [5s]");
  app->add_option_function<std::string>(
         "-o,--output", [&into](const std::string& text) { into.as_json = text == "json"; },
         "table or json [table]")
      ->check(CLI::IsMember({"table", "json"}));
  declare_live(*app, into);
  declare_inspection(*app, into);
  declare_rules(*app, into);
  declare_operations(*app, into);
  declare_accounts(*app, into);
  declare_customers(*app, into);
  declare_offline(*app, into);
  for (auto* sub : app->get_subcommands({})) {
    sub->fallthrough();
    for (auto* below : sub->get_subcommands({})) below->fallthrough();
  }
  return app;
}

}  // namespace switchboard::ctl
