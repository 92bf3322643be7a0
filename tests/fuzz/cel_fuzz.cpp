#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "runtime/cel/program.hpp"
#include "runtime/cel/rule_set.hpp"

// Any text, checked and unchecked: it compiles or is refused, evaluates or errs, within its cost.
namespace switchboard::cel {
namespace {

environment make_environment(bool checked) {
  environment names;
  names.add_variable("s", type::string());
  names.add_variable("n", type::integer());
  names.add_variable("l", type::list(type::string()));
  names.add_variable("m", type::map(type::string(), type::dyn()));
  names.add_variable("t", type::timestamp());
  names.add_variable("r", type::structure("r", {{"a", type::integer()}}));
  names.add_function({"f", {type::string()}, type::dyn(), 10});
  if (!checked) names.without_checks();
  return names;
}

class host final : public bindings {
 public:
  host() {
    bind("s", value::string("na\xc3\xafve text"));
    bind("n", value::integer(-3));
    bind("l", value::list({value::string("a"), value::string("b")}));
    bind("m", value::record({{"k", value::real(1.5)}, {"x", value{}}}));
    bind("t", value::timestamp({1'700'000'000, 5}));
    bind("r", value::record({{"a", value::integer(1)}}));
  }
  value call(std::string_view, std::span<const value> arguments) const override {
    return arguments[0];
  }
};

void expect(bool holds) {
  if (!holds) std::abort();
}

void run(std::string_view text, const environment& names) {
  static const host variables;
  const auto compiled = compile(text, names);
  if (!compiled) {
    expect(!compiled.error().message.empty() && compiled.error().where.column > 0);
    return;
  }
  constexpr eval_options options{20000};
  const auto result = compiled->evaluate(variables, options);
  if (!result) return expect(!result.error().message.empty());
  expect(result->to_string(500).size() <= 500);
  // Evaluation depends on nothing but its input; a rule set answers as the condition alone does.
  const auto again = compiled->evaluate(variables, options);
  expect(again && again->to_string(500) == result->to_string(500));
  const std::string conditions[] = {std::string{text} + "\n&& n == -3", std::string{text}};
  const auto rules = rule_set::compile(conditions, names);
  if (rules) expect(rules->first_match(variables, options).rule.has_value() == result->is_true());
}

}  // namespace
}  // namespace switchboard::cel

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto checked = switchboard::cel::make_environment(true);
  static const auto unchecked = switchboard::cel::make_environment(false);
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  switchboard::cel::run(text, checked);
  switchboard::cel::run(text, unchecked);
  return 0;
}
