#include "actors/configuration/file_decision.hpp"

#include <gtest/gtest.h>

#include "actors/configuration/loaded_configuration.hpp"

namespace switchboard {
namespace {

using kind = file_decision::kind;

std::string deployment(const std::string& groups, const std::string& agents,
                       const std::string& more = {}) {
  return "groups: [" + groups + "]\nagents: [" + agents +
         "]\nrules: [{name: all, steps: [{group: a}]}]\n" + more;
}
const std::string plain = deployment("{id: a}", "{id: xu, capacity: 5}");
const std::string six = deployment("{id: a}", "{id: xu, capacity: 6}");
const std::string night = deployment("{id: a}, {id: night}", "{id: xu, capacity: 5}");
const std::string nine = deployment("{id: a, queue: {max: 9}}", "{id: xu, capacity: 5}");

/// Texts of the versions, the oldest first; the file was last taken as `settled`.
file_history history(const std::vector<std::string>& versions, const std::string& settled) {
  std::vector<config_version> all;
  for (auto& text : versions) {
    config_version v;
    v.version = static_cast<int>(all.size()) + 1;
    v.text = text;
    v.value_hash = config::value_hash_of(text);
    all.push_back(v);
  }
  const auto find = [&](int n) {
    return n <= static_cast<int>(all.size()) ? std::optional(all[static_cast<std::size_t>(n) - 1])
                                             : std::nullopt;
  };
  return history_of(all.back(), file_hash_of(settled), find);
}

struct row {
  const char* what;
  std::string file;
  std::vector<std::string> versions;
  std::string settled;
  kind expected;
  std::vector<std::string> lost;
};

TEST(file_decision, is_as_the_table_says) {
  const std::vector<row> table{
      {"the file as it was taken, nothing decided", plain, {plain}, plain, kind::unchanged, {}},
      {"the file as it was taken, a group made since",
       plain,
       {plain, night},
       plain,
       kind::unchanged,
       {}},
      {"other comments and blanks", "# new\n" + plain, {plain, night}, plain, kind::unchanged, {}},
      {"edited, applied by hand, then a group made",
       six,
       {plain, six, night},
       plain,
       kind::unchanged,
       {}},
      {"the very text that runs", night, {plain, night}, plain, kind::unchanged, {}},
      {"edited, nothing decided", six, {plain}, plain, kind::take, {}},
      {"edited back to what was long before", plain, {plain, six}, six, kind::take, {}},
      {"edited after it was applied by hand",
       deployment("{id: a}", "{id: xu, capacity: 6}, {id: mei}"),
       {plain, six},
       plain,
       kind::take,
       {}},
      {"it has what was decided, and more",
       deployment("{id: a}, {id: night}", "{id: xu, capacity: 7}"),
       {plain, night},
       plain,
       kind::take,
       {}},
      {"edited, without the group made since",
       six,
       {plain, night},
       plain,
       kind::conflict,
       {"group night: made or changed while running, not in the file"}},
      {"both changed the same field",
       deployment("{id: a}", "{id: xu, capacity: 7}"),
       {plain, six},
       plain,
       kind::conflict,
       {"agent xu: capacity: 7 in the file, 6 as it runs"}},
      {"the file changes one field, another was set since",
       six,
       {plain, nine},
       plain,
       kind::conflict,
       {"group a: queue.max: not written in the file, 9 as it runs"}},
      {"removed while running, still in the changed file",
       deployment("{id: a}, {id: night}", "{id: xu, capacity: 7}"),
       {night, plain},
       night,
       kind::conflict,
       {"group night: in the file, removed while running"}},
      {"a version from long ago is no excuse",
       six,
       {six, plain, night},
       plain,
       kind::conflict,
       {"group night: made or changed while running, not in the file"}},
  };
  for (auto& r : table) {
    const auto d = config_file_decision(r.file, history(r.versions, r.settled));
    EXPECT_EQ(d.what, r.expected) << r.what;
    std::vector<std::string> lost;
    for (auto& l : d.lost) lost.push_back(config::to_string(l));
    EXPECT_EQ(lost, r.lost) << r.what;
  }
}

TEST(file_decision, names_the_version_that_says_the_same) {
  EXPECT_EQ(config_file_decision(six, history({plain, six, night}, plain)).like, 2);
  EXPECT_EQ(config_file_decision(plain, history({plain, night}, plain)).like, 0);
}

TEST(file_decision, without_the_text_it_was_taken_as_asks_for_all_that_differs) {
  // The file was kept away once: no version has its text.
  const auto d = config_file_decision(six, history({plain, night}, "settled by hand"));
  EXPECT_EQ(d.what, kind::conflict);
  EXPECT_EQ(d.lost.size(), 2u);
}

TEST(file_decision, of_a_changed_order_of_rules_is_a_conflict_only_where_it_is_lost) {
  const auto rules = [](const std::string& first, const std::string& second,
                        const std::string& more) {
    return "groups: [{id: a}]\nrules: [{name: " + first + "}, {name: " + second +
           "}, {name: rest}]\n" + more;
  };
  const auto one = rules("x", "y", ""), two = rules("y", "x", "");
  EXPECT_EQ(
      config_file_decision(rules("x", "y", "rating: {ask: true}\n"), history({one, two}, one)).what,
      kind::conflict);
  EXPECT_EQ(
      config_file_decision(rules("y", "x", "rating: {ask: true}\n"), history({one, two}, one)).what,
      kind::take);
}

}  // namespace
}  // namespace switchboard
