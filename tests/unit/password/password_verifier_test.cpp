#include "adapters/password/password_verifier.hpp"

#include <future>

#include <gtest/gtest.h>

#include "adapters/password/device_token.hpp"
#include "adapters/password/password_hash.hpp"

namespace switchboard::password {
namespace {

using verdict = password_verifier::verdict;
const timestamp t0 = from_unix_ms(1'700'000'000'000);

verdict ask(password_verifier& verifier, const char* account, const char* secret,
            const std::string& hash) {
  std::promise<verdict> said;
  verifier.check({account, "10.0.0.1", {}, secret, hash}, t0,
                 [&](verdict v, millis) { said.set_value(v); });
  return said.get_future().get();
}

TEST(password_hash, with_one_salt_one_password_has_one_hash_that_is_checked_like_any_other) {
  const auto salt = salt_of("zhou and a key");
  const auto hash = hash_of("correct horse", salt);
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << hash;
  EXPECT_EQ(hash, hash_of("correct horse", salt));
  EXPECT_NE(hash, hash_of("correct hors", salt));
  EXPECT_NE(hash, hash_of("correct horse", salt_of("zhou and another")));
  EXPECT_TRUE(matches("correct horse", hash));
  EXPECT_FALSE(matches("correct hors", hash));
}

TEST(password_hash, what_is_sealed_is_read_by_who_knows_the_key_alone) {
  const auto kept = sealed("a token", "op 1");
  EXPECT_EQ(kept.find("token"), std::string::npos);
  EXPECT_EQ(unsealed(kept, "op 1"), "a token");
  EXPECT_EQ(unsealed(kept, "op 2"), "");
  EXPECT_EQ(unsealed(kept.substr(0, kept.size() - 1), "op 1"), "");
  EXPECT_EQ(unsealed("short", "op 1"), "");
  EXPECT_NE(kept, sealed("a token", "op 1"));
}

TEST(password_verifier, a_password_matches_its_hash_alone) {
  password_verifier verifier;
  const auto hash = hash_of("correct horse");
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << hash;
  EXPECT_NE(hash, hash_of("correct horse")) << "each has a salt of its own";
  EXPECT_EQ(ask(verifier, "lin", "correct horse", hash), verdict::right);
  EXPECT_EQ(ask(verifier, "lin", "correct hors", hash), verdict::wrong);
  EXPECT_EQ(ask(verifier, "lin", "correct horse", ""), verdict::wrong);
}

TEST(password_verifier, unknown_accounts_wait_like_known_ones) {
  password_verifier verifier;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask(verifier, "ghost", "secret!!", ""), verdict::wrong);
  EXPECT_EQ(ask(verifier, "ghost", "secret!!", ""), verdict::too_often);
}

TEST(password_verifier, turns_away_what_it_cannot_hold_and_counts_it_for_nobody) {
  verifier_options o;
  o.waiting.most_waiting = 2;
  o.attempts.free_of_address = o.attempts.free_of_account_at_address = 1'000;
  password_verifier verifier(o);
  std::atomic<int> busy{0}, done{0};
  for (int i = 0; i < 40; ++i) {
    verifier.check({"lin", "10.0.0.1", {}, "wrong one", ""}, t0, [&](verdict v, millis) {
      busy += v == verdict::too_busy;
      ++done;
    });
  }
  while (done < 40) std::this_thread::yield();
  EXPECT_GE(busy, 30);
}

TEST(password_verifier, many_who_guess_do_not_shut_out_a_log_in_from_elsewhere) {
  verifier_options o;
  o.waiting.most_waiting = 8;
  o.attempts.free_of_address = o.attempts.free_of_account_at_address = 1'000;
  password_verifier verifier(o);
  const auto hash = hash_of("correct horse");
  std::atomic<int> done{0};
  for (int i = 0; i < 64; ++i)
    verifier.check({"sun", "10.0.0.9", {}, "wrong one", ""}, t0, [&](verdict, millis) { ++done; });
  EXPECT_EQ(ask(verifier, "lin", "correct horse", hash), verdict::right);
  while (done < 64) std::this_thread::yield();
}

TEST(password_verifier, a_known_device_is_checked_whatever_waits_at_its_own_address) {
  verifier_options o;
  o.waiting.most_waiting = 2;
  o.attempts.free_of_address = o.attempts.free_of_account_at_address = 1'000;
  password_verifier verifier(o);
  const auto hash = hash_of("correct horse");
  const auto token = device_token("lin", hash, t0 + device_token_lasts);
  std::atomic<int> done{0};
  for (int i = 0; i < 64; ++i)
    verifier.check({"lin", "10.0.0.1", {}, "wrong one", hash}, t0,
                   [&](verdict, millis) { ++done; });
  std::promise<verdict> said;
  verifier.check({"lin", "10.0.0.1", token, "correct horse", hash}, t0,
                 [&](verdict v, millis) { said.set_value(v); });
  EXPECT_EQ(said.get_future().get(), verdict::right);
  while (done < 64) std::this_thread::yield();
}

TEST(device_token, says_which_device_it_is_and_ends_with_the_password_or_in_time) {
  const auto hash = hash_of("correct horse");
  const auto token = device_token("lin", hash, t0 + device_token_lasts);
  const auto device = device_of(token, "lin", hash, t0);
  EXPECT_EQ(device.size(), 32u);
  EXPECT_EQ(device_of(token, "lin", hash, t0 + device_token_lasts - millis{1'000}), device);
  EXPECT_EQ(device_of(token, "lin", hash, t0 + device_token_lasts), "");
  EXPECT_EQ(device_of(token, "sun", hash, t0), "") << "another account";
  EXPECT_EQ(device_of(token, "lin", hash_of("correct horse"), t0), "") << "set anew";
  EXPECT_EQ(device_of(token, "lin", "", t0), "");
  EXPECT_NE(device_of(device_token("lin", hash, t0 + device_token_lasts), "lin", hash, t0), device);
}

TEST(device_token, whatever_is_changed_in_it_is_seen) {
  const auto hash = hash_of("correct horse");
  const auto token = device_token("lin", hash, t0 + device_token_lasts);
  EXPECT_LE(token.size(), 256u);
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto other = token;
    other[i] = other[i] == '1' ? '2' : '1';
    EXPECT_EQ(device_of(other, "lin", hash, t0), "") << i;
    EXPECT_EQ(device_of(token.substr(0, i), "lin", hash, t0), "") << i;
  }
  EXPECT_EQ(device_of(token + "0", "lin", hash, t0), "");
}

TEST(fair_queue, each_address_has_its_turn_and_known_ones_every_other) {
  fair_queue q;
  std::string order;
  std::optional<fair_queue::item> gave_way;
  auto item = [&](char c) { return fair_queue::item{[&order, c] { order += c; }, {}}; };
  for (char c : {'a', 'b', 'c'}) EXPECT_TRUE(q.put("one", item(c), gave_way));
  EXPECT_TRUE(q.put("two", item('x'), gave_way));
  for (char c : {'K', 'L'}) EXPECT_TRUE(q.put_known(item(c)));
  while (auto next = q.take()) next->run();
  EXPECT_EQ(order, "KaLxbc");
  EXPECT_TRUE(q.empty());
}

TEST(fair_queue, who_has_most_waiting_gives_way_to_who_has_nothing) {
  fair_queue q({3, 4, 1});
  std::optional<fair_queue::item> gave_way;
  std::string away;
  auto item = [&](char c) { return fair_queue::item{[] {}, [&away, c] { away += c; }}; };
  for (char c : {'a', 'b', 'c'}) EXPECT_TRUE(q.put("one", item(c), gave_way));
  EXPECT_FALSE(q.put("one", item('d'), gave_way)) << "three of one address";
  EXPECT_TRUE(q.put("two", item('x'), gave_way));
  EXPECT_FALSE(gave_way);
  EXPECT_TRUE(q.put("three", item('y'), gave_way));
  ASSERT_TRUE(gave_way);
  gave_way->turned_away();
  EXPECT_EQ(away, "c");
  EXPECT_FALSE(q.put("two", item('z'), gave_way)) << "full, and has one already";
  EXPECT_TRUE(q.put_known(item('k')));
  EXPECT_FALSE(q.put_known(item('l')));
}

TEST(password_verifier, a_token_has_128_bits) {
  EXPECT_EQ(fresh_token().size(), 32u);
  EXPECT_NE(fresh_token(), fresh_token());
}

}  // namespace
}  // namespace switchboard::password
