#include <cstdio>
#include <exception>
#include <string_view>

#include <CLI/CLI.hpp>

#include "tools/switchboardctl/command_line.hpp"

namespace {

using namespace switchboard::ctl;

int finish(const outcome& what, bool as_json) {
  if (as_json) {
    std::fputs(envelope(what).c_str(), stdout);
  } else if (what) {
    std::fputs(what->text.c_str(), stdout);
  } else {
    std::fputs(what.error().text.c_str(), stdout);
    std::fputs(failure_text(what.error()).c_str(), stderr);
  }
  return static_cast<int>(what ? exit_code::ok : what.error().exit);
}

outcome run(const command_line& given) {
  try {
    return given.run();
  } catch (const std::exception& e) {
    return tl::unexpected(failure{exit_code::failed, "internal", e.what(), {}, {}});
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
  command_line given;
  auto app = declare_commands(given);
  try {
    app->parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    bool asked_for = e.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success);
    if (asked_for) return app->exit(e);
    if (wants_json(argc, argv)) {
      return finish(tl::unexpected(failure{exit_code::usage, "usage", e.what(), {}, {}}), true);
    }
    app->exit(e);
    return static_cast<int>(exit_code::usage);
  }
  return finish(run(given), given.as_json);
}
