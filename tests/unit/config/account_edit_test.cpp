#include "config/account_edit.hpp"

#include <gtest/gtest.h>

#include "config/token.hpp"
#include "tests/unit/config/loading.hpp"

namespace switchboard::config {
namespace {

const std::string text =
    "groups: [{id: vip}, {id: general}]\n"
    "agents:\n"
    "  # the founder\n"
    "  - {id: lin, groups: [vip], skills: {english: 3}, capacity: 5}\n"
    "  - id: wu\n"
    "    groups:\n"
    "      - vip\n"
    "      - general  # at night\n"
    "    team: hz\n"
    "\n"
    "rules: [{name: all, steps: [{group: vip}]}]\n";

dispatch_config loaded(const std::string& what) {
  auto all = parse_dispatch(what, "d.yaml");
  EXPECT_TRUE(all) << to_string(all.error());
  return all ? *all : dispatch_config{};
}

std::string replaced(std::string from, const std::string& what, const std::string& with) {
  return from.replace(from.find(what), what.size(), with);
}

std::string after(const result<std::string>& edited) {
  return edited ? *edited : std::string(to_string(edited.error().code)) + ": " + edited.error().message;
}

const agent_config& agent(const dispatch_config& all, const char* id) {
  for (auto& a : all.agents) {
    if (a.id.value == id) return a;
  }
  for (auto& a : all.disabled_agents) {
    if (a.id.value == id) return a;
  }
  throw std::runtime_error(id);
}

TEST(account_edit, a_new_account_is_one_line_at_the_end) {
  const auto all = loaded(text);
  EXPECT_EQ(after(create_account(text, all, "zhou", "{name: \"Zhou: 1\", groups: [vip], capacity: 3}")),
            replaced(text, "    team: hz\n",
                     "    team: hz\n  - {id: zhou, name: \"Zhou: 1\", groups: [vip], capacity: 3}\n"));
  EXPECT_EQ(after(create_account(text, all, "lin", "{}")),
            "already_exists: id: there is an account \"lin\"");
  EXPECT_EQ(after(create_account(text, all, "a b", "{}")),
            "invalid_argument: id: expected letters, digits, _ . and -, at most 64");
  EXPECT_EQ(after(create_account(text, all, "zhou", "{disabled: true}")),
            "invalid_argument: fields.disabled: use account.disable and account.enable");
}

TEST(account_edit, the_first_account_begins_the_list) {
  const auto all = loaded(least_file);
  EXPECT_EQ(after(create_account(least_file, all, "lin", "{}")),
            least_file + "agents:\n  - {id: lin}\n");
}

TEST(account_edit, an_update_is_a_merge_patch) {
  const auto all = loaded(text);
  const auto edited =
      after(update_account(text, all, "lin", "{capacity: 7, skills: {java.8: 2, english: null}}"));
  const auto lin = agent(loaded(edited), "lin");
  EXPECT_EQ(lin.capacity, 7);
  EXPECT_EQ(lin.skills, (std::map<std::string, int>{{"java.8", 2}}));
  EXPECT_NE(edited.find("# the founder"), std::string::npos);
  EXPECT_EQ(after(update_account(text, all, "nobody", "{}")),
            "not_found: id: there is no account \"nobody\"");
}

TEST(account_edit, what_is_written_over_several_lines_is_replaced_too) {
  const auto all = loaded(text);
  EXPECT_EQ(after(update_account(text, all, "wu", "{groups: [general], team: null}")),
            replaced(text,
                     "    groups:\n      - vip\n      - general  # at night\n    team: hz\n",
                     "    groups: [general]\n"));
}

TEST(account_edit, who_is_disabled_is_set_aside_and_comes_back_as_before) {
  const auto all = loaded(text);
  const auto gone = after(disable_account(text, all, "lin"));
  const auto without = loaded(gone);
  EXPECT_EQ(without.agents.size(), 1u);
  ASSERT_EQ(without.disabled_agents.size(), 1u);
  EXPECT_EQ(without.disabled_agents[0].capacity, 5);
  EXPECT_EQ(after(disable_account(gone, without, "lin")), gone);
  EXPECT_EQ(after(enable_account(gone, without, "lin")), text);
  EXPECT_EQ(after(enable_account(text, all, "lin")), text);
}

TEST(account_edit, a_disabled_account_leaves_its_team) {
  const auto with_team = least_file +
                         "agents: [{id: lin, disabled: true}, {id: qian, role: leader, disabled: true}]\n"
                         "teams: [{id: hz, leaders: [qian], members: [lin]}]\n";
  const auto all = loaded(with_team);
  EXPECT_TRUE(all.teams[0].leaders.empty());
  EXPECT_TRUE(all.teams[0].members.empty());
  EXPECT_EQ(agent(all, "lin").team, "hz");
}

TEST(account_edit, a_new_token_lets_the_old_one_live_for_a_while) {
  const auto all = loaded(text);
  const auto first = after(replace_token(text, all, "lin", sha256_hex("one"), {}));
  const auto one = loaded(first);
  EXPECT_EQ(agent(one, "lin").token_sha256, sha256_hex("one"));
  const auto until = from_unix_ms(1'700'000'000'000);
  const auto second = after(replace_token(first, one, "lin", sha256_hex("two"), until));
  const auto two = loaded(second);
  EXPECT_EQ(agent(two, "lin").token_sha256, sha256_hex("two"));
  EXPECT_EQ(agent(two, "lin").old_token_sha256, sha256_hex("one"));
  EXPECT_EQ(agent(two, "lin").old_token_until, until);
  const auto third = loaded(after(replace_token(second, two, "lin", sha256_hex("three"), {})));
  EXPECT_EQ(agent(third, "lin").old_token_sha256, "");
}

TEST(account_edit, a_password_is_kept_as_its_hash) {
  const std::string hash = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$" + std::string(43, 'a');
  const auto all = loaded(text);
  EXPECT_EQ(agent(loaded(after(set_password_hash(text, all, "lin", hash))), "lin").password_hash, hash);
  EXPECT_EQ(errors_of(least_file + "agents: [{id: a, password_hash: secret}]\n"),
            "d.yaml:3: agents[0].password_hash: expected an Argon2id hash as `switchboardctl "
            "hash-password` prints it, of 8 to 256 MiB\n");
}

TEST(password_hash, is_bounded_in_what_checking_it_costs) {
  const std::string rest = "$c29tZXNhbHRzb21lc2FsdA$" + std::string(43, 'a');
  EXPECT_TRUE(is_password_hash("$argon2id$v=19$m=19456,t=2,p=1" + rest));
  EXPECT_FALSE(is_password_hash("$argon2id$v=19$m=1024,t=2,p=1" + rest));
  EXPECT_FALSE(is_password_hash("$argon2id$v=19$m=4194304,t=2,p=1" + rest));
  EXPECT_FALSE(is_password_hash("$argon2id$v=19$m=19456,t=99,p=1" + rest));
  EXPECT_FALSE(is_password_hash("$argon2i$v=19$m=19456,t=2,p=1" + rest));
  EXPECT_FALSE(is_password_hash("$argon2id$v=19$m=19456,t=2,p=1$short$" + std::string(43, 'a')));
}

TEST(utc, is_read_as_it_is_written) {
  EXPECT_EQ(utc_text(from_unix_ms(1'772'360'430'000)), "2026-03-01T10:20:30Z");
  EXPECT_EQ(parse_utc("2026-03-01T10:20:30Z"), from_unix_ms(1'772'360'430'000));
  for (auto wrong : {"2026-02-30T10:20:30Z", "2026-03-01 10:20:30Z", "2026-03-01T10:20:30", "soon"})
    EXPECT_FALSE(parse_utc(wrong)) << wrong;
}

}  // namespace
}  // namespace switchboard::config
