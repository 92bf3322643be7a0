#include "adapters/password/attempt_limit.hpp"

#include <string>

#include <gtest/gtest.h>

namespace switchboard::password {
namespace {

const timestamp t0 = from_unix_ms(1'700'000'000'000);
constexpr millis free_pass{0};

millis begin(attempt_limit& limit, const std::string& account, const std::string& address,
             timestamp now, const std::string& device = {}) {
  return limit.begin({account, address, device}, now);
}

/// Fails until it has to wait; how often it could.
int failures_until_wait(attempt_limit& limit, const char* account, const char* address,
                        timestamp now) {
  int n = 0;
  while (n < 1'000 && limit.begin({account, address, {}}, now) == free_pass) ++n;
  return n;
}

TEST(attempt_limit, five_failures_are_free_and_then_the_wait_doubles) {
  attempt_limit limit;
  EXPECT_EQ(failures_until_wait(limit, "lin", "10.0.0.1", t0), 5);
  auto now = t0;
  for (auto wait : {1'000, 2'000, 4'000, 8'000}) {
    EXPECT_EQ(begin(limit, "lin", "10.0.0.1", now), millis{wait});
    now += millis{wait};
    EXPECT_EQ(begin(limit, "lin", "10.0.0.1", now), free_pass) << wait;
  }
}

TEST(attempt_limit, the_wait_has_an_end_and_is_forgotten) {
  attempt_limit limit;
  auto now = t0;
  for (int i = 0; i < 40; ++i) now += begin(limit, "lin", "10.0.0.1", now);
  const auto wait = begin(limit, "lin", "10.0.0.1", now);
  EXPECT_LE(wait, millis{15 * 60'000});
  EXPECT_EQ(begin(limit, "lin", "10.0.0.1", now + millis{60 * 60'000}), free_pass);
  EXPECT_EQ(failures_until_wait(limit, "lin", "10.0.0.1", now + millis{60 * 60'000}), 4);
}

TEST(attempt_limit, the_right_password_begins_anew) {
  attempt_limit limit;
  for (int i = 0; i < 4; ++i) begin(limit, "lin", "10.0.0.1", t0);
  begin(limit, "lin", "10.0.0.1", t0);
  limit.succeeded({"lin", "10.0.0.1", {}}, t0);
  EXPECT_EQ(failures_until_wait(limit, "lin", "10.0.0.1", t0), 5);
}

TEST(attempt_limit, one_address_is_bounded_over_all_accounts_and_one_account_over_all_addresses) {
  attempt_limit limit;
  int n = 0;
  while (begin(limit, "a" + std::to_string(n), "10.0.0.1", t0) == free_pass) ++n;
  EXPECT_EQ(n, 20);
  n = 0;
  while (begin(limit, "lin", "10.0.1." + std::to_string(n), t0) == free_pass) ++n;
  EXPECT_EQ(n, 50);
}

TEST(attempt_limit, somebody_else_s_failures_elsewhere_do_not_shut_an_agent_out) {
  attempt_limit limit;
  failures_until_wait(limit, "lin", "10.9.9.9", t0);
  EXPECT_EQ(begin(limit, "lin", "10.0.0.1", t0), free_pass);
}

TEST(attempt_limit, who_knows_one_password_cannot_try_others_without_end) {
  attempt_limit limit;
  int n = 0;
  while (n < 1'000 && begin(limit, "a" + std::to_string(n), "10.0.0.1", t0) == free_pass) {
    ++n;
    if (begin(limit, "mine", "10.0.0.1", t0) == free_pass)
      limit.succeeded({"mine", "10.0.0.1", {}}, t0);
  }
  EXPECT_LE(n, 20);
}

TEST(attempt_limit, what_could_not_be_checked_does_not_count) {
  attempt_limit limit;
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(begin(limit, "lin", "10.0.0.1", t0), free_pass);
    limit.taken_back({"lin", "10.0.0.1", {}}, t0);
  }
  EXPECT_EQ(limit.kept(), 0u);
}

TEST(attempt_limit,
     wrong_guesses_from_fifty_addresses_do_not_shut_the_owner_out_where_it_has_logged_in_before) {
  attempt_limit limit;
  begin(limit, "lin", "10.0.0.1", t0);
  limit.succeeded({"lin", "10.0.0.1", {}}, t0);
  int n = 0;
  while (n < 1'000 && begin(limit, "lin", "10.0.1." + std::to_string(n), t0) == free_pass) ++n;
  EXPECT_EQ(n, 50);
  EXPECT_EQ(begin(limit, "lin", "10.0.0.1", t0), free_pass);
  EXPECT_EQ(failures_until_wait(limit, "lin", "10.0.0.1", t0), 4) << "its own failures count";
}

TEST(attempt_limit, where_the_owner_never_was_the_wait_for_what_others_do_is_short) {
  attempt_limit limit;
  auto now = t0;
  for (int n = 0; n < 1'000; ++n) {
    now += begin(limit, "lin", "10.0." + std::to_string(n), now);
  }
  EXPECT_LE(begin(limit, "lin", "10.9.9.9", now), millis{10'000});
}

TEST(attempt_limit, a_known_device_is_shut_out_by_nobody_but_itself) {
  attempt_limit limit;
  for (int i = 0; i < 1'000; ++i) begin(limit, "a" + std::to_string(i), "10.0.0.1", t0);
  failures_until_wait(limit, "lin", "10.0.0.1", t0);
  int n = 0;
  while (n < 1'000 && begin(limit, "lin", "10.0.0.1", t0, "d1") == free_pass) ++n;
  EXPECT_EQ(n, 5);
  EXPECT_EQ(begin(limit, "lin", "10.0.0.1", t0, "d2"), free_pass);
}

TEST(attempt_limit, an_office_behind_one_address_is_not_shut_out_by_one_in_it_who_guesses) {
  attempt_limit limit;
  begin(limit, "lin", "10.0.0.1", t0);
  limit.succeeded({"lin", "10.0.0.1", {}}, t0);
  for (int i = 0; i < 1'000; ++i) begin(limit, "a" + std::to_string(i), "10.0.0.1", t0);
  EXPECT_NE(begin(limit, "sun", "10.0.0.1", t0), free_pass);
  EXPECT_EQ(begin(limit, "lin", "10.0.0.1", t0), free_pass);
}

TEST(attempt_limit, is_bounded) {
  attempt_options o;
  o.most_kept = 100;
  attempt_limit limit(o);
  for (int i = 0; i < 1'000; ++i)
    begin(limit, "a" + std::to_string(i), "b" + std::to_string(i), t0 + millis{i});
  EXPECT_LE(limit.kept(), 100u);
}

}  // namespace
}  // namespace switchboard::password
