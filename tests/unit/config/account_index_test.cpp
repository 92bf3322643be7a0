#include "config/account_index.hpp"

#include <gtest/gtest.h>

#include "config/token.hpp"
#include "tests/unit/config/dispatch_file_fixture.hpp"

namespace switchboard::config {
namespace {

const login_data x{"x", "", {}, "", false}, y{"y", "", {}, "", false}, z{"z", "", {}, "", false};

/// One account through texts, changes while running and rollbacks.
struct life {
  account_index book;
  login_table text;

  void follow(const login_table& next, text_origin origin) {
    for (auto& a : accounts_after(book, text, next, origin)) book.insert_or_assign(a.id, a);
    text = next;
  }
  void written(const login_data& l) { follow({{"lin", l}}, text_origin::written); }
  void rolled_back(const login_data& l) { follow({{"lin", l}}, text_origin::earlier); }
  void removed() { follow({}, text_origin::written); }
  void set(const login_data& l) {
    auto& a =
        book.try_emplace("lin", stored_account{"lin", {}, text["lin"], text["lin"]}).first->second;
    a.login = l;
  }
  login_data now() const {
    const auto at = book.find("lin");
    return at == book.end() ? text.at("lin") : at->second.login;
  }
};

TEST(account_index, keeps_nothing_of_who_is_as_the_text_says) {
  life l;
  l.written(x);
  l.written(x);
  EXPECT_TRUE(l.book.empty());
}

TEST(account_index, a_rollback_brings_no_old_token_back) {
  life l;
  l.written(x);
  l.written(y);
  l.rolled_back(x);
  EXPECT_EQ(l.now(), y);
}

TEST(account_index, a_rollback_enables_nobody_and_keeps_what_was_set_while_running) {
  life l;
  l.written(x);
  auto gone = z;
  gone.disabled = true;
  l.set(gone);
  l.written(x);
  l.rolled_back(x);
  EXPECT_EQ(l.now(), gone);
}

TEST(account_index, an_edit_of_a_text_that_was_rolled_back_to_brings_no_old_token_back) {
  life l;
  l.written(x);
  l.written(y);
  l.rolled_back(x);
  l.written(x);
  EXPECT_EQ(l.now(), y);
  // Nor does the newer text, once another token was set.
  l.set(z);
  l.written(y);
  EXPECT_EQ(l.now(), z);
}

TEST(account_index, a_token_written_anew_is_taken_whatever_was_set_before) {
  life l;
  l.written(x);
  l.set(z);
  l.written(y);
  EXPECT_EQ(l.now(), y);
}

TEST(account_index, token_password_and_disabled_are_each_taken_by_themselves) {
  life l;
  l.written(x);
  auto set = x;
  set.password_hash = "p";
  l.set(set);
  l.written(y);
  EXPECT_EQ(l.now(), (login_data{"y", "", {}, "p", false}));
}

TEST(account_index, who_was_removed_and_comes_back_by_rollback_has_the_latest_log_in) {
  life l;
  l.written(x);
  l.removed();
  l.written(y);
  l.removed();
  l.rolled_back(x);
  EXPECT_EQ(l.now(), y);
}

TEST(account_index, who_was_made_while_running_and_is_written_then_keeps_what_was_set) {
  life l;
  l.book["lin"] = {"lin", "agents:\n  - {id: lin}\n", z, {}};
  auto file = x;
  file.password_hash = "p";
  l.written(file);
  EXPECT_EQ(l.now(), (login_data{"z", "", {}, "p", false}));
  const auto entry = l.book["lin"].entry;
  l.follow({}, text_origin::earlier);
  EXPECT_EQ(l.book["lin"].entry, entry) << "a rollback takes nobody who was made while running";
  file.token_sha256 = "y";
  l.written(file);
  EXPECT_EQ(l.now().token_sha256, "y") << "written anew";
  l.removed();
  EXPECT_EQ(l.book["lin"].entry, "") << "who is taken out of the file is gone";
}

TEST(account_index, tokens_of_channels_and_administrators_are_stored_alike) {
  const auto text = [](const std::string& token) {
    return least_file + "channels: [{id: app, token_sha256: " + sha256_hex(token) +
           "}]\nadmin_tokens: [{id: root, token_sha256: " + sha256_hex(token) + "}]\n";
  };
  account_index book;
  for (auto& a : accounts_after({}, written_logins(text("old")), written_logins(text("new")),
                                text_origin::written))
    book.emplace(a.id, a);
  EXPECT_EQ(book.size(), 2u);
  EXPECT_TRUE(accounts_after(book, written_logins(text("new")), written_logins(text("old")),
                             text_origin::earlier)
                  .empty());
  const auto c = parse_dispatch(text("old"), "d.yaml", "", book);
  ASSERT_TRUE(c) << to_string(c.error());
  EXPECT_EQ(c->channels[0].token_sha256, sha256_hex("new"));
  EXPECT_EQ(c->admin_tokens[0].token_sha256, sha256_hex("new"));
}

TEST(account_index, stored_accounts_join_those_of_the_text_and_log_in_as_is_stored) {
  const std::string text =
      "groups: [{id: a, formerly: [old]}]\n"
      "agents: [{id: lin, groups: [a], token_sha256: " +
      sha256_hex("old") +
      "}, {id: wu, disabled: true}]\n"
      "teams: [{id: hz, members: [mei]}]\nrules: [{name: all, steps: [{group: a}]}]\n";
  const account_index book{
      {"lin", {"lin", "", {sha256_hex("new"), "", {}, "", false}, {}}},
      {"mei", {"mei", "agents:\n  - {id: mei, groups: [old, gone], capacity: 7}\n", z, {}}},
      {"wu", {"wu", "", {}, {}}}};
  const auto c = parse_dispatch(text, "d.yaml", "", book);
  ASSERT_TRUE(c) << to_string(c.error());
  ASSERT_EQ(c->agents.size(), 3u);
  EXPECT_TRUE(c->disabled_agents.empty()) << "wu was enabled while running";
  EXPECT_EQ(c->agents[0].token_sha256, sha256_hex("new"));
  EXPECT_EQ(c->agents[2].id.value, "mei");
  EXPECT_EQ(c->agents[2].team, "hz");
  EXPECT_EQ(c->agents[2].groups, std::vector<group_id>{group_id{"a"}}) << "merged, and gone";
  EXPECT_EQ(c->agents[2].token_sha256, "z");
}

}  // namespace
}  // namespace switchboard::config
