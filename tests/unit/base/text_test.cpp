#include "runtime/base/text.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

TEST(utf8, well_formed_text_passes) {
  for (auto s : {"", "plain", "您好", "é", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(valid_utf8(s)) << s;
}

TEST(utf8, overlong_forms_surrogates_and_cut_sequences_are_refused) {
  for (auto s : {"\xC0\x80", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE4\xBD", "\xFF",
                 "a\x80"})
    EXPECT_FALSE(valid_utf8(s));
}

TEST(nearest_name, offers_what_was_perhaps_meant_and_nothing_far_off) {
  EXPECT_EQ(nearest_name("stratgy", {"strategy", "order"}), "strategy");
  EXPECT_EQ(nearest_name("xyz", {"strategy", "order"}), "");
}

}  // namespace
}  // namespace switchboard
