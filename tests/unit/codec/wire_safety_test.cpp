#include "runtime/codec/wire_safety.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>
#include <msgpack.hpp>

#include "runtime/base/text.hpp"
#include "runtime/codec/described.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard::codec {
namespace {

using std::string_literals::operator""s;

struct kept {
  std::string name;
  packed_value body;
};
template <class V> void describe(V& v, kept& x) {
  v("name", x.name);
  v("body", x.body);
}

void expect_mended(const std::string& harmful, const std::string& mended) {
  EXPECT_FALSE(is_readable(harmful));
  EXPECT_EQ(made_readable(harmful), mended);
  EXPECT_TRUE(is_readable(mended));
}

TEST(wire_safety, what_every_client_can_read_is_left_as_it_is) {
  packer p;
  p.array(12)
      .nil()
      .boolean(true)
      .integer(-3)
      .uinteger(largest_integer)
      .integer(-largest_integer)
      .real(1.0)
      .real(-0.5);
  p.str("你好").bin("\xff\xfe").map(1).str("k").map(0).array(0).str("");
  EXPECT_TRUE(is_readable(p.view()));
}

TEST(wire_safety, text_that_is_no_utf8_gets_the_replacement_character) {
  expect_mended(
      "\x81\xa4text\xa3"
      "a\xff"
      "b",
      "\x81\xa4text\xa5"
      "a\xef\xbf\xbd"
      "b");
  expect_mended("\x81\xa1\xff\x01", "\x81\xa3\xef\xbf\xbd\x01");
}

TEST(wire_safety, keys_become_text) {
  expect_mended(
      "\x82\x07\xa1"
      "a\xc4\x01k\xc3",
      "\x82\xa1"
      "7\xa1"
      "a\xa1k\xc3");
  expect_mended("\x81\xc0\x01"s, "\x81\xa1?\x01");
}

TEST(wire_safety, extension_types_and_numbers_that_are_none_become_nil) {
  expect_mended("\x92\xd4\x05\x01\xd6\xff\0\0\0\1"s, "\x92\xc0\xc0");
  expect_mended("\xcb\x7f\xf8\0\0\0\0\0\0"s, "\xc0");
  expect_mended("\xca\x7f\x80\0\0"s, "\xc0");
}

TEST(wire_safety, integers_that_are_too_large_become_the_nearest_float) {
  expect_mended("\xcf\xff\xff\xff\xff\xff\xff\xff\xff", "\xcb\x43\xf0\0\0\0\0\0\0"s);
  expect_mended("\xd3\x80\0\0\0\0\0\0\0"s, "\xcb\xc3\xe0\0\0\0\0\0\0"s);
  expect_mended("\xcf\0\x20\0\0\0\0\0\1"s, "\xcb\x43\x40\0\0\0\0\0\0"s);
  EXPECT_TRUE(is_readable("\xcf\0\x20\0\0\0\0\0\0"s));
  EXPECT_TRUE(is_readable("\xd3\xff\xe0\0\0\0\0\0\0"s));
  EXPECT_FALSE(is_readable("\xd3\xff\xdf\xff\xff\xff\xff\xff\xff"s));
}

TEST(wire_safety, bytes_that_are_no_value_become_an_empty_map) {
  for (auto damaged : {""s, "\xc1"s, "\x81"s,
                       "\xa5"
                       "abc"s,
                       "\x92\x01"s})
    expect_mended(damaged, "\x80");
  EXPECT_FALSE(is_readable("\x01\x02")) << "two values are not one";
}

TEST(wire_safety, a_store_of_before_is_read_back_so_that_clients_can_read_it) {
  std::string stored =
      "\x82\xa4name\xa2x\xff\xa4"
      "body\x82\xa1"
      "f\xcb\x3f\xf0\0\0\0\0\0\0\x05\xd4\x01\x01"s;
  kept x;
  ASSERT_TRUE(unpack(stored, x));
  EXPECT_EQ(x.body.bytes,
            "\x82\xa1"
            "f\xcb\x3f\xf0\0\0\0\0\0\0\xa1"
            "5\xc0"s)
      << "the float keeps its type";
  EXPECT_TRUE(is_readable(pack(x, audience::client)));
}

TEST(wire_safety, nothing_that_is_packed_as_text_is_other_than_utf8) {
  packer p;
  field(p.map(1), "why", std::string_view("\xe4\xbd"));
  EXPECT_TRUE(is_readable(p.view()));
}

TEST(wire_safety, what_lies_too_deep_becomes_nil_where_clients_still_read) {
  for (const std::size_t depth : {63, 64, 65, 66, 200}) {
    const auto nested = std::string(depth, '\x91') + '\x01';
    const auto made = codec::made_readable(nested);
    EXPECT_TRUE(codec::is_readable(made)) << depth;
    EXPECT_EQ(made == nested, depth <= 64) << depth;
  }
}

TEST(wire_safety, agrees_with_itself_on_random_bytes) {
  std::mt19937 rng(7);
  for (int round = 0; round < 50'000; ++round) {
    std::string bytes;
    for (auto n = rng() % 24; n > 0; --n)
      bytes += static_cast<char>(rng() % 3 == 0 ? rng()
                                 : rng() % 2    ? 0x80 + rng() % 48
                                                : rng() % 128);
    auto mended = made_readable(bytes);
    ASSERT_TRUE(is_readable(mended)) << "round " << round;
    if (is_readable(bytes)) {
      ASSERT_TRUE(is_readable(made_readable(bytes)));
    }
  }
}

TEST(utf8, is_judged_as_the_standard_has_it) {
  for (auto good : {"a"s, "é"s, "你好世界，这是一段普通的中文"s, "😀"s, "\xed\x9f\xbf"s,
                    "\xee\x80\x80"s, "\xf4\x8f\xbf\xbf"s, "\0"s, "12345678é"s})
    EXPECT_TRUE(valid_utf8(good)) << good;
  for (auto bad : {"\xff"s, "\xc0\x80"s, "\xc1\xbf"s, "\xe0\x9f\xbf"s, "\xed\xa0\x80"s,
                   "\xf0\x8f\xbf\xbf"s, "\xf4\x90\x80\x80"s, "\xf5\x80\x80\x80"s, "\xe4\xbd"s,
                   "\xe4"s, "\x80"s, "abcdefgh\xe4\xbd"s,
                   "\xc3"
                   "a"s,
                   "\xe4\xbd"
                   "a"s})
    EXPECT_FALSE(valid_utf8(bad));
}

TEST(utf8, is_cut_between_characters) {
  EXPECT_EQ(utf8_prefix("你好", 5), "你");
  EXPECT_EQ(utf8_prefix("你好", 6), "你好");
  EXPECT_EQ(utf8_prefix("你", 2), "");
  EXPECT_EQ(utf8_prefix("abc", 2), "ab");
}

}  // namespace
}  // namespace switchboard::codec
