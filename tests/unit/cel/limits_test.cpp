#include <initializer_list>

#include <gtest/gtest.h>

#include "runtime/cel/program.hpp"

namespace switchboard::cel {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (; times > 0; --times) out += text;
  return out;
}

// In one piece: g++ 12 takes `literal + string` for overlapping copies at -O3 and warns.
std::string joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const auto part : parts) out += part;
  return out;
}

std::string outcome(const std::string& text, std::uint64_t cost_limit = limits::default_cost) {
  const auto p = compile(text, environment{});
  if (!p) return "refused: " + p.error().message;
  const auto v = p->evaluate(bindings{}, {cost_limit});
  return v ? "value" : v.error().message;
}

constexpr auto too_costly = "the condition exceeds its cost limit";

TEST(cel_limits, nesting_beyond_the_limit_is_refused_and_not_suffered) {
  for (const auto* opening : {"(", "[", "-(", "!(", "{1:", "size(", "true ? ", "[0].all(x, "})
    EXPECT_TRUE(outcome(repeated(opening, 5000)).starts_with("refused: ")) << opening;
  EXPECT_EQ(outcome(repeated("(", 90).append("1").append(repeated(")", 90))), "value");
}

TEST(cel_limits, operators_without_end_are_refused) {
  EXPECT_EQ(outcome(repeated("1 + ", 5000)), "refused: too many operators upon one another");
  EXPECT_EQ(outcome(repeated("!", 5000) + "true"), "refused: too many operators upon one another");
  EXPECT_EQ(outcome(joined({"{}", repeated(".a", 5000)})),
            "refused: too many operators upon one another");
  EXPECT_EQ(outcome(joined({"[]", repeated("[0]", 5000)})),
            "refused: too many operators upon one another");
  EXPECT_EQ(outcome(repeated("1 + ", 200) + "1"), "value");
}

TEST(cel_limits, long_chains_of_and_and_or_are_fine) {
  EXPECT_EQ(outcome(joined({"true", repeated(" && true", 5000)})), "value");
  EXPECT_EQ(outcome(joined({"false", repeated(" || false", 5000)})), "value");
}

TEST(cel_limits, a_text_beyond_the_limit_is_refused) {
  EXPECT_EQ(outcome(std::string(70000, ' ')), "refused: the expression is longer than 65536 bytes");
  EXPECT_EQ(outcome("\xff"), "refused: the expression is no valid UTF-8");
}

TEST(cel_limits, nested_macros_stop_at_the_cost_limit) {
  std::string text = "x0 > 0";
  for (int i = 11; i >= 0; --i)
    text = joined({"[0,1,2,3,4,5,6,7].all(x", std::to_string(i), ", ", text, " || true)"});
  EXPECT_EQ(outcome(text), too_costly);
}

TEST(cel_limits, doubling_lists_and_strings_stop_at_the_cost_limit) {
  std::string texts = "['0123456789abcdef']";
  std::string lists = "[[0, 1, 2, 3]]";
  for (int i = 0; i < 60; ++i) {
    texts += ".map(x, x + x)";
    lists += ".map(x, x + x)";
  }
  EXPECT_EQ(outcome(texts), too_costly);
  EXPECT_EQ(outcome(lists), too_costly);
  EXPECT_EQ(outcome(joined({"'a'", repeated(".replace('a', 'aaaaaaaaaaaaaaaa')", 60)})),
            too_costly);
}

// Shared parts: 2^50 elements in a few hundred bytes.
TEST(cel_limits, comparing_and_printing_values_larger_than_their_memory_stops) {
  std::string doubled = "['x']";
  for (int i = 0; i < 50; ++i) doubled += ".map(x, [x, x])";
  EXPECT_EQ(outcome(doubled), "value");
  EXPECT_EQ(outcome(joined({doubled, " == ", doubled})), too_costly);
  EXPECT_EQ(outcome(joined({"'%s'.format(", doubled, ")"})), too_costly);
  EXPECT_EQ(outcome(joined({"1 in {1: ", doubled, "}"})), "value");
  EXPECT_EQ(outcome(joined({"dyn(", doubled, ") == [1, 2]"})), "value");
  const auto v = compile(doubled, environment{})->evaluate(bindings{});
  EXPECT_LE(v->to_string(1000).size(), 1000u);
}

TEST(cel_limits, the_cost_limit_is_no_error_that_or_could_absorb) {
  EXPECT_EQ(outcome("[1, 2, 3].all(x, [1, 2, 3].all(y, x + y > 0)) || true", 20), too_costly);
  EXPECT_EQ(outcome("true || [1, 2, 3].all(x, x > 0)", 20), "value");
  EXPECT_EQ(outcome("1 + 1", 2), too_costly);
}

TEST(cel_limits, regular_expressions_are_bounded) {
  EXPECT_TRUE(outcome("'a'.matches('((a{100}){100}){100}')").starts_with("refused: bad regular"));
  EXPECT_EQ(outcome("'a'.matches(r'\\pL{50}')"),
            "refused: bad regular expression: pattern too large - compile failed");
  EXPECT_EQ(outcome(std::string{"'a'.matches('"}.append(5000, 'a').append("')")),
            "refused: the regular expression is too long");
  EXPECT_EQ(outcome(joined({"[", repeated("'a',", 200), "].all(x, x.matches(x))"})), too_costly);
  EXPECT_EQ(outcome("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'.matches('(a*)*(a*)*b')"), "value");
}

TEST(cel_limits, a_condition_holds_only_so_many_regular_expressions) {
  std::string text = "true";
  for (int i = 0; i < 65; ++i)
    text.append(" && 'a'.matches('").append(std::to_string(i)).append("')");
  EXPECT_EQ(outcome(text), "refused: more than 64 regular expressions");
}

TEST(cel_limits, a_format_with_absurd_precision_is_an_error) {
  EXPECT_EQ(outcome("'%.999999999999f'.format([1.0])"),
            "format: at most 100 digits after the point");
}

}  // namespace
}  // namespace switchboard::cel
