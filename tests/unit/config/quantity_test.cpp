#include "config/quantity.hpp"

#include <gtest/gtest.h>

namespace switchboard::config {
namespace {

TEST(quantity, a_duration_is_a_number_with_a_unit) {
  EXPECT_EQ(parse_duration("300ms"), millis(300));
  EXPECT_EQ(parse_duration("20s"), millis(20'000));
  EXPECT_EQ(parse_duration("5m"), millis(300'000));
  EXPECT_EQ(parse_duration("24h"), millis(86'400'000));
  EXPECT_EQ(parse_duration("7d"), millis(7ll * 86'400'000));
  EXPECT_EQ(parse_duration("0"), millis(0));
}

TEST(quantity, units_of_one_duration_fall_from_large_to_small) {
  EXPECT_EQ(parse_duration("1h30m"), millis(5'400'000));
  EXPECT_EQ(parse_duration("1m1ms"), millis(60'001));
  EXPECT_FALSE(parse_duration("30m1h"));
  EXPECT_FALSE(parse_duration("1s1s"));
}

TEST(quantity, what_is_no_duration_is_refused) {
  for (auto text : {"", "20", "s", "20 s", "-5s", "1.5h", "20S", "5min", "99999999999d",
                    "99999999999999999999s", "+5s", "5s "}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(quantity, a_printed_duration_reads_back) {
  for (auto ms : {0ll, 1ll, 999ll, 1000ll, 90'000ll, 3'600'000ll, 86'400'000ll, 86'400'001ll}) {
    EXPECT_EQ(parse_duration(format_duration(millis(ms))), millis(ms));
  }
  EXPECT_EQ(format_duration(millis(5'400'000)), "90m");
}

TEST(quantity, a_size_counts_in_powers_of_1024) {
  EXPECT_EQ(parse_size("512"), 512);
  EXPECT_EQ(parse_size("64KiB"), 65536);
  EXPECT_EQ(parse_size("1TiB"), 1ll << 40);
  for (auto text : {"", "KiB", "-1KiB", "64kb", "64 KiB", "1.5MiB", "9999999999999TiB"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
  EXPECT_EQ(format_size(64ll << 30), "64GiB");
  EXPECT_EQ(format_size(1025), "1025");
}

TEST(quantity, a_number_has_nothing_around_it) {
  EXPECT_EQ(parse_integer("-7"), -7);
  EXPECT_FALSE(parse_integer("7 "));
  EXPECT_FALSE(parse_integer("0x7"));
  EXPECT_FALSE(parse_integer("99999999999999999999"));
  EXPECT_EQ(parse_number("0.8"), 0.8);
  EXPECT_FALSE(parse_number("nan"));
  EXPECT_FALSE(parse_number("inf"));
}

}  // namespace
}  // namespace switchboard::config
