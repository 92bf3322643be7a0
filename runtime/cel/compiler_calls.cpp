#include <algorithm>

#include <re2/re2.h>

#include "runtime/cel/compiler.hpp"
#include "runtime/cel/nearest_name.hpp"
#include "runtime/cel/text_functions.hpp"

namespace switchboard::cel {

namespace {

constexpr std::uint64_t folding_cost = 200;

std::string listed(const std::vector<type>& types) {
  std::string text = "(";
  for (const auto& t : types) {
    if (text.size() > 1) text += ", ";
    text += t.to_string();
  }
  return text + ')';
}

bool fits(const std::vector<type>& given, const std::vector<type>& wanted) {
  return std::equal(given.begin(), given.end(), wanted.begin(), wanted.end(),
                    [](const type& g, const type& w) { return g.fits(w); });
}

// A literal that these cannot read will never do; saying so beats a rule that never matches.
bool must_fold(const function_group& group) {
  return group.name == "duration" || group.name == "timestamp" || group.name.starts_with("get");
}

}  // namespace

compiler::typed compiler::call(const expr& e) {
  if (auto done = named_call(e, e.text, e.rooted, e.parts)) return *done;
  return unknown_function(e, false, e.parts.size());
}

std::optional<compiler::typed> compiler::named_call(const expr& e, const std::string& name,
                                                    bool rooted,
                                                    std::span<const expr_id> arguments) {
  for (const auto& full : names_.candidates(name, rooted)) {
    if (const auto* f = names_.find_function(full)) return host_call(e, *f, arguments);
    if (const auto* group = catalogue::standard().find(full, false, arguments.size()))
      return standard_call(e, *group, arguments);
  }
  return std::nullopt;
}

compiler::typed compiler::method(const expr& e) {
  // `strings.quote(x)` reads like a method of a variable `strings`, but is a function's full name.
  const std::span<const expr_id> parts{e.parts};
  bool rooted = false;
  if (const auto path = dotted_path(e.parts[0], rooted)) {
    if (auto done = named_call(e, *path + '.' + e.text, rooted, parts.subspan(1))) return *done;
  }
  if (const auto* group = catalogue::standard().find(e.text, true, e.parts.size()))
    return standard_call(e, *group, parts);
  return unknown_function(e, true, e.parts.size());
}

compiler::typed compiler::unknown_function(const expr& e, bool method, std::size_t arguments) {
  const auto& all = catalogue::standard();
  const auto what = std::string{method ? "method" : "function"} + " '" + e.text + '\'';
  if (all.knows(e.text, method))
    return failure(
        e, fault_code::no_such_overload,
        what + " does not take " + std::to_string(arguments - (method ? 1 : 0)) + " arguments");
  if (all.knows(e.text, !method))
    return failure(e, fault_code::unknown_name,
                   method ? "'" + e.text + "' is a function: write " + e.text + "(x)"
                          : "'" + e.text + "' is a method: write x." + e.text + "(...)");
  auto names = all.names(method);
  if (!method)
    for (const auto& f : names_.functions()) names.push_back(f.name);
  return failure(e, fault_code::unknown_name, "unknown " + what + suggestion(e.text, names));
}

compiler::typed compiler::host_call(const expr& e, const environment::function& f,
                                    std::span<const expr_id> arguments) {
  std::vector<code_id> operands;
  std::vector<type> given;
  for (const auto id : arguments) {
    auto part = compile(id);
    operands.push_back(part.code);
    given.push_back(std::move(part.is));
  }
  if (!fits(given, f.parameters))
    return failure(e, fault_code::no_such_overload,
                   "'" + f.name + "' takes " + listed(f.parameters) + ", not " + listed(given));
  return emitted(e, out_.host_call({f.name, f.parameters, f.cost}, operands), f.result);
}

compiler::typed compiler::standard_call(const expr& e, const function_group& group,
                                        std::span<const expr_id> arguments) {
  std::vector<code_id> operands;
  std::vector<type> given;
  for (const auto id : arguments) {
    auto part = compile(id);
    operands.push_back(part.code);
    given.push_back(std::move(part.is));
  }
  if (group.name == "dyn") return {operands[0], type::dyn()};
  auto result = result_of(e, group, given);
  if (const auto regex = literal_regex(e, group, operands))
    return emitted(e, *regex, type::boolean());
  return folded(e, group, operands, std::move(result));
}

type compiler::result_of(const expr& e, const function_group& group,
                         const std::vector<type>& given) {
  std::optional<type> result;
  for (const auto& o : group.overloads) {
    if (!fits(given, o.parameters)) continue;
    result = result ? type::common(*result, o.result) : o.result;
  }
  if (result) return *result;
  std::string choices;
  for (const auto& o : group.overloads)
    choices += (choices.empty() ? "" : " or ") + listed(o.parameters);
  wrong(e.at, "'" + group.name + "' takes " + choices + ", not " + listed(given));
  return type::dyn();
}

std::optional<code_id> compiler::literal_regex(const expr& e, const function_group& group,
                                               const std::vector<code_id>& operands) {
  if (group.name != "matches") return std::nullopt;
  const auto* pattern = out_.constant_at(operands[1]);
  if (!pattern || !pattern->is(kind::string)) return std::nullopt;
  if (pattern->as_text().size() > limits::regex_bytes) {
    wrong(e.at, "the regular expression is too long");
    return std::nullopt;
  }
  if (++regexes_ > limits::regexes) {
    wrong(e.at, "more than " + std::to_string(limits::regexes) + " regular expressions");
    return std::nullopt;
  }
  auto regex = make_regex(pattern->as_text());
  if (!regex->ok()) {
    wrong(tree_[e.parts.back()].begin, "bad regular expression: " + regex->error());
    return std::nullopt;
  }
  return out_.regex(operands[0], pattern->as_text(), std::move(regex));
}

compiler::typed compiler::folded(const expr& e, const function_group& group,
                                 const std::vector<code_id>& operands, type result) {
  std::vector<value> constants;
  for (const auto id : operands) {
    const auto* v = out_.constant_at(id);
    if (!v) break;
    constants.push_back(*v);
  }
  if (constants.size() == operands.size()) {
    budget cost{folding_cost};
    auto v = group.call(constants, cost);
    if (v.is_error()) {
      if (must_fold(group)) wrong(e.at, std::string{v.error_message()});
    } else if (!cost.exhausted()) {
      return emitted(e, out_.constant(std::move(v)), std::move(result));
    }
  }
  return emitted(e, out_.call(group, operands), std::move(result));
}

}  // namespace switchboard::cel
