#include "tools/switchboardctl/text_table.hpp"

#include <gtest/gtest.h>

namespace switchboard::terminal {
namespace {

TEST(text_table, columns_stand_below_each_other_also_with_chinese) {
  text_table table({{"ID"}, {"NAME"}, {"USED", text_table::align::right}});
  table.add({"lin", "林晓岚", "2/5"});
  table.add({"emma", "Emma Collins", "11/15"});
  EXPECT_EQ(table.text(),
            "ID    NAME           USED\n"
            "lin   林晓岚          2/5\n"
            "emma  Emma Collins  11/15\n");
}

TEST(text_table, a_long_cell_is_cut_and_a_missing_one_is_empty) {
  text_table table({{"A", text_table::align::left, 4}, {"B"}});
  table.add({"abcdefgh"});
  EXPECT_EQ(table.text(), "A     B\nabc…\n");
}

TEST(text_table, spans_are_short) {
  EXPECT_EQ(span_text(412), "412ms");
  EXPECT_EQ(span_text(3'250), "3.2s");
  EXPECT_EQ(span_text(192'000), "3m12s");
  EXPECT_EQ(span_text(7'500'000), "2h05m");
  EXPECT_EQ(span_text(356'400'000), "4d03h");
  EXPECT_EQ(span_text(-5), "0ms");
}

TEST(text_table, counts_are_grouped) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1'000), "1,000");
  EXPECT_EQ(count_text(1'234'567), "1,234,567");
  EXPECT_EQ(count_text(-123), "-123");
}

}  // namespace
}  // namespace switchboard::terminal
