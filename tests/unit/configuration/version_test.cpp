#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "actors/configuration/config_version.hpp"
#include "actors/configuration/configuration_projection.hpp"
#include "actors/configuration/rule_cache.hpp"
#include "tests/unit/configuration/version_fixture.hpp"

namespace switchboard {
namespace {

using namespace configuration_testing;

const timestamp noon = from_unix_ms(1'790'913'600'000);
const std::string yaml = "groups: [{id: a}]\nrules: [{name: all, steps: [{group: a}]}]\n";
const std::string other = "groups: [{id: b}]\nrules: [{name: all, steps: [{group: b}]}]\n";

config_version recorded(int version, const std::string& text, const std::string& file) {
  config_version v;
  v.version = version;
  v.by = "xu";
  v.file = "d.yaml";
  v.text = text;
  v.file_hash = file_hash_of(file);
  return v;
}

TEST(version, what_was_recorded_comes_back) {
  configuration_record r;
  const auto bytes = encode(recorded(3, yaml, yaml)) +
                     encode(group_switch{group_id{"a"}, true, "xu", "fire drill", noon}) +
                     encode(group_switch{group_id{"b"}, true, "xu", "", noon}) +
                     encode(group_switch{group_id{"a"}, false, "xu", "", noon});
  EXPECT_TRUE(for_each_event(bytes, [&](configuration_event&& e) { fold_into(r, e, noon); }));
  EXPECT_EQ(r.latest, 3);
  EXPECT_EQ(r.seq, 4u);
  ASSERT_EQ(r.closed.size(), 1u);
  EXPECT_EQ(r.closed[0].group.value, "b");
  EXPECT_FALSE(for_each_event(bytes.substr(0, bytes.size() - 1), [](configuration_event&&) {}));
}

configuration_past past(std::optional<config_version> last) {
  return {std::move(last), 0, {}, [](int) { return std::optional<config_version>(); }};
}

TEST(version, an_account_comes_back_with_its_log_in) {
  config::stored_account a{"lin", "agents:\n  - {id: lin}\n", {"t", "o", noon, "p", true}, {}};
  std::optional<configuration_event> back;
  EXPECT_TRUE(for_each_event(encode(a), [&](configuration_event&& e) { back = std::move(e); }));
  ASSERT_TRUE(back && std::get_if<config::stored_account>(&*back));
  EXPECT_EQ(std::get<config::stored_account>(*back), a);
}

TEST(version, that_changes_no_text_is_none_to_the_count_of_texts) {
  configuration_record r;
  fold_into(r, recorded(1, yaml, yaml), noon);
  auto same = recorded(2, "", yaml);
  same.same_text_as = 1;
  fold_into(r, same, noon);
  EXPECT_EQ(std::pair(r.latest, r.texts), std::pair(2, std::uint64_t{1}));
  carry_text(same, recorded(1, yaml, yaml));
  EXPECT_EQ(same.text, yaml);
  fold_into(r, file_settled{7, "xu", noon}, noon);
  EXPECT_EQ(r.file_hash, 7u);
  fold_into(r, recorded(3, other, yaml), noon);
  EXPECT_EQ(std::pair(r.latest, r.texts), std::pair(3, std::uint64_t{2}));
}

TEST(version, the_first_start_takes_the_file) {
  auto s = choose_start(yaml, "d.yaml", past({}), noon);
  ASSERT_TRUE(s);
  EXPECT_TRUE(s->fresh);
  EXPECT_EQ(s->use.version.version, 1);
  EXPECT_EQ(s->use.version.by, "file");
}

TEST(version, a_restart_keeps_what_was_applied_while_running) {
  // The file is as it was when version 4 was applied over it.
  auto s = choose_start(yaml, "d.yaml", past(recorded(4, other, yaml)), noon);
  ASSERT_TRUE(s);
  EXPECT_FALSE(s->fresh);
  EXPECT_EQ(s->use.version.version, 4);
  EXPECT_EQ(s->use.dispatch->groups[0].id.value, "b");
  EXPECT_NE(s->remark, "");
}

TEST(version, a_restart_takes_a_file_that_was_changed_meanwhile) {
  auto s = choose_start(other + "# new\n", "d.yaml", past(recorded(4, yaml, yaml)), noon);
  ASSERT_TRUE(s);
  EXPECT_TRUE(s->fresh);
  EXPECT_EQ(s->use.version.version, 5);
  EXPECT_EQ(s->use.dispatch->groups[0].id.value, "b");
}

TEST(version, a_start_whose_file_would_take_back_what_was_decided_goes_on_and_says_so) {
  // Version 4 was decided while running; the file has changed otherwise.
  auto s = choose_start(yaml + "session: {idle_close: 1h}\n", "d.yaml",
                        past(recorded(4, other, yaml)), noon);
  ASSERT_TRUE(s);
  EXPECT_FALSE(s->fresh);
  EXPECT_EQ(s->use.version.version, 4);
  ASSERT_TRUE(s->conflict);
  EXPECT_NE(s->remark.find("rules conflicts"), std::string::npos);
}

TEST(version, a_recorded_text_that_cannot_be_read_gives_way_to_the_file) {
  auto s = choose_start(yaml, "d.yaml", past(recorded(4, "groups: 7", yaml)), noon);
  ASSERT_TRUE(s);
  EXPECT_TRUE(s->fresh);
  EXPECT_EQ(s->use.version.version, 5);
}

TEST(version, a_bad_file_is_refused_by_line) {
  auto s = choose_start("groups: [{id: a}]\nrules: [{name: all, steps: [{group: zz}]}]\n", "d.yaml",
                        past({}), noon);
  ASSERT_FALSE(s);
  EXPECT_TRUE(config::to_string(s.error()).starts_with("d.yaml:2: rules[0].steps[0].group: "))
      << config::to_string(s.error());
}

/// A relative word list was looked for in the working folder, which is where the daemon was
/// started.
TEST(version, a_word_lists_file_is_looked_for_beside_the_dispatch_file) {
  std::string folder =
      (std::filesystem::temp_directory_path() / "switchboard-words-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  std::ofstream(folder + "/fraud.txt") << "scam\n";
  const auto text = yaml + "word_lists: [{id: fraud, action: block, file: fraud.txt}]\n";
  EXPECT_FALSE(choose_start(text, "d.yaml", past({}), noon));
  for (auto& last : {std::optional<config_version>{}, std::optional(recorded(4, text, text))}) {
    auto s = choose_start(text, "d.yaml", past(last), noon, folder);
    ASSERT_TRUE(s) << config::to_string(s.error());
    EXPECT_EQ(s->fresh, !last);
    EXPECT_EQ(s->use.dispatch->reception.word_lists.at(0).words, std::vector<std::string>{"scam"});
  }
  std::filesystem::remove_all(folder);
}

TEST(cache, loads_again_what_it_had_to_forget) {
  int loads = 0;
  rule_cache cache([&](int version) {
    ++loads;
    return version == 99 ? nullptr : loaded(yaml, version).rules;
  });
  cache.put(loaded(yaml, 1).rules);
  EXPECT_EQ(cache.find(1)->version(), 1);
  EXPECT_EQ(loads, 0);
  for (int v = 2; v <= 40; ++v) EXPECT_EQ(cache.find(v)->version(), v);
  EXPECT_EQ(loads, 39);
  EXPECT_EQ(cache.find(40)->version(), 40);
  EXPECT_EQ(loads, 39);
  EXPECT_EQ(cache.find(1)->version(), 1);
  EXPECT_EQ(loads, 40);
  EXPECT_EQ(cache.find(99), nullptr);
}

}  // namespace
}  // namespace switchboard
