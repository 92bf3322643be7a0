#include "runtime/base/span_text.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

TEST(span_text, is_as_people_say_it) {
  EXPECT_EQ(span_text(millis{412}), "412ms");
  EXPECT_EQ(span_text(millis{3'250}), "3.2s");
  EXPECT_EQ(span_text(millis{80'000}), "1m 20s");
  EXPECT_EQ(span_text(millis{7'500'000}), "2h 05m");
  EXPECT_EQ(span_text(millis{356'400'000}), "4d 03h");
  EXPECT_EQ(span_text(millis{-5}), "0ms");
  EXPECT_EQ(span_text(millis{192'000}, ""), "3m12s");
}

}  // namespace
}  // namespace switchboard
