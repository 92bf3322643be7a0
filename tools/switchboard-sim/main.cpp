#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>

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
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    bool asked_for = e.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success);
    auto code = app.exit(e);
    return asked_for ? code : 2;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "switchboard-sim: %s\n", e.what());
    return 1;
  }
  return exit_code;
}
