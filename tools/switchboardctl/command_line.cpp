#include "tools/switchboardctl/command_line.hpp"

#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "config/quantity.hpp"
#include "tools/command_line/program_line.hpp"
#include "tools/switchboardctl/account_command_line.hpp"
#include "tools/switchboardctl/cel_command.hpp"
#include "tools/switchboardctl/command_declaring.hpp"
#include "tools/switchboardctl/customer_command_line.hpp"
#include "tools/switchboardctl/inspection_command_line.hpp"
#include "tools/switchboardctl/language.hpp"
#include "tools/switchboardctl/live_commands.hpp"
#include "tools/switchboardctl/offline_commands.hpp"
#include "tools/switchboardctl/operations_command_line.hpp"
#include "tools/switchboardctl/rules_command_line.hpp"
#include "tools/switchboardctl/sales_command_line.hpp"
#include "tools/switchboardctl/session_command_line.hpp"

namespace switchboard::ctl {
namespace {

constexpr millis usual_pause{2'000};

constexpr auto footer =
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no daemon answers, 4 no answer in time.\n"
    "With -o json the standard output is one line: {\"version\":1,\"ok\":true,\"data\":...} or\n"
    "{\"version\":1,\"ok\":false,\"error\":{\"code\":...,\"message\":...}}.\n"
    "The socket is --socket, $SWITCHBOARD_SOCKET, or the first that is there of\n"
    "data/control.sock, data/demo/control.sock, switchboard-data/control.sock,\n"
    "switchboard-demo-data/control.sock, /run/switchboard/control.sock.";

void declare_live(CLI::App& app, command_line& into) {
  auto look = [&](const char* name, const char* what, outcome (*command)(control_client&)) {
    auto* sub = app.add_subcommand(name, what);
    watchable(sub, into);
    when_asked(sub, into, command);
  };
  look("status", "The daemon as a whole: counts, journal, actors", show_status);

  look("agents", "Agents: presence and capacity in use", list_agents);
  look("groups", "Skill groups: who waits, who is there", list_groups);
  look("centers", "Member, tag, product, trade: calls, breaker, trouble", list_centers);

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
  watchable(actors, into);
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

/// In the order of a day at work.
void group_commands(CLI::App& app) {
  const std::pair<const char*, std::vector<const char*>> lists[] = {
      {"Look", {"status", "sessions", "why", "agents", "groups", "messages", "find"}},
      {"Lead", {"session", "bump", "agent", "group"}},
      {"Customers", {"customer", "segment", "campaign", "sales-channel", "lead"}},
      {"Configuration", {"rules", "accounts", "account", "hash-password", "check-config", "cel"}},
      {"Inside", {"doctor", "top", "actors", "actor", "latency", "tree", "centers"}},
      {"Upkeep", {"backup", "store", "center"}}};
  for (auto& [title, names] : lists) {
    for (auto* name : names) app.get_subcommand(name)->group(title);
  }
}

}  // namespace

void say_in_language(CLI::App& app) {
  if (spoken() == language::english) return;
  app.description(tr(app.get_description()));
  app.footer(tr(app.get_footer()));
  app.group(tr(app.get_group()));
  for (auto* word : {"Usage", "OPTIONS", "Positionals", "Options", "Subcommands", "SUBCOMMAND",
                     "SUBCOMMANDS", "REQUIRED", "Excludes"})
    app.get_formatter()->label(word, tr(word));
  for (auto* option : app.get_options()) {
    option->description(tr(option->get_description()));
    option->group(tr(option->get_group()));
  }
  for (auto* sub : app.get_subcommands({})) say_in_language(*sub);
}

void watchable(CLI::App* sub, command_line& into) {
  sub->add_flag_callback(
      "--watch", [&into] { into.every = std::max(into.every, usual_pause); },
      "Shows it again and again, until Ctrl-C");
  sub->add_option_function<std::string>(
      "--every",
      [&into](const std::string& text) {
        auto span = config::parse_duration(text);
        if (!span || *span < millis{100})
          throw CLI::ValidationError("--every", "expected 2s, 500ms");
        into.every = *span;
      },
      "How often --watch looks [2s]");
}

std::unique_ptr<CLI::App> declare_commands(command_line& into) {
  auto app = std::make_unique<CLI::App>("Looks into a running switchboardd, and prepares its data",
                                        "switchboardctl");
  switchboard::command_line::describe(
      *app,
      {{"switchboardctl status", "how the daemon is: sessions by state, journal, actors"},
       {"switchboardctl why SESSION", "why a session is where it is, and who could take it"},
       {"switchboardctl account create lin --groups general", "a new agent"},
       {"switchboardctl account token lin", "a token for it to log in with, shown this once"},
       {"switchboardctl rules apply dispatch.yaml --reason 'two more groups'",
        "another configuration, while it runs"}},
      footer);
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
  declare_sessions(*app, into);
  declare_operations(*app, into);
  declare_rules(*app, into);
  declare_accounts(*app, into);
  declare_customers(*app, into);
  declare_sales(*app, into);
  declare_live(*app, into);
  declare_inspection(*app, into);
  declare_offline(*app, into);
  group_commands(*app);
  for (auto* sub : app->get_subcommands({})) {
    sub->fallthrough();
    for (auto* below : sub->get_subcommands({})) below->fallthrough();
  }
  say_in_language(*app);
  return app;
}

}  // namespace switchboard::ctl
