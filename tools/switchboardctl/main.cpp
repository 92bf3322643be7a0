#include <cstdio>
#include <exception>
#include <string_view>

#include <CLI/CLI.hpp>

#include "tools/command_line/program_line.hpp"
#include "tools/switchboardctl/command_line.hpp"
#include "tools/switchboardctl/language.hpp"
#include "tools/switchboardctl/terminal_style.hpp"
#include "tools/switchboardctl/watching.hpp"

namespace {

using namespace switchboard::ctl;

int run(const command_line& given) {
  try {
    return given.every > switchboard::millis{0} ? watch(given) : show(given.run(), given.as_json);
  } catch (const std::exception& e) {
    return show(tl::unexpected(failure{exit_code::failed, "internal", e.what(), {}, {}}),
                given.as_json);
  }
}

/// Whether the envelope is asked for, where the line as a whole could not be parsed.
bool wants_json(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    std::string_view word = argv[i];
    if (word == "-ojson" || word == "--output=json") return true;
    bool named = word == "-o" || word == "--output";
    if (named && i + 1 < argc && std::string_view(argv[i + 1]) == "json") return true;
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  // Scripts compare what they read.
  speak(wants_json(argc, argv) ? language::english : language_of_environment());
  switchboard::terminal::use_colours_of_terminal();
  command_line given;
  auto app = declare_commands(given);
  try {
    app->parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    bool asked_for = e.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success);
    if (asked_for) return app->exit(e);
    const auto why = switchboard::command_line::complaint(*app, e);
    const failure wrong{exit_code::usage, "usage", translated(why), {}, {}};
    if (wants_json(argc, argv)) return show(tl::unexpected(wrong), true);
    std::fputs((failure_text(wrong) + tr("Run with --help for more information.") + '\n').c_str(),
               stderr);
    return static_cast<int>(exit_code::usage);
  }
  return run(given);
}
