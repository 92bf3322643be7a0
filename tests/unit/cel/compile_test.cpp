#include <gtest/gtest.h>

#include "runtime/cel/program.hpp"
#include "tests/unit/cel/sample_bindings.hpp"

namespace switchboard::cel {
namespace {

std::string error_of(std::string_view text) {
  const auto p = compile(text, testing::sample_environment());
  return p ? "compiled" : p.error().to_string();
}

std::string type_of(std::string_view text) {
  const auto p = compile(text, testing::sample_environment());
  return p ? p->result_type().to_string() : p.error().to_string();
}

TEST(cel_compile, an_unknown_variable_is_refused_with_its_column_and_the_nearest_name) {
  EXPECT_EQ(error_of("1 == 1 && membr.level > 2"),
            "1:11: unknown variable 'membr'; did you mean 'member'?");
  EXPECT_EQ(error_of("zzz"), "1:1: unknown variable 'zzz'");
}

TEST(cel_compile, an_unknown_field_is_refused_however_it_is_written) {
  EXPECT_EQ(error_of("member.levle >= 3"),
            "1:8: member has no field 'levle'; did you mean 'level'?");
  EXPECT_EQ(error_of("member['levle'] >= 3"),
            "1:8: member has no field 'levle'; did you mean 'level'?");
  EXPECT_EQ(error_of("has(member.levle)"),
            "1:12: member has no field 'levle'; did you mean 'level'?");
  EXPECT_EQ(error_of("queue('vip').onlin == 0"),
            "1:14: queue has no field 'onlin'; did you mean 'online'?");
}

TEST(cel_compile, fields_of_a_map_are_left_to_the_run_time) {
  EXPECT_EQ(type_of("request.attributes.anything"), "dyn");
  EXPECT_EQ(error_of("request.intent.length"), "1:16: string has no fields");
}

TEST(cel_compile, columns_count_code_points_and_lines_count) {
  EXPECT_EQ(error_of("'\u00e4\u00f6' == nobody"), "1:9: unknown variable 'nobody'");
  EXPECT_EQ(error_of("true\n  && nobody"), "2:6: unknown variable 'nobody'");
}

TEST(cel_compile, syntax_errors_say_what_was_expected) {
  EXPECT_EQ(error_of("(1 + 2"), "1:7: expected ')' or an operator, found the end");
  EXPECT_EQ(error_of("1 +"), "1:4: expected an expression, found the end");
  EXPECT_EQ(error_of("[1, 2"), "1:6: expected ',' or ']', found the end");
  EXPECT_EQ(error_of("true ? 1"), "1:9: expected ':' of the conditional, found the end");
  EXPECT_EQ(error_of("1 2"), "1:3: expected an operator or the end, found '2'");
  EXPECT_EQ(error_of(""), "1:1: expected an expression, found the end");
  EXPECT_EQ(error_of("'abc"), "1:1: the string has no end");
  EXPECT_EQ(error_of("a & b"), "1:3: expected an operator, found '&'; 'and' is written &&");
  EXPECT_EQ(error_of("has(member)"), "1:5: expected a field selection such as has(request.intent)");
  EXPECT_EQ(error_of("tags.all(1, true)"),
            "1:10: expected a plain variable name as first argument of 'all'");
  EXPECT_EQ(error_of("if == 1"), "1:1: 'if' is a reserved word");
  EXPECT_EQ(error_of("Message{field: 1}"),
            "1:8: expected an operator, found '{': there are no messages here");
}

TEST(cel_compile, wrong_types_are_refused_where_they_meet) {
  EXPECT_EQ(error_of("member.level == '3'"), "1:14: '==' does not go with int and string");
  EXPECT_EQ(error_of("member.level + 1u > 2u"), "1:14: '+' does not go with int and uint");
  EXPECT_EQ(error_of("3 in tags"), "1:3: 'in' does not go with int and list(string)");
  EXPECT_EQ(error_of("tags && true"), "1:1: expected a bool beside '&&', found list(string)");
  EXPECT_EQ(error_of("tags['a']"), "1:6: a list index is an int, not string");
  EXPECT_EQ(error_of("member.id.startsWith(1)"),
            "1:11: 'startsWith' takes (string, string), not (string, int)");
  EXPECT_EQ(error_of("queue(1).online"), "1:1: 'queue' takes (string), not (int)");
  EXPECT_EQ(error_of("true ? 1 : 'a'"), "1:12: expected int on both sides of ':', found string");
  EXPECT_EQ(error_of("member.level.all(x, true)"), "1:1: expected a list or a map, found int");
}

TEST(cel_compile, a_function_is_suggested_by_name_style_and_number_of_arguments) {
  EXPECT_EQ(error_of("member.id.startWith('a')"),
            "1:11: unknown method 'startWith'; did you mean 'startsWith'?");
  EXPECT_EQ(error_of("quue('vip').online == 0"),
            "1:1: unknown function 'quue'; did you mean 'queue'?");
  EXPECT_EQ(error_of("contains(member.id, 'a')"),
            "1:1: 'contains' is a method: write x.contains(...)");
  EXPECT_EQ(error_of("member.level.string()"), "1:14: 'string' is a function: write string(x)");
  EXPECT_EQ(error_of("size()"), "1:1: function 'size' does not take 0 arguments");
}

TEST(cel_compile, literals_that_can_never_work_are_refused) {
  EXPECT_EQ(error_of("now - member.since > duration('5 minutes')"),
            "1:22: \"5 minutes\" is no duration");
  EXPECT_EQ(error_of("now.getHours('Asia/Shangai') > 8 || timestamp('x') > now"),
            "1:37: \"x\" is no timestamp");
  EXPECT_TRUE(error_of("member.id.matches('(')").starts_with("1:19: bad regular expression"));
}

TEST(cel_compile, result_types_are_known_as_far_as_the_names_are) {
  EXPECT_EQ(type_of("member.level >= 3"), "bool");
  EXPECT_EQ(type_of("member.level + 1"), "int");
  EXPECT_EQ(type_of("now - member.since"), "google.protobuf.Duration");
  EXPECT_EQ(type_of("tags.map(t, size(t))"), "list(int)");
  EXPECT_EQ(type_of("tags.filter(t, t != '')"), "list(string)");
  EXPECT_EQ(type_of("{'a': 1}"), "map(string, int)");
  EXPECT_EQ(type_of("[1, 'a']"), "list(dyn)");
  EXPECT_EQ(type_of("[] + [1]"), "list(dyn)");
  EXPECT_EQ(type_of("request.attributes.urgent"), "dyn");
  EXPECT_FALSE(compile("member.level", testing::sample_environment())->may_be_bool());
  EXPECT_TRUE(compile("request.attributes.urgent", testing::sample_environment())->may_be_bool());
}

TEST(cel_compile, null_is_compared_only_with_what_may_be_null) {
  EXPECT_EQ(type_of("member.name == null"), "bool");
  EXPECT_EQ(type_of("member.since != null"), "bool");
  EXPECT_EQ(error_of("member.level == null"), "1:14: '==' does not go with int and null_type");
}

}  // namespace
}  // namespace switchboard::cel
