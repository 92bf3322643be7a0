#include "tools/switchboardctl/language.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/switchboardctl/command_line.hpp"
#include "tools/switchboardctl/why_command.hpp"

namespace switchboard::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Chinese for as long as it lives.
struct in_chinese {
  in_chinese() { speak(language::chinese); }
  ~in_chinese() { speak(language::english); }
};

std::set<std::string> known() {
  std::set<std::string> out;
  for (auto& p : phrases()) out.emplace(p.english);
  return out;
}

/// How many values a phrase takes.
std::size_t values(std::string_view phrase) {
  std::size_t n = 0;
  for (std::size_t at = 0; at + 1 < phrase.size(); ++at) {
    const bool plain = phrase[at] == '{' && phrase[at + 1] == '}';
    const bool numbered = phrase[at] == '{' && at + 2 < phrase.size() && phrase[at + 2] == '}' &&
                          std::isdigit(static_cast<unsigned char>(phrase[at + 1]));
    n += plain || numbered;
  }
  return n;
}

TEST(language, every_phrase_is_there_once_and_in_both_languages_with_the_same_values) {
  std::set<std::string_view> seen;
  for (auto& p : phrases()) {
    EXPECT_TRUE(seen.insert(p.english).second) << "twice: " << p.english;
    EXPECT_FALSE(p.english.empty());
    EXPECT_FALSE(p.chinese.empty()) << p.english;
    EXPECT_EQ(values(p.english), values(p.chinese)) << p.english;
  }
  EXPECT_GT(seen.size(), 300u);
}

std::string joined_literals(const std::string& literals) {
  static const std::regex one(R"re("((?:[^"\\]|\\.)*)")re");
  std::string out;
  for (std::sregex_iterator it(literals.begin(), literals.end(), one), end; it != end; ++it)
    out += (*it)[1];
  static const std::regex quote(R"(\\")");
  return std::regex_replace(out, quote, "\"");
}

std::string source(const std::string& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(language, what_is_said_is_in_the_catalogue) {
  const auto all = known();
  // tr( and what stands between its parentheses up to the first literal's end; a choice has two.
  const std::regex said(
      R"re(\btr\(\s*(?:[^"()]*\?\s*)?((?:"(?:[^"\\]|\\.)*"\s*)+)(?::\s*((?:"(?:[^"\\]|\\.)*"\s*)+))?)re");
  std::size_t found = 0;
  for (auto& entry : std::filesystem::directory_iterator("tools/switchboardctl")) {
    if (entry.path().extension() != ".cpp") continue;
    const auto text = source(entry.path());
    for (std::sregex_iterator it(text.begin(), text.end(), said), end; it != end; ++it) {
      for (int group : {1, 2}) {
        if (!(*it)[group].matched) continue;
        ++found;
        const auto phrase = joined_literals((*it)[group]);
        EXPECT_TRUE(all.contains(phrase)) << entry.path() << ": " << phrase;
      }
    }
  }
  EXPECT_GT(found, 100u);
}

TEST(language, commands_in_two_languages_say_nothing_outside_the_catalogue) {
  const auto all = known();
  const std::regex literal(R"re("((?:[^"\\]|\\.)*)")re"), wire(R"([a-z0-9_.#/-]*)"),
      letters(R"([A-Za-z]{2})");
  for (auto* file : {"live_commands", "session_commands", "why_command", "operations_commands",
                     "sales_commands", "watching"}) {
    auto text = source("tools/switchboardctl/" + std::string(file) + ".cpp");
    static const std::regex lines(R"((#include[^\n]*|//[^\n]*))"), joins("\"\\s*\n\\s*\"");
    text = std::regex_replace(std::regex_replace(text, lines, ""), joins, "");
    for (std::sregex_iterator it(text.begin(), text.end(), literal), end; it != end; ++it) {
      const auto word = joined_literals((*it)[0]);
      if (std::regex_match(word, wire) || !std::regex_search(word, letters)) continue;
      if (word.starts_with("\\x1b") || word.starts_with("%")) continue;
      EXPECT_TRUE(all.contains(word)) << file << ": \"" << word << '"';
    }
  }
}

void check_help(const CLI::App& app, const std::set<std::string>& all, const std::string& where) {
  auto in = [&](const std::string& text) {
    EXPECT_TRUE(text.empty() || all.contains(text)) << where << ": " << text;
  };
  in(app.get_description());
  in(app.get_footer());
  in(app.get_group());
  for (auto* option : app.get_options()) {
    in(option->get_description());
    in(option->get_group());
  }
  for (auto* sub : app.get_subcommands({})) check_help(*sub, all, where + ' ' + sub->get_name());
}

TEST(language, all_of_the_help_is_in_the_catalogue) {
  command_line given;
  check_help(*declare_commands(given), known(), "switchboardctl");
}

TEST(language, help_is_chinese_where_that_is_spoken) {
  in_chinese now;
  command_line given;
  auto app = declare_commands(given);
  EXPECT_THAT(app->help(), HasSubstr("查看"));
  EXPECT_THAT(app->help(), HasSubstr("退出码"));
  EXPECT_THAT(app->get_subcommand("why")->help(), HasSubstr("会话为何在此"));
}

TEST(language, follows_the_environment_the_first_word_counts) {
  auto with = [](const char* all, const char* messages, const char* lang) {
    setenv("LC_ALL", all, 1);
    setenv("LC_MESSAGES", messages, 1);
    setenv("LANG", lang, 1);
    auto out = language_of_environment();
    for (auto* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) unsetenv(name);
    return out;
  };
  EXPECT_EQ(with("", "", "zh_CN.UTF-8"), language::chinese);
  EXPECT_EQ(with("C.UTF-8", "", "zh_CN.UTF-8"), language::english);
  EXPECT_EQ(with("", "zh_TW", "en_GB.UTF-8"), language::chinese);
  EXPECT_EQ(with("", "", ""), language::english);
}

TEST(language, what_the_daemon_says_is_found_by_its_values) {
  EXPECT_EQ(translated("step 1: waits in vip"), "step 1: waits in vip");
  in_chinese now;
  EXPECT_EQ(translated("step 1: waits in vip"), "第 1 步：在 vip 排队");
  EXPECT_EQ(translated("another agent online with refund 4 and room for 1"),
            "另有客服上线，技能 refund 4，空出 1 个名额");
  EXPECT_EQ(translated("the end of this round: 3 agents declined, missed or lost it"),
            "本轮结束：3 位客服已谢绝、错过或断线");
  EXPECT_EQ(translated("rule \"a: b\" of version 3, priority 5: rules 1 to 2 do not match; "
                       "rule \"a: b\" matches everybody"),
            "规则「a: b」（版本 3），优先级 5：规则 1 至 2 不匹配; 规则「a: b」匹配所有人");
  EXPECT_EQ(translated("rule \"a\" of version 1: rule \"b, c\" does not match: not \"x\" in y.z; "
                       "rule \"a\" matches: y.z"),
            "规则「a」（版本 1）：规则「b, c」不匹配：not \"x\" in y.z; 规则「a」匹配：y.z");
  EXPECT_EQ(translated("an unknown sentence, with a comma"), "an unknown sentence, with a comma");
  EXPECT_EQ(translated(""), "");
}

TEST(language, why_is_told_in_chinese) {
  in_chinese now;
  json queue{{"group", "vip"},
             {"name", "会员专席"},
             {"standing", "waiting"},
             {"strategy", "longest_idle"},
             {"position", 2},
             {"eligible_count", 0},
             {"rejected", json::array({{{"agent", "lin"}, {"clause", "room"}}})},
             {"unblocks", json::array({"room for 1 at one of 1 agent"})}};
  auto text = why_text({{"session_id", "s0701"},
                        {"state", "waiting"},
                        {"rule", "gold"},
                        {"rules_version", 3},
                        {"why", json::array({"rule \"gold\" matches: member.level >= 3"})},
                        {"queues", json::array({queue})}});
  EXPECT_THAT(text, HasSubstr("会话 s0701：排队中"));
  EXPECT_THAT(text, HasSubstr("规则「gold」匹配：member.level >= 3"));
  EXPECT_THAT(text, HasSubstr("技能组 会员专席：排队中，排第 2 位，按最久空闲分配"));
  EXPECT_THAT(text, HasSubstr("lin 没有空位"));
  EXPECT_THAT(text, HasSubstr("1 位客服中有人空出 1 个名额"));
  EXPECT_THAT(text, Not(HasSubstr("nobody")));
}

}  // namespace
}  // namespace switchboard::ctl
