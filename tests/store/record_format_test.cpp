#include "runtime/store/record_format.hpp"

#include <gtest/gtest.h>

#include "tests/store/store_fixture.hpp"

namespace switchboard::store {
namespace {

std::string hex(std::string_view bytes) {
  std::string out;
  for (unsigned char c : bytes) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", c);
    out += two;
  }
  return out;
}

std::string sealed(const record& r, position at, bool erased = false) {
  std::string bytes;
  encode_record(r, bytes, erased);
  seal_record(bytes.data(), at);
  return bytes;
}

record golden_record() {
  record r;
  r.kind = entity_kind::agent;
  r.shard = 0xab;
  r.epoch = 7;
  r.entity_seq = 0x0102030405060708;
  r.at = from_unix_ms(1'700'000'000'123);
  r.key = "alice";
  r.channel = "web";
  r.events = "\x93\x01\x02\x03";
  return r;
}

TEST(record_format, writes_the_golden_bytes) {
  EXPECT_EQ(hex(sealed(golden_record(), 42)),
            "ea283e1e0102ab000700000008070605040302017b68e5cf8b0100000500030004000000"
            "616c69636577656293010203");
}

TEST(record_format, reads_its_own_bytes_over_whatever_was_there) {
  placed_record into{9, sample_record(9)};
  ASSERT_TRUE(decode_record(sealed(golden_record(), 42), 42, into));
  EXPECT_EQ(into.at, 42u);
  EXPECT_EQ(hex(sealed(into.body, 42)), hex(sealed(golden_record(), 42)));
}

TEST(record_format, sees_every_changed_bit) {
  const auto whole = sealed(golden_record(), 42);
  placed_record into;
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    auto bytes = whole;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(decode_record(bytes, 42, into)) << "bit " << bit;
  }
}

TEST(record_format, sees_a_record_cut_short_or_drawn_out) {
  const auto whole = sealed(golden_record(), 42);
  placed_record into;
  for (std::size_t n = 0; n < whole.size(); ++n) {
    EXPECT_FALSE(decode_record(std::string_view(whole).substr(0, n), 42, into)) << n;
  }
  EXPECT_FALSE(decode_record(whole + '\0', 42, into));
}

TEST(record_format, sees_a_record_in_the_place_of_another) {
  placed_record into;
  auto decoded = decode_record(sealed(golden_record(), 42), 43, into);
  ASSERT_FALSE(decoded);
  EXPECT_NE(decoded.error().message.find("record 43"), std::string::npos);
}

TEST(record_format, refuses_a_version_it_does_not_know) {
  std::string bytes;
  encode_record(golden_record(), bytes);
  bytes[4] = 2;
  placed_record into;
  auto decoded = decode_record(bytes, 42, into, false);
  ASSERT_FALSE(decoded);
  EXPECT_NE(decoded.error().message.find("version 2"), std::string::npos);
}

TEST(record_format, marks_an_erased_record) {
  EXPECT_EQ(sealed(golden_record(), 42, true)[7], 1);
  EXPECT_EQ(sealed(golden_record(), 42, false)[7], 0);
}

TEST(record_format, tells_the_time_of_a_record) {
  EXPECT_EQ(record_time(sealed(golden_record(), 42)), golden_record().at);
}

}  // namespace
}  // namespace switchboard::store
