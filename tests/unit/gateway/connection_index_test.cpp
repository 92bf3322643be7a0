#include "adapters/channel/gateway/connection_index.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

using kind = connection_owner::kind;
using proof = connection_owner::proof;

const timestamp t0 = from_unix_ms(1'700'000'000'000);

struct connection final : outbox {
  explicit connection(std::uint64_t n) : number(n) {}
  void reply(std::uint32_t, store::position, std::string) override {}
  void fail(std::uint32_t, store::position, const error&) override {}
  void notify(store::position, std::string) override {}
  std::uint64_t id() const override { return number; }
  bool open() const override { return !ended; }
  void end() override { ended = true; }
  std::uint64_t number;
  bool ended = false;
};

struct connections : testing::Test {
  connections() {
    c.channels.resize(1);
    c.channels[0].id = channel_id{"app"};
    c.channels[0].token_sha256 = "app1";
    c.agents.resize(1);
    c.agents[0].id = agent_id{"lin"};
    c.agents[0].token_sha256 = "lin1";
    c.agents[0].password_hash = "secret1";
    c.admin_tokens = {{"ops", "ops1", {}}};
  }
  std::shared_ptr<connection> open(kind what, const char* id, proof by, const char* hash) {
    auto out = std::make_shared<connection>(++last);
    book.add(out, {what, id, by, hash});
    return out;
  }
  config::dispatch_config c;
  connection_index book;
  std::uint64_t last = 0;
};

TEST_F(connections, whose_proof_stands_stay) {
  auto app = open(kind::channel, "app", proof::token, "app1");
  auto lin = open(kind::agent, "lin", proof::token, "lin1");
  auto by_password = open(kind::agent, "lin", proof::password, "secret1");
  auto ops = open(kind::console, "whoever", proof::token, "ops1");
  auto local = open(kind::console, "", proof::socket, "");
  c.channels[0].language = "zh";
  book.review(c, t0);
  for (auto& one : {app, lin, by_password, ops, local}) EXPECT_FALSE(one->ended) << one->number;
}

TEST_F(connections, a_channel_removed_or_given_another_token_is_out) {
  auto app = open(kind::channel, "app", proof::token, "app1");
  c.channels[0].token_sha256 = "app2";
  book.review(c, t0);
  EXPECT_TRUE(app->ended);
  auto again = open(kind::channel, "app", proof::token, "app2");
  c.channels.clear();
  book.review(c, t0);
  EXPECT_TRUE(again->ended);
}

TEST_F(connections, a_console_whose_token_is_gone_is_out_and_the_local_socket_is_not) {
  auto ops = open(kind::console, "ops", proof::token, "ops1");
  auto local = open(kind::console, "ops", proof::socket, "");
  c.admin_tokens.clear();
  book.review(c, t0);
  EXPECT_TRUE(ops->ended);
  EXPECT_FALSE(local->ended);
}

TEST_F(connections, an_old_token_lets_stay_as_long_as_it_lets_in) {
  auto lin = open(kind::agent, "lin", proof::token, "lin1");
  c.agents[0].old_token_sha256 = "lin1";
  c.agents[0].old_token_until = t0 + millis{5'000};
  c.agents[0].token_sha256 = "lin2";
  book.review(c, t0);
  book.end_due(t0 + millis{4'999});
  EXPECT_FALSE(lin->ended);
  book.end_due(t0 + millis{5'000});
  EXPECT_TRUE(lin->ended);
}

TEST_F(connections, a_new_password_ends_what_the_old_one_let_in_and_no_more) {
  auto by_token = open(kind::agent, "lin", proof::token, "lin1");
  auto by_password = open(kind::agent, "lin", proof::password, "secret1");
  c.agents[0].password_hash = "secret2";
  book.review(c, t0);
  EXPECT_FALSE(by_token->ended);
  EXPECT_TRUE(by_password->ended);
}

TEST_F(connections, kept_ones_stay_until_what_they_were_kept_by_goes_too) {
  auto lin = open(kind::agent, "lin", proof::password, "secret1");
  book.keep("lin", "secret2");
  c.agents[0].password_hash = "secret2";
  book.review(c, t0);
  EXPECT_FALSE(lin->ended);
  c.agents[0].password_hash = "secret3";
  book.review(c, t0);
  EXPECT_TRUE(lin->ended);
}

TEST_F(connections, kept_ones_stay_when_the_same_is_asked_again_and_comes_to_nothing) {
  auto lin = open(kind::agent, "lin", proof::password, "secret1");
  book.keep("lin", "secret2");
  c.agents[0].password_hash = "secret2";
  book.keep("lin", "of a token that nobody gets");
  book.review(c, t0);
  EXPECT_FALSE(lin->ended);
}

TEST_F(connections, an_account_that_is_gone_is_left_to_finish_and_a_disabled_one_too) {
  auto lin = open(kind::agent, "lin", proof::token, "lin1");
  c.disabled_agents = std::move(c.agents);
  c.agents.clear();
  book.review(c, t0);
  EXPECT_FALSE(lin->ended);
  c.disabled_agents.clear();
  book.review(c, t0);
  EXPECT_FALSE(lin->ended);
}

TEST_F(connections, what_lets_nobody_in_any_more_when_a_connection_is_added_keeps_it_out) {
  auto lin = open(kind::agent, "lin", proof::token, "lin1");
  EXPECT_TRUE(book.still_good(lin->number, c, t0));
  c.agents[0].token_sha256 = "lin2";
  EXPECT_FALSE(book.still_good(lin->number, c, t0));
  EXPECT_EQ(book.size(), 0u);
}

TEST_F(connections, whoever_waits_for_an_answer_gets_it_first) {
  auto ops = open(kind::console, "ops", proof::token, "ops1");
  book.hold(ops->number);
  c.admin_tokens.clear();
  book.review(c, t0);
  EXPECT_FALSE(ops->ended);
  book.release(ops->number);
  EXPECT_TRUE(ops->ended);
}

TEST_F(connections, all_of_an_account_end_where_that_is_asked_for) {
  auto lin = open(kind::agent, "lin", proof::token, "lin1");
  auto app = open(kind::channel, "lin", proof::token, "app1");
  book.end_account("lin");
  EXPECT_TRUE(lin->ended);
  EXPECT_FALSE(app->ended);
}

}  // namespace
}  // namespace switchboard
