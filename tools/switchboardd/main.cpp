#include <cstdio>
#include <iostream>
#include <sys/stat.h>

#include <CLI/CLI.hpp>

#include "config/options_loader.hpp"
#include "tools/switchboardd/daemon.hpp"
#include "tools/switchboardd/signals.hpp"

namespace {

constexpr int bad_usage = 2;

/// One line, and where more is to be read.
int refuse_usage(const std::string& why) {
  std::fprintf(stderr, "switchboardd: %s (switchboardd --help says more)\n", why.c_str());
  return bad_usage;
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
  std::string file;
  std::vector<std::string> settings;
  bool check = false;
  app.add_option("--config", file, "the daemon's options (YAML)")->required();
  app.add_option("--set", settings, "one option over the file's: limits.window=64");
  app.add_flag("--check-config", check, "load and check everything, say what is wrong, and exit");
  app.footer(switchboard::config::options_help());
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    const bool asked_for = e.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success);
    return asked_for ? app.exit(e) : refuse_usage(e.what());
  }
  // Nothing is served then that a signal would cut short.
  if (check) switchboard::release_signals();
  for (auto& s : settings) {
    switchboard::config::daemon_options tried;
    if (auto wrong = switchboard::config::set_option(tried, s); !wrong.empty())
      return refuse_usage("--set " + s + ": " + wrong);
  }

  auto plan = switchboard::load_plan(file, settings);
  if (!plan) {
    std::cerr << switchboard::config::to_string(plan.error());
    return 1;
  }
  return check ? check_only(file, *plan) : switchboard::serve(*plan);
}
