#include "adapters/center/row_fields.hpp"

#include <sstream>

#include <gtest/gtest.h>

#include "adapters/center/row_source.hpp"

namespace switchboard::center {
namespace {

using nlohmann::json;

/// Reads one row with `read`; the errors as text, separated by `; `.
template <class Read> std::string errors_of(const json& row, Read read) {
  import_report report;
  import_errors errors("m.csv", report);
  row_fields fields(row, 17, errors);
  read(fields);
  std::string out;
  for (const auto& e : report.errors) out += (out.empty() ? "" : "; ") + to_string(e);
  return out;
}

TEST(row_fields, an_error_names_file_line_and_field) {
  EXPECT_EQ(errors_of({{"phone", "call me"}}, [](row_fields& f) { f.phone("phone"); }),
            "m.csv:17: phone: expected digits");
}

TEST(row_fields, a_missing_field_is_told_only_when_it_is_required) {
  auto read = [](row_fields& f) {
    f.text("name", row_fields::presence::required);
    f.text("city");
  };
  EXPECT_EQ(errors_of(json::object(), read), "m.csv:17: name: missing");
  EXPECT_EQ(errors_of({{"name", ""}}, read), "m.csv:17: name: missing");
  EXPECT_EQ(errors_of({{"name", json::array()}}, read),
            "m.csv:17: name: expected text or a number");
}

TEST(row_fields, an_unknown_field_is_refused_with_the_nearest_name) {
  EXPECT_EQ(errors_of({{"nmae", "x"}},
                      [](row_fields& f) {
                        f.text("name");
                        f.finish();
                      }),
            "m.csv:17: nmae: unknown field; did you mean \"name\"?");
}

TEST(row_fields, numbers_may_be_text_and_are_held_to_bounds) {
  auto level = [](row_fields& f) { EXPECT_LE(f.integer("level", 1, 0, 9), 9); };
  EXPECT_EQ(errors_of({{"level", "7"}}, level), "");
  EXPECT_EQ(errors_of({{"level", 7}}, level), "");
  EXPECT_EQ(errors_of({{"level", "70"}}, level),
            "m.csv:17: level: expected a whole number from 0 to 9");
  EXPECT_EQ(errors_of({{"level", "gold"}}, level),
            "m.csv:17: level: expected a whole number from 0 to 9");
}

TEST(row_fields, an_id_holds_no_control_characters) {
  EXPECT_EQ(errors_of({{"id", std::string("a\0b", 3)}}, [](row_fields& f) { f.id("id"); }),
            "m.csv:17: id: holds control characters");
  EXPECT_EQ(errors_of({{"id", std::string(129, 'x')}}, [](row_fields& f) { f.id("id"); }),
            "m.csv:17: id: longer than 128 bytes");
}

TEST(row_fields, words_are_a_list_or_a_text_with_bars) {
  EXPECT_EQ(errors_of({{"t", "a|b||c"}},
                      [](row_fields& f) {
                        EXPECT_EQ(f.words("t"), (std::vector<std::string>{"a", "b", "c"}));
                      }),
            "");
  EXPECT_EQ(
      errors_of({{"t", {"a", "b"}}}, [](row_fields& f) { EXPECT_EQ(f.words("t").size(), 2u); }),
      "");
}

TEST(row_fields, a_moment_is_a_date_or_a_time_with_a_zone_or_milliseconds) {
  EXPECT_EQ(unix_ms(*parse_moment("1970-01-02")), 86'400'000);
  EXPECT_EQ(unix_ms(*parse_moment("2026-03-01T10:20:30.5+08:00")), 1772331630500);
  EXPECT_EQ(parse_moment("2026-03-01 02:20:30.500"), parse_moment("2026-03-01T10:20:30.5+0800"));
  EXPECT_EQ(parse_moment("2026-03-01T10:20Z"), parse_moment("2026-03-01T08:20-02:00"));
  for (auto text : {"", "2026", "2026-02-30", "2026-3-1", "2026-03-01T25:00", "2026-03-01x",
                    "2026-03-01T10:20:30 ", "01/03/2026"}) {
    EXPECT_FALSE(parse_moment(text)) << text;
  }
  EXPECT_EQ(
      errors_of({{"at", 1234}}, [](row_fields& f) { EXPECT_EQ(unix_ms(f.moment("at")), 1234); }),
      "");
}

TEST(row_fields, money_is_exact) {
  EXPECT_EQ(parse_hundredths("129"), 12900);
  EXPECT_EQ(parse_hundredths("129.9"), 12990);
  EXPECT_EQ(parse_hundredths("0.07"), 7);
  for (auto text : {"", ".5", "5.", "-1", "1.234", "1,000", "1e3", "12345678901234"}) {
    EXPECT_FALSE(parse_hundredths(text)) << text;
  }
}

std::vector<std::string> rows_of(const std::string& text, import_format format) {
  import_report report;
  import_errors errors("f", report);
  std::istringstream in(text);
  std::vector<std::string> out;
  read_rows(in, format, errors, [&](const json& row, int line) {
    out.push_back(std::to_string(line) + " " + row.dump());
    return true;
  });
  for (const auto& e : report.errors) out.push_back(to_string(e));
  return out;
}

TEST(row_source, dotted_columns_of_csv_nest_and_empty_fields_are_left_out) {
  EXPECT_EQ(rows_of("id,a.b,a.c,x\n1,2,3,\n", import_format::csv),
            std::vector<std::string>{R"(2 {"a":{"b":"2","c":"3"},"id":"1"})"});
}

TEST(row_source, a_csv_row_has_as_many_fields_as_there_are_columns) {
  EXPECT_EQ(
      rows_of("a,b\n1\n1,2\n", import_format::csv),
      (std::vector<std::string>{R"(3 {"a":"1","b":"2"})", "f:2: expected 2 fields, found 1"}));
}

TEST(row_source, columns_have_names_and_each_name_is_there_once) {
  EXPECT_EQ(rows_of("a,a\n", import_format::csv).at(0), "f:1: a: a second column of this name");
  EXPECT_EQ(rows_of("a,\n", import_format::csv).at(0), "f:1: a column without a name");
  EXPECT_EQ(rows_of("", import_format::csv).at(0), "f:1: no line with column names");
}

/// Of a file that is wrong as a whole: said once, whatever follows.
void expect_one_error(const std::string& text, const std::string& beginning,
                      import_format format = import_format::csv) {
  auto said = rows_of(text, format);
  ASSERT_EQ(said.size(), 1u) << said.at(1);
  EXPECT_TRUE(said[0].starts_with("f:1: " + beginning)) << said[0];
}

TEST(row_source, a_file_in_another_encoding_is_one_mistake_told_at_the_header_with_what_to_do) {
  std::string utf_16 = "\xff\xfe", without_mark, big_endian;
  for (char c : std::string("member_id,name\r\nm1,Lin\r\nm2,Mei\r\n")) {
    without_mark += {c, '\0'};
    big_endian += {'\0', c};
  }
  expect_one_error(utf_16 + without_mark, "the file is UTF-16, expected UTF-8");
  expect_one_error(without_mark, "the file is UTF-16, expected UTF-8");
  expect_one_error("\xfe\xff" + big_endian, "the file is UTF-16, expected UTF-8");
  expect_one_error(big_endian, "the file is UTF-16, expected UTF-8");
  expect_one_error("\xff\xfe" + without_mark, "the file is UTF-16, expected UTF-8",
                   import_format::jsonl);
  std::string rows = "member_id,name\n";
  for (int i = 0; i < 200; ++i) rows += "m" + std::to_string(i) + ",\xcd\xf5\xb7\xbc\n";
  auto said = rows_of(rows, import_format::csv);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0],
            "f:1: line 2 is not UTF-8, expected UTF-8; where it is GBK: save it as \"CSV UTF-8\", "
            "or convert it "
            "(iconv -f GB18030 -t UTF-8)");
  expect_one_error("\xd0\xd5\xc3\xfb,phone\nx,1\ny,2\n", "the column names are not UTF-8");
}

TEST(row_source, a_file_with_other_separators_is_one_mistake_told_at_the_header) {
  expect_one_error("member_id;name\nm1;Lin\nm2;Mei,x\n",
                   "the columns are separated by \";\", expected \",\"");
  expect_one_error("member_id\tname\nm1\tLin\n",
                   "the columns are separated by tabs, expected \",\"");
  expect_one_error("\xef\xbb\xbfmember_id；name\n", "the columns are separated by \"；\"");
  EXPECT_EQ(rows_of("member_id\nm1\n", import_format::csv),
            std::vector<std::string>{R"(2 {"member_id":"m1"})"})
      << "one column is right";
}

TEST(row_source, json_lines_are_objects_and_blank_lines_nothing) {
  EXPECT_EQ(rows_of("{\"a\":1}\n\n[1]\n{\"a\":\n\xff\n{}", import_format::jsonl),
            (std::vector<std::string>{R"(1 {"a":1})", "f:3: expected a JSON object",
                                      "f:4: not JSON, or nested too deeply",
                                      "f:5: not UTF-8, expected UTF-8; where it is GBK: save it as "
                                      "\"CSV UTF-8\", or convert it "
                                      "(iconv -f GB18030 -t UTF-8)"}));
}

TEST(row_source, nesting_is_bounded) {
  std::string deep = "{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  EXPECT_EQ(rows_of(deep, import_format::jsonl).at(0), "f:1: not JSON, or nested too deeply");
  EXPECT_TRUE(json_of(R"({"a":"[[[[[[[[[[[[[[[[[[[[\"[[[["})"));
}

}  // namespace
}  // namespace switchboard::center
