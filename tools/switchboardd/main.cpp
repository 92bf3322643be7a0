#include <cstdio>
#include <iostream>

#include <CLI/CLI.hpp>

#include "config/options_loader.hpp"
#include "tools/switchboardd/daemon.hpp"

int main(int argc, char** argv) {
  CLI::App app{"Switchboard, the dispatch engine for customer service", "switchboardd"};
  std::string file;
  std::vector<std::string> settings;
  bool check = false;
  app.add_option("--config", file, "the daemon's options (YAML)")->required();
  app.add_option("--set", settings, "one option over the file's: limits.window=64");
  app.add_flag("--check-config", check, "load and check everything, say what is wrong, and exit");
  app.footer(switchboard::config::options_help());
  CLI11_PARSE(app, argc, argv);

  auto plan = switchboard::load_plan(file, settings);
  if (!plan) {
    std::cerr << switchboard::config::to_string(plan.error());
    return 1;
  }
  if (check) {
    std::printf("%s: %zu groups, %zu agents, %zu channels, %zu rules: all right\n", file.c_str(), plan->dispatch->groups.size(),
                plan->dispatch->agents.size(), plan->dispatch->channels.size(), plan->dispatch->rules.size());
    return 0;
  }
  return switchboard::serve(*plan);
}
