#include "adapters/password/password_desk.hpp"

#include <future>

#include <gtest/gtest.h>

#include "adapters/password/password_hash.hpp"

namespace switchboard::password {
namespace {

using verdict = password_desk::verdict;
const timestamp t0 = from_unix_ms(1'700'000'000'000);

verdict ask(password_desk& desk, const char* account, const char* secret, const std::string& hash) {
  std::promise<verdict> said;
  desk.check(account, "10.0.0.1", secret, hash, t0, [&](verdict v, millis) { said.set_value(v); });
  return said.get_future().get();
}

TEST(password_desk, a_password_matches_its_hash_alone) {
  password_desk desk;
  const auto hash = hash_of("correct horse");
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << hash;
  EXPECT_NE(hash, hash_of("correct horse")) << "each has a salt of its own";
  EXPECT_EQ(ask(desk, "lin", "correct horse", hash), verdict::right);
  EXPECT_EQ(ask(desk, "lin", "correct hors", hash), verdict::wrong);
  EXPECT_EQ(ask(desk, "lin", "correct horse", ""), verdict::wrong);
}

TEST(password_desk, unknown_accounts_wait_like_known_ones) {
  password_desk desk;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask(desk, "ghost", "secret!!", ""), verdict::wrong);
  EXPECT_EQ(ask(desk, "ghost", "secret!!", ""), verdict::too_often);
}

TEST(password_desk, turns_away_what_it_cannot_hold_and_counts_it_for_nobody) {
  desk_options o;
  o.most_waiting = 2;
  o.attempts.free_of_address = o.attempts.free_of_account_at_address = 1'000;
  password_desk desk(o);
  std::atomic<int> busy{0}, done{0};
  for (int i = 0; i < 40; ++i) {
    desk.check("lin", "10.0.0.1", "wrong one", "", t0, [&](verdict v, millis) {
      busy += v == verdict::too_busy;
      ++done;
    });
  }
  while (done < 40) std::this_thread::yield();
  EXPECT_GE(busy, 30);
}

TEST(password_desk, a_token_has_128_bits) {
  EXPECT_EQ(fresh_token().size(), 32u);
  EXPECT_NE(fresh_token(), fresh_token());
}

}  // namespace
}  // namespace switchboard::password
