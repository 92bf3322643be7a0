#include "adapters/center/csv_reader.hpp"

#include <sstream>

#include <gtest/gtest.h>

namespace switchboard::center {
namespace {

using record = std::vector<std::string>;

/// All records of `text`, then what was wrong, if anything, as a record of its own.
std::vector<record> records_of(const std::string& text) {
  std::istringstream in(text);
  csv_reader reader(in);
  std::vector<record> out;
  record fields;
  auto outcome = reader.next(fields);
  for (; outcome == csv_reader::outcome::record; outcome = reader.next(fields)) {
    out.push_back(fields);
  }
  if (outcome == csv_reader::outcome::broken) {
    out.push_back({"line " + std::to_string(reader.line()) + ": " + reader.problem()});
  }
  return out;
}

TEST(csv_reader, fields_are_separated_by_commas_and_may_be_empty) {
  EXPECT_EQ(records_of("a,b,c\n1,,3\n,,\n"),
            (std::vector<record>{{"a", "b", "c"}, {"1", "", "3"}, {"", "", ""}}));
}

TEST(csv_reader, a_quoted_field_holds_commas_quotes_and_line_ends) {
  EXPECT_EQ(records_of("\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\"\n"),
            (std::vector<record>{{"a,b", "say \"hi\"", "two\r\nlines"}}));
  EXPECT_EQ(records_of("\"\",x"), (std::vector<record>{{"", "x"}}));
}

TEST(csv_reader, the_last_line_needs_no_end_and_crlf_is_one) {
  EXPECT_EQ(records_of("a,b\r\n1,2"), (std::vector<record>{{"a", "b"}, {"1", "2"}}));
}

TEST(csv_reader, a_byte_order_mark_and_blank_lines_are_skipped) {
  EXPECT_EQ(records_of("\xef\xbb\xbf"
                       "a\n\n\r\nb\n"),
            (std::vector<record>{{"a"}, {"b"}}));
}

TEST(csv_reader, spaces_belong_to_the_field) {
  EXPECT_EQ(records_of(" a , b\n"), (std::vector<record>{{" a ", " b"}}));
}

TEST(csv_reader, the_line_is_the_one_on_which_the_record_begins) {
  std::istringstream in("a\n\"x\ny\nz\"\nb\n");
  csv_reader reader(in);
  record fields;
  std::vector<int> lines;
  while (reader.next(fields) == csv_reader::outcome::record) lines.push_back(reader.line());
  EXPECT_EQ(lines, (std::vector<int>{1, 2, 5}));
}

TEST(csv_reader, broken_quotes_are_told_and_end_the_reading) {
  EXPECT_EQ(records_of("a\n\"b\nc\n").back(), record{"line 2: a quote is never closed"});
  EXPECT_EQ(records_of("\"a\"b\n").back(), record{"line 1: text after a closing quote"});
  EXPECT_EQ(records_of("a\"b\n").back(),
            record{"line 1: a quote inside a field that does not begin with one"});
  EXPECT_EQ(records_of("a\rb\n").back(), record{"line 1: a carriage return without a line feed"});
}

TEST(csv_reader, a_record_cannot_grow_without_end) {
  EXPECT_EQ(records_of(std::string(2 << 20, 'x')).back(),
            record{"line 1: a record longer than 1 MiB"});
  EXPECT_EQ(records_of("\"" + std::string(2 << 20, 'x')).back(),
            record{"line 1: a record longer than 1 MiB"});
  EXPECT_EQ(records_of(std::string(300, ',')).back(), record{"line 1: more than 256 fields"});
}

}  // namespace
}  // namespace switchboard::center
