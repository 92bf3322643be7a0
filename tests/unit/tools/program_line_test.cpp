#include "tools/command_line/program_line.hpp"

#include <gtest/gtest.h>

namespace switchboard::command_line {
namespace {

/// What is said of a line that a program of two commands is given.
std::string said_of(const std::string& line) {
  CLI::App app("A program", "program");
  describe(app, {{"program status", "says how it is"}});
  app.require_subcommand(1);
  std::string socket, id;
  app.add_option("--socket", socket);
  auto* status = app.add_subcommand("status");
  status->fallthrough();
  auto* group = app.add_subcommand("group");
  group->require_subcommand(1);
  group->add_subcommand("close")->add_option("ID", id)->required();
  try {
    app.parse(line);
  } catch (const CLI::ParseError& e) {
    return complaint(app, e);
  }
  return "";
}

TEST(program_line, a_command_misspelt_is_answered_with_the_one_perhaps_meant) {
  EXPECT_EQ(said_of("statsu"), "there is no command \"statsu\"; did you mean status?");
  EXPECT_EQ(said_of("group colse x"), "there is no command \"colse\"; did you mean close?");
  EXPECT_EQ(said_of("xyzzy"), "there is no command \"xyzzy\"");
}

TEST(program_line, an_option_misspelt_is_answered_with_the_one_perhaps_meant) {
  EXPECT_EQ(said_of("status --sokcet=x"), "there is no option --sokcet; did you mean --socket?");
  EXPECT_EQ(said_of("--verison"), "there is no option --verison; did you mean --version?");
  EXPECT_EQ(said_of("status --colour"), "there is no option --colour");
}

TEST(program_line, words_that_are_known_but_do_not_fit_are_complained_of_in_one_line) {
  EXPECT_EQ(said_of(""), "A subcommand is required");
  EXPECT_EQ(said_of("group close"), "ID is required");
  EXPECT_EQ(said_of("status"), "");
}

TEST(program_line, help_shows_what_can_be_typed) {
  CLI::App app("A program", "program");
  describe(app, {{"program status", "says how it is"}}, "Exit codes: 0 done.");
  const auto help = app.help();
  EXPECT_NE(help.find("Examples:\n  program status\n      says how it is\n"), std::string::npos)
      << help;
  EXPECT_NE(help.find("\nExit codes: 0 done."), std::string::npos) << help;
}

}  // namespace
}  // namespace switchboard::command_line
