#include "config/account_edit.hpp"

#include <gtest/gtest.h>

#include "config/token.hpp"
#include "tests/unit/config/dispatch_file_fixture.hpp"

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
  return edited ? *edited
                : std::string(to_string(edited.error().code)) + ": " + edited.error().message;
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

account_fields fields(const std::string& yaml) {
  auto read = read_account_fields(yaml);
  EXPECT_TRUE(read) << read.error().message;
  return read ? *read : account_fields{};
}

std::string refusal(const std::string& yaml) {
  auto read = read_account_fields(yaml);
  return read ? "" : read.error().message;
}

TEST(account_edit, a_new_account_is_a_text_of_its_own) {
  EXPECT_EQ(after(new_entry("zhou", fields("{name: \"Zhou: 1\", groups: [vip], capacity: 3}"))),
            "agents:\n  - {id: zhou, name: \"Zhou: 1\", groups: [vip], capacity: 3}\n");
  EXPECT_EQ(after(new_entry("a b", fields("{}"))),
            "invalid_argument: id: expected letters, digits, _ . and -, at most 64");
  EXPECT_EQ(refusal("{disabled: true}"), "fields.disabled: use account.disable and account.enable");
  EXPECT_EQ(
      refusal("{token_sha256: abc}"),
      "fields.token_sha256: expected the token's SHA-256 as 64 hexadecimal digits in lower case");
}

TEST(account_edit, log_in_stands_in_no_text) {
  const auto f =
      fields("{capacity: 3, token_sha256: '" + sha256_hex("one") + "', password_hash: null}");
  EXPECT_EQ(after(new_entry("zhou", f)), "agents:\n  - {id: zhou, capacity: 3}\n");
  login_data login{"t", "o", from_unix_ms(1), "p", true};
  set_login(login, f);
  EXPECT_EQ(login, (login_data{sha256_hex("one"), "", {}, "", true}));
}

TEST(account_edit, an_update_is_a_merge_patch) {
  const auto edited = after(
      patch_account(text, "lin", fields("{capacity: 7, skills: {java.8: 2, english: null}}")));
  const auto lin = agent(loaded(edited), "lin");
  EXPECT_EQ(lin.capacity, 7);
  EXPECT_EQ(lin.skills, (std::map<std::string, int>{{"java.8", 2}}));
  EXPECT_NE(edited.find("# the founder"), std::string::npos);
  const auto entry = after(new_entry("zhou", fields("{capacity: 3, team: hz}")));
  EXPECT_EQ(after(patch_account(entry, "zhou", fields("{capacity: 4, team: null, name: '5'}"))),
            "agents:\n  - {name: \"5\", id: zhou, capacity: 4}\n");
}

TEST(account_edit, what_is_written_over_several_lines_is_replaced_too) {
  EXPECT_EQ(after(patch_account(text, "wu", fields("{groups: [general], team: null}"))),
            replaced(text, "    groups:\n      - vip\n      - general  # at night\n    team: hz\n",
                     "    groups: [general]\n"));
}

TEST(account_edit, an_entry_is_read_with_the_groups_that_are) {
  const auto all = loaded(text);
  const auto good =
      read_account(after(new_entry("zhou", fields("{groups: [vip], capacity: 3}"))), all);
  ASSERT_TRUE(good);
  EXPECT_EQ(good->capacity, 3);
  const auto bad = read_account(after(new_entry("zhou", fields("{groups: [vpi]}"))), all);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().field, "fields.groups[0]");
  EXPECT_EQ(bad.error().message, "fields.groups[0]: unknown group \"vpi\"; did you mean \"vip\"?");
}

TEST(account_edit, what_is_exported_is_what_is_imported) {
  const login_data login{
      sha256_hex("two"), sha256_hex("one"), from_unix_ms(1'772'360'430'000),
      "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$" + std::string(43, 'a'), true};
  const account_index book{{"lin", {"lin", "", login, {}}},
                           {"zhou", {"zhou", "agents:\n  - {id: zhou, capacity: 3}\n", login, {}}}};
  auto first = export_accounts(text, book, "", 2);
  EXPECT_EQ(first.accounts, 2u);
  EXPECT_EQ(first.next, "wu");
  EXPECT_EQ(export_accounts(text, book, "wu", 2).next, "");
  const auto back = read_exported(export_accounts(text, book, "", 10).text);
  ASSERT_TRUE(back) << back.error().message;
  ASSERT_EQ(back->size(), 3u);
  EXPECT_EQ((*back)[0].login, login);
  EXPECT_EQ((*back)[0].entry,
            "agents:\n  - {id: lin, groups: [vip], skills: {english: 3}, capacity: 5}\n");
  EXPECT_EQ((*back)[2].entry, book.at("zhou").entry);
  EXPECT_EQ(read_exported("agents: [{id: a, token_sha256: x}]\n").error().field, "text");
  EXPECT_FALSE(read_exported("groups: []\n"));
}

TEST(account_edit, a_disabled_account_leaves_its_team) {
  const auto with_team =
      least_file +
      "agents: [{id: lin, disabled: true}, {id: qian, role: leader, disabled: true}]\n"
      "teams: [{id: hz, leaders: [qian], members: [lin]}]\n";
  const auto all = loaded(with_team);
  EXPECT_TRUE(all.teams[0].leaders.empty());
  EXPECT_TRUE(all.teams[0].members.empty());
  EXPECT_EQ(agent(all, "lin").team, "hz");
}

TEST(account_edit, a_new_token_lets_the_old_one_live_for_a_while) {
  login_data login;
  replace_token(login, "one", {});
  EXPECT_EQ(login, (login_data{"one", "", {}, "", false}));
  const auto until = from_unix_ms(1'700'000'000'000);
  replace_token(login, "two", until);
  EXPECT_EQ(login, (login_data{"two", "one", until, "", false}));
  replace_token(login, "three", {});
  EXPECT_EQ(login, (login_data{"three", "", {}, "", false}));
}

TEST(account_edit, a_password_is_written_as_its_hash) {
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
