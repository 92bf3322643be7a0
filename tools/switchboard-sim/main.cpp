#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>

#include "tools/command_line/program_line.hpp"
#include "tools/switchboard-sim/run_command.hpp"
#include "tools/switchboard-sim/verify_command.hpp"

int main(int argc, char** argv) {
  CLI::App app{"Switchboard in virtual time", "switchboard-sim"};
  app.require_subcommand(1);
  // What the command on the line came to; set where it runs.
  int exit_code = 0;
  switchboard::sim::add_verify(app, exit_code);
  switchboard::sim::add_run(app, exit_code);
  switchboard::sim::add_compare(app, exit_code);
  switchboard::command_line::describe(
      app,
      {{"switchboard-sim run model.yaml", "what waits, services and agents come to in a model"},
       {"switchboard-sim compare model.yaml dispatch.yaml", "the same under other rules"},
       {"switchboard-sim verify --seeds 200", "the whole daemon with faults, checked"}});
  try {
    if (auto ended = switchboard::command_line::parse(app, argc, argv)) return *ended;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "switchboard-sim: %s\n", e.what());
    return 1;
  }
  return exit_code;
}
