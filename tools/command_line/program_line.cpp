#include "tools/command_line/program_line.hpp"

#include <algorithm>
#include <cstdio>

#include "runtime/base/text.hpp"
#include "tools/command_line/version.hpp"

namespace switchboard::command_line {
namespace {

/// The program and the commands given, from the outside in.
std::vector<const CLI::App*> commands_given(const CLI::App& app) {
  std::vector<const CLI::App*> out{&app};
  for (auto below = app.get_subcommands(); !below.empty();
       below = below.front()->get_subcommands()) {
    out.push_back(below.front());
  }
  return out;
}

std::string with_hint(std::string text, std::string_view word,
                      const std::vector<std::string>& names) {
  if (auto near = nearest_name(word, names); !near.empty()) text += "; did you mean " + near + "?";
  return text;
}

std::string no_such_option(const std::vector<const CLI::App*>& commands, std::string word) {
  word = word.substr(0, word.find('='));
  std::vector<std::string> names;
  for (auto* command : commands) {
    for (auto* option : command->get_options()) {
      for (auto& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return with_hint("there is no option " + word, word, names);
}

std::vector<std::string> commands_below(const CLI::App& command) {
  std::vector<std::string> names;
  for (auto* below : command.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(below->get_name());
  return names;
}

}  // namespace

void describe(CLI::App& app, const std::vector<example>& examples, const std::string& closing) {
  app.set_version_flag("--version", app.get_name() + ' ' + std::string(version()),
                       "Says the version and ends");
  std::string footer = "Examples:\n";
  for (auto& e : examples) footer += "  " + e.line + "\n      " + e.what + '\n';
  if (!closing.empty()) footer += '\n' + closing;
  app.footer(footer);
}

std::string complaint(const CLI::App& app, const CLI::ParseError& e) {
  const auto commands = commands_given(app);
  const auto unknown = app.remaining(true);
  if (!unknown.empty()) {
    auto& word = unknown.front();
    if (word.starts_with('-') && word.size() > 1) return no_such_option(commands, word);
    if (auto names = commands_below(*commands.back()); !names.empty())
      return with_hint("there is no command \"" + word + '"', word, names);
  }
  std::string text = e.what();
  std::ranges::replace(text, '\n', ' ');
  return text;
}

std::optional<int> parse(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked_for) {
    return app.exit(asked_for);
  } catch (const CLI::ParseError& e) {
    auto name = app.get_name().c_str();
    std::fprintf(stderr, "%s: %s (%s --help says more)\n", name, complaint(app, e).c_str(), name);
    return usage_code;
  }
  return std::nullopt;
}

}  // namespace switchboard::command_line
