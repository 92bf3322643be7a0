#include "runtime/cel/compiler.hpp"

#include <algorithm>

namespace switchboard::cel {

compiler::compiler(const syntax_tree& tree, const environment& names, code_builder& out)
    : tree_{tree}, names_{names}, out_{out} {}

namespace {

bool is_joined(const expr& e) {
  return e.kind == expr_kind::both || e.kind == expr_kind::either ||
         e.kind == expr_kind::conditional;
}

}  // namespace

tl::expected<compiled, syntax_error> compiler::run() {
  const auto root = compile(tree_.root);
  if (error_) return tl::make_unexpected(*error_);
  result_.root = root.code;
  result_.result = root.is;
  const auto& top = tree_[tree_.root];
  if (top.kind == expr_kind::both) {
    const auto operands = out_.operands_of(root.code);
    for (std::size_t i = 0; i < top.parts.size(); ++i) {
      const auto& part = tree_[top.parts[i]];
      result_.clauses.push_back({operands[i], part.begin, part.end, is_joined(part)});
    }
  } else {
    result_.clauses.push_back({root.code, top.begin, top.end, is_joined(top)});
  }
  auto& sites = result_.sites;
  std::stable_sort(sites.begin(), sites.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
  sites.erase(std::unique(sites.begin(), sites.end(), same), sites.end());
  return std::move(result_);
}

compiler::typed compiler::compile(expr_id id) {
  const auto& e = tree_[id];
  switch (e.kind) {
    case expr_kind::literal:
      return emitted(e, out_.constant(e.constant), type::of(e.constant.which()));
    case expr_kind::name:
      return name(e);
    case expr_kind::select:
      return select(e);
    case expr_kind::has:
      return has(e);
    case expr_kind::call:
      return call(e);
    case expr_kind::method:
      return method(e);
    case expr_kind::list:
      return list(e);
    case expr_kind::map:
      return map(e);
    case expr_kind::index:
      return index(e);
    case expr_kind::negate:
    case expr_kind::invert:
      return sign(e);
    case expr_kind::both:
    case expr_kind::either:
      return logic(e);
    case expr_kind::conditional:
      return conditional(e);
    case expr_kind::add:
    case expr_kind::subtract:
    case expr_kind::multiply:
    case expr_kind::divide:
    case expr_kind::modulo:
      return arithmetic(e);
    case expr_kind::equal:
    case expr_kind::not_equal:
    case expr_kind::less:
    case expr_kind::less_equal:
    case expr_kind::greater:
    case expr_kind::greater_equal:
    case expr_kind::in:
      return comparison(e);
    default:
      return loop(e);
  }
}

void compiler::wrong(std::uint32_t offset, std::string message) {
  if (names_.checks() && !error_) error_ = syntax_error{offset, std::move(message)};
}

compiler::typed compiler::failure(const expr& e, fault_code why, std::string message) {
  wrong(e.at, message);
  return emitted(e, out_.failure(why, std::move(message)), type::dyn());
}

compiler::typed compiler::emitted(const expr& e, code_id code, type is) {
  result_.sites.emplace_back(code, e.at);
  return {code, std::move(is)};
}

}  // namespace switchboard::cel
