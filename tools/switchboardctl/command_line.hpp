#pragma once

#include <functional>
#include <memory>
#include <string>

#include "tools/switchboardctl/control_client.hpp"

namespace CLI {
class App;
}

namespace switchboard::ctl {

/// What the command line said, once parsed: the command to run, and how to show what it finds.
struct command_line {
  control_options control;
  bool as_json = false;
  /// Looked at again and again, at this interval; 0: once.
  millis every{0};
  std::function<outcome()> run;
};

/// Declares options and commands; parsing fills `into`, which must outlive the result.
std::unique_ptr<CLI::App> declare_commands(command_line& into);
/// Titles, descriptions and footers in the language spoken, those of all commands below too.
void say_in_language(CLI::App& app);

}  // namespace switchboard::ctl
