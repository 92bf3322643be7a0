#include <cstdio>
#include <iostream>
#include <sys/stat.h>

#include <CLI/CLI.hpp>

#include "config/options_loader.hpp"
#include "tools/command_line/program_line.hpp"
#include "tools/switchboardd/daemon.hpp"
#include "tools/switchboardd/first_start.hpp"
#include "tools/switchboardd/signals.hpp"

namespace {

/// One line, and where more is to be read.
int refuse_usage(const std::string& why) {
  std::fprintf(stderr, "switchboardd: %s (switchboardd --help says more)\n", why.c_str());
  return switchboard::command_line::usage_code;
}

int check_only(const std::string& file, const switchboard::daemon_plan& plan) {
  if (!plan.dispatch) {
    std::cerr << switchboard::config::to_string(plan.dispatch_errors);
    return 1;
  }
  auto& d = *plan.dispatch;
  std::printf("%s: %zu groups, %zu agents, %zu channels, %zu rules: all right\n", file.c_str(),
              d.groups.size(), d.agents.size(), d.channels.size(), d.rules.size());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  // Before any thread, and before the files are read: a signal that comes early waits until the
  // daemon is ready for it.
  switchboard::hold_signals();
  // Whatever it makes, customers' words may lie in it: its account's alone.
  ::umask(S_IRWXG | S_IRWXO);
  CLI::App app{"Switchboard, the dispatch engine for customer service", "switchboardd"};
  switchboard::first_start start;
  std::vector<std::string> settings;
  bool check = false, demo = false;
  auto* config = app.add_option("--config", start.options_file,
                                "the daemon's options (YAML); without it, an empty shop in "
                                "$XDG_STATE_HOME/switchboard or ./switchboard-data");
  app.add_flag("--demo", demo, "the demo's shop, with data of its own")->excludes(config);
  app.add_option("--set", settings, "one option over the file's: limits.window=64");
  app.add_flag("--check-config", check, "load and check everything, say what is wrong, and exit")
      ->needs(config);
  switchboard::command_line::describe(
      app,
      {{"switchboardd", "an empty shop here; says how to go on"},
       {"switchboardd --demo", "the demo's shop; then switchboard-demo plays in it"},
       {"switchboardd --config /etc/switchboard/switchboardd.yaml", "as the service does"},
       {"switchboardd --config FILE --check-config", "what is wrong with it"}},
      switchboard::config::options_help());
  if (auto ended = switchboard::command_line::parse(app, argc, argv)) return *ended;
  // Nothing is served then that a signal would cut short.
  if (check) switchboard::release_signals();
  for (auto& s : settings) {
    switchboard::config::daemon_options tried;
    if (auto wrong = switchboard::config::set_option(tried, s); !wrong.empty())
      return refuse_usage("--set " + s + ": " + wrong);
  }

  if (start.options_file.empty()) {
    auto made = demo ? switchboard::start_of_demo() : switchboard::start_of_empty_shop();
    if (!made) {
      std::fprintf(stderr, "switchboardd: %s\n", made.error().message.c_str());
      return 1;
    }
    start = std::move(*made);
  }
  // What is typed counts over what the start brings.
  start.settings.insert(start.settings.end(), settings.begin(), settings.end());

  auto plan = switchboard::load_plan(start.options_file, start.settings);
  if (!plan) {
    std::cerr << switchboard::config::to_string(plan.error());
    return 1;
  }
  plan->welcome = std::move(start.welcome);
  return check ? check_only(start.options_file, *plan) : switchboard::serve(*plan);
}
