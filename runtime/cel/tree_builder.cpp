#include "runtime/cel/tree_builder.hpp"

#include <algorithm>
#include <optional>

#include "runtime/cel/limits.hpp"

namespace switchboard::cel {

namespace {

tl::unexpected<syntax_error> wrong(std::uint32_t offset, std::string message) {
  return tl::make_unexpected(syntax_error{offset, std::move(message)});
}

// Only calls with a macro's number of arguments are that macro; others are looked up as methods.
std::optional<expr_kind> macro_of(std::string_view function, std::size_t arguments) {
  if (arguments == 2) {
    if (function == "all") return expr_kind::all;
    if (function == "exists") return expr_kind::exists;
    if (function == "exists_one" || function == "existsOne") return expr_kind::exists_one;
    if (function == "filter") return expr_kind::filter;
  }
  if (function == "map" && (arguments == 2 || arguments == 3)) return expr_kind::transform;
  return std::nullopt;
}

}  // namespace

tree_builder::node tree_builder::add(expr e) {
  for (const auto part : e.parts) e.height = std::max(e.height, tree_[part].height + 1);
  if (e.height > limits::height) return wrong(e.at, "too many operators upon one another");
  if (tree_.nodes.size() >= limits::nodes) return wrong(e.at, "the expression is too large");
  tree_.nodes.push_back(std::move(e));
  return static_cast<expr_id>(tree_.nodes.size() - 1);
}

tree_builder::node tree_builder::literal(std::uint32_t begin, std::uint32_t end, value v) {
  expr e{expr_kind::literal, begin, end, begin};
  e.constant = std::move(v);
  return add(std::move(e));
}

tree_builder::node tree_builder::name(const token& name, std::uint32_t begin, bool rooted) {
  expr e{expr_kind::name, begin, name.end, name.begin};
  e.rooted = rooted;
  e.text = name.text;
  return add(std::move(e));
}

tree_builder::node tree_builder::select(expr_id receiver, const token& field) {
  expr e{expr_kind::select, tree_[receiver].begin, field.end, field.begin};
  e.text = field.text;
  e.parts = {receiver};
  return add(std::move(e));
}

tree_builder::node tree_builder::call(const token& function, std::uint32_t begin, bool rooted,
                                      std::vector<expr_id> arguments, std::uint32_t end) {
  if (function.text == "has" && arguments.size() == 1) return has(arguments, begin, end);
  expr e{expr_kind::call, begin, end, function.begin};
  e.rooted = rooted;
  e.text = function.text;
  e.parts = std::move(arguments);
  return add(std::move(e));
}

tree_builder::node tree_builder::has(const std::vector<expr_id>& arguments, std::uint32_t begin,
                                     std::uint32_t end) {
  const auto& selected = tree_[arguments[0]];
  if (selected.kind != expr_kind::select)
    return wrong(selected.begin, "expected a field selection such as has(request.intent)");
  expr e{expr_kind::has, begin, end, selected.at};
  e.text = selected.text;
  e.parts = selected.parts;
  return add(std::move(e));
}

tree_builder::node tree_builder::method(expr_id receiver, const token& function,
                                        const std::vector<expr_id>& arguments, std::uint32_t end) {
  if (const auto macro = macro_of(function.text, arguments.size()))
    return loop(*macro, receiver, function, arguments, end);
  expr e{expr_kind::method, tree_[receiver].begin, end, function.begin};
  e.text = function.text;
  e.parts = {receiver};
  e.parts.insert(e.parts.end(), arguments.begin(), arguments.end());
  return add(std::move(e));
}

tree_builder::node tree_builder::loop(expr_kind kind, expr_id receiver, const token& function,
                                      const std::vector<expr_id>& arguments, std::uint32_t end) {
  const auto& variable = tree_[arguments[0]];
  if (variable.kind != expr_kind::name || variable.rooted)
    return wrong(variable.begin, "expected a plain variable name as first argument of '" +
                                     std::string{function.text} + "'");
  expr e{kind, tree_[receiver].begin, end, function.begin};
  e.text = variable.text;
  e.parts = {receiver};
  e.parts.insert(e.parts.end(), arguments.begin() + 1, arguments.end());
  return add(std::move(e));
}

tree_builder::node tree_builder::prefix(expr_kind kind, std::uint32_t at, expr_id operand) {
  expr e{kind, at, tree_[operand].end, at};
  e.parts = {operand};
  return add(std::move(e));
}

tree_builder::node tree_builder::join(expr_kind kind, std::uint32_t at, std::vector<expr_id> parts,
                                      std::uint32_t end) {
  expr e{kind, tree_[parts.front()].begin, std::max(end, tree_[parts.back()].end), at};
  e.parts = std::move(parts);
  return add(std::move(e));
}

tree_builder::node tree_builder::aggregate(expr_kind kind, std::uint32_t begin, std::uint32_t end,
                                           std::vector<expr_id> parts) {
  expr e{kind, begin, end, begin};
  e.parts = std::move(parts);
  return add(std::move(e));
}

bool tree_builder::is_name(expr_id id) const {
  const auto k = tree_[id].kind;
  return k == expr_kind::name || k == expr_kind::select;
}

void tree_builder::widen(expr_id id, std::uint32_t begin, std::uint32_t end) {
  tree_.nodes[id].begin = begin;
  tree_.nodes[id].end = end;
}

expr_id tree_builder::nothing() {
  if (tree_.nodes.empty()) tree_.nodes.emplace_back();
  return 0;
}

syntax_tree tree_builder::finish(expr_id root) {
  tree_.root = root;
  return std::move(tree_);
}

}  // namespace switchboard::cel
