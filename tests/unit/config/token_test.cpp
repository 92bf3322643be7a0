#include "config/token.hpp"

#include <gtest/gtest.h>

namespace switchboard::config {
namespace {

TEST(token, the_digest_is_sha_256_in_lower_case) {
  // FIPS 180-4, the example of one block.
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(token, only_the_right_token_matches) {
  auto stored = sha256_hex("demo-lin");
  EXPECT_TRUE(token_matches("demo-lin", stored));
  EXPECT_FALSE(token_matches("demo-li", stored));
  EXPECT_FALSE(token_matches(stored, stored));
}

TEST(token, an_account_without_a_token_lets_nobody_in) {
  EXPECT_FALSE(token_matches("", ""));
  EXPECT_FALSE(token_matches("anything", ""));
}

TEST(token, a_digest_has_64_digits_in_lower_case) {
  EXPECT_TRUE(is_sha256_hex(sha256_hex("")));
  EXPECT_FALSE(is_sha256_hex(std::string(64, 'A')));
  EXPECT_FALSE(is_sha256_hex(std::string(63, 'a')));
}

}  // namespace
}  // namespace switchboard::config
