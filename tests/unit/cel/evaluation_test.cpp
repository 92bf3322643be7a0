#include <gtest/gtest.h>

#include "runtime/cel/program.hpp"
#include "tests/unit/cel/sample_bindings.hpp"

namespace switchboard::cel {
namespace {

using testing::sample_bindings;

std::string outcome(std::string_view text, const activation& host = sample_bindings{}) {
  const auto p = compile(text, testing::sample_environment());
  if (!p) return "refused " + p.error().to_string();
  const auto v = p->evaluate(host);
  return v ? v->to_string() : v.error().to_string();
}

TEST(cel_evaluation, a_condition_of_the_handbook_is_true_for_a_gold_member_with_a_dispute) {
  EXPECT_EQ(outcome("member.level >= 3 && 'dispute' in tags && request.intent == 'refund'"),
            "true");
  EXPECT_EQ(outcome("queue('vip').online == 0 && queue('other').online > 0"), "true");
  EXPECT_EQ(outcome("now - member.since > duration('24h')"), "true");
}

TEST(cel_evaluation, an_error_points_at_the_operator_that_erred) {
  EXPECT_EQ(outcome("member.level / 0 > 1"), "1:14: division by zero");
  EXPECT_EQ(outcome("request.attributes.color == 'red'"), "1:20: no such key: 'color'");
  EXPECT_EQ(outcome("true &&\n queue('broken').online > 0"), "2:2: no such group");
  EXPECT_EQ(outcome("tags[2] == 'a'"), "1:5: index out of range: 2");
}

TEST(cel_evaluation, an_unbound_variable_is_an_error_that_or_absorbs) {
  const bindings nobody;
  EXPECT_EQ(outcome("member.level > 1", nobody), "1:1: no value for variable 'member'");
  EXPECT_EQ(outcome("member.level > 1 || true", nobody), "true");
}

TEST(cel_evaluation, a_number_from_json_equals_an_int) {
  EXPECT_EQ(outcome("request.attributes.amount == 3"), "true");
  EXPECT_EQ(outcome("request.attributes.amount in [1, 2, 3]"), "true");
  EXPECT_EQ(outcome("request.attributes.amount + 1"), "1:27: no such overload: +(double, int)");
}

TEST(cel_evaluation, a_branch_that_decides_nothing_asks_the_host_nothing) {
  const sample_bindings host;
  EXPECT_EQ(outcome("member.level > 9 && queue('vip').online > 0", host), "false");
  EXPECT_EQ(outcome("member.level > 9 ? queue('vip').online > 0 : false", host), "false");
  EXPECT_TRUE(host.calls.empty());
}

class counting_object : public host_object {
 public:
  std::optional<value> find(std::string_view field) const override {
    ++asked;
    return field == "online" ? std::optional{value::integer(5)} : std::nullopt;
  }
  std::vector<std::string> fields() const override { return {"online"}; }
  mutable int asked = 0;
};

TEST(cel_evaluation, a_host_object_is_a_map_that_is_asked_field_by_field) {
  const auto object = std::make_shared<counting_object>();
  environment names;
  names.add_variable("group", type::dyn());
  bindings host;
  host.bind("group", value::object(object));
  const auto run = [&](std::string_view text) {
    return compile(text, names)->evaluate(host)->to_string();
  };
  EXPECT_EQ(run("group.online"), "5");
  EXPECT_EQ(object->asked, 1);
  EXPECT_EQ(run("has(group.waiting)"), "false");
  EXPECT_EQ(run("group == {'online': 5} && size(group) == 1 && group.all(k, k == 'online')"),
            "true");
  EXPECT_EQ(run("'online' in group && !(1 in group) && group['online'] == 5"), "true");
}

TEST(cel_evaluation, host_functions_are_held_to_their_signature_at_run_time) {
  EXPECT_EQ(outcome("queue(request.attributes.amount).online"),
            "1:1: no such overload: queue(double)");
}

TEST(cel_evaluation, without_checks_unknown_names_fail_only_where_they_are_needed) {
  environment names;
  names.without_checks();
  const bindings host;
  EXPECT_EQ(compile("true || nobody > 1", names)->evaluate(host)->to_string(), "true");
  EXPECT_EQ(compile("f(1)", names)->evaluate(host).error().to_string(),
            "1:1: unknown function 'f'");
}

TEST(cel_evaluation, a_type_checked_at_compile_time_is_checked_again_at_run_time) {
  bindings liar;
  liar.bind("member", value::record({{"level", value::string("high")}}));
  EXPECT_EQ(outcome("member.level >= 3", liar), "1:14: no such overload: >=(string, int)");
}

}  // namespace
}  // namespace switchboard::cel
