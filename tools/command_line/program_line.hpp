#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

/// What the command lines of all programs have in common.
namespace switchboard::command_line {

/// 2, as all programs end after wrong words.
inline constexpr int usage_code = 2;

/// A line as it is typed, and what comes of it.
struct example {
  std::string line, what;
};

/// Gives a program --version, and its --help examples and closing words.
void describe(CLI::App& app, const std::vector<example>& examples, const std::string& closing = {});

/// What is wrong with the words given, in one line; of a word that is none of the program's, the
/// one perhaps meant. After a parse that ended with `e`.
std::string complaint(const CLI::App& app, const CLI::ParseError& e);

/// Nothing where the program is to run; else its exit code, all being said: 0 after --help and
/// --version, `usage_code` after wrong words.
std::optional<int> parse(CLI::App& app, int argc, char** argv);

}  // namespace switchboard::command_line
