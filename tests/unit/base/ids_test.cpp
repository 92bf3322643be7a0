#include "runtime/base/ids.hpp"

#include <random>

#include <gtest/gtest.h>

#include "runtime/base/hash.hpp"

namespace switchboard {
namespace {

TEST(session_id, text_and_back_is_the_same_id_for_any_bytes) {
  std::mt19937_64 rng(1);
  for (int i = 0; i < 1000; ++i) {
    auto id = make_session_id(static_cast<shard_id>(rng()),
                              from_unix_ms(static_cast<std::int64_t>(rng() >> 17)), rng(), rng());
    auto text = id.text();
    ASSERT_EQ(text.size(), 29u);
    auto back = session_id::parse(text);
    ASSERT_TRUE(back) << text;
    EXPECT_EQ(*back, id);
  }
}

TEST(session_id, of_a_later_moment_sorts_after_an_earlier_one_in_its_shard) {
  auto early = make_session_id(7, from_unix_ms(1'000), ~0ull, ~0ull),
       late = make_session_id(7, from_unix_ms(1'001), 0, 0);
  EXPECT_LT(early.text(), late.text());
}

TEST(session_id, what_is_not_an_id_is_refused) {
  auto good = make_session_id(1, from_unix_ms(5), 1, 2).text();
  for (auto bad : {std::string{}, good.substr(1), good + "0", "x" + good.substr(1),
                   "sXX" + good.substr(3), good.substr(0, 28) + "U", "s01Z" + good.substr(4)}) {
    EXPECT_FALSE(session_id::parse(bad)) << bad;
  }
}

TEST(session_id, an_offer_names_its_session) {
  auto id = make_session_id(200, from_unix_ms(123456789), 3, 4);
  EXPECT_EQ(session_of(id.text() + ".77.1"), id);
}

// Known answers: http://www.isthe.com/chongo/tech/comp/fnv/ and RFC 3720 B.4.
TEST(hash, fnv1a_and_crc32c_give_the_published_values) {
  EXPECT_EQ(fnv1a(""), 0xcbf29ce484222325ull);
  EXPECT_EQ(fnv1a("a"), 0xaf63dc4c8601ec8cull);
  EXPECT_EQ(fnv1a("foobar"), 0x85944171f73967e8ull);
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(crc32c("6789", crc32c("12345")), 0xe3069283u);
}

TEST(shard, separates_channel_from_customer) {
  EXPECT_EQ(session_shard("app", "u1"), fnv1a(std::string("app\0u1", 6)) % 256);
  EXPECT_NE(std::make_pair(session_shard("ab", "c"), session_shard("ab", "d")),
            std::make_pair(session_shard("a", "bc"), session_shard("a", "bd")));
}

}  // namespace
}  // namespace switchboard
