#include <algorithm>

#include "runtime/cel/arithmetic.hpp"
#include "runtime/cel/compiler.hpp"
#include "runtime/cel/nearest_name.hpp"

namespace switchboard::cel {

namespace {

struct arithmetic_overload {
  kind a;
  kind b;
  kind result;
};

std::vector<arithmetic_overload> overloads_of(expr_kind op) {
  std::vector<arithmetic_overload> all{
      {kind::integer, kind::integer, kind::integer},
      {kind::unsigned_integer, kind::unsigned_integer, kind::unsigned_integer}};
  if (op != expr_kind::modulo) all.push_back({kind::real, kind::real, kind::real});
  if (op == expr_kind::add || op == expr_kind::subtract) {
    all.push_back({kind::duration, kind::duration, kind::duration});
    all.push_back({kind::timestamp, kind::duration, kind::timestamp});
  }
  if (op == expr_kind::subtract) all.push_back({kind::timestamp, kind::timestamp, kind::duration});
  if (op == expr_kind::add) {
    all.push_back({kind::duration, kind::timestamp, kind::timestamp});
    for (const auto k : {kind::string, kind::bytes, kind::list}) all.push_back({k, k, k});
  }
  return all;
}

bool has_order(kind k) {
  return k != kind::null && k != kind::list && k != kind::map && k != kind::type;
}

bool is_key(const type& t) {
  return t.is_dyn() || t.is(kind::boolean) || t.is(kind::integer) || t.is(kind::unsigned_integer) ||
         t.is(kind::string);
}

bool is_literal_list(const std::vector<code_id>& operands, const code_builder& out) {
  return std::all_of(operands.begin(), operands.end(),
                     [&](code_id id) { return out.constant_at(id) != nullptr; });
}

}  // namespace

compiler::typed compiler::list(const expr& e) {
  std::vector<code_id> operands;
  std::optional<type> element;
  for (const auto id : e.parts) {
    const auto part = compile(id);
    operands.push_back(part.code);
    element = element ? type::common(*element, part.is) : part.is;
  }
  auto is = type::list(element.value_or(type::dyn()));
  if (is_literal_list(operands, out_)) {
    std::vector<value> items;
    for (const auto id : operands) items.push_back(*out_.constant_at(id));
    return emitted(e, out_.constant(value::list(std::move(items))), std::move(is));
  }
  return emitted(e, out_.node(opcode::list, e.kind, operands), std::move(is));
}

compiler::typed compiler::map(const expr& e) {
  std::vector<code_id> operands;
  std::optional<type> key;
  std::optional<type> item;
  for (std::size_t i = 0; i < e.parts.size(); ++i) {
    const auto part = compile(e.parts[i]);
    operands.push_back(part.code);
    auto& common = i % 2 == 0 ? key : item;
    common = common ? type::common(*common, part.is) : part.is;
    if (i % 2 == 0 && !is_key(part.is))
      wrong(tree_[e.parts[i]].begin,
            "expected a bool, int, uint or string as map key, found " + part.is.to_string());
  }
  auto is = type::map(key.value_or(type::dyn()), item.value_or(type::dyn()));
  return emitted(e, out_.node(opcode::map, e.kind, operands), std::move(is));
}

compiler::typed compiler::index(const expr& e) {
  const auto of = compile(e.parts[0]);
  const auto at = compile(e.parts[1]);
  const code_id operands[] = {of.code, at.code};
  auto is = type::dyn();
  if (of.is.is(kind::list)) {
    is = of.is.element();
    if (!at.is.fits(type::integer()))
      wrong(tree_[e.parts[1]].begin, "a list index is an int, not " + at.is.to_string());
  } else if (of.is.is(kind::map)) {
    is = of.is.item();
    if (!at.is.fits(of.is.key()))
      wrong(tree_[e.parts[1]].begin, "the keys of " + of.is.to_string() + " are " +
                                         of.is.key().to_string() + ", not " + at.is.to_string());
    const auto* field = out_.constant_at(at.code);
    if (of.is.is_structure() && field && field->is(kind::string)) {
      expr named = e;
      named.text = field->as_text();
      named.at = tree_[e.parts[1]].begin;
      is = field_type(of.is, named);
    }
  } else if (!of.is.is_dyn()) {
    wrong(e.at, of.is.to_string() + " has no elements");
  }
  return emitted(e, out_.node(opcode::index, e.kind, operands), std::move(is));
}

compiler::typed compiler::sign(const expr& e) {
  const auto part = compile(e.parts[0]);
  const code_id operands[] = {part.code};
  if (e.kind == expr_kind::invert) {
    expect_bool(part.is, tree_[e.parts[0]], "after '!'");
    return emitted(e, out_.node(opcode::invert, e.kind, operands), type::boolean());
  }
  if (!part.is.fits(type::integer()) && !part.is.fits(type::real()))
    wrong(e.at, "'-' takes an int or a double, not " + part.is.to_string());
  return emitted(e, out_.node(opcode::negate, e.kind, operands), part.is);
}

compiler::typed compiler::logic(const expr& e) {
  std::vector<code_id> operands;
  for (const auto id : e.parts) {
    const auto part = compile(id);
    expect_bool(part.is, tree_[id], e.kind == expr_kind::both ? "beside '&&'" : "beside '||'");
    operands.push_back(part.code);
  }
  const auto op = e.kind == expr_kind::both ? opcode::both : opcode::either;
  return emitted(e, out_.node(op, e.kind, operands), type::boolean());
}

compiler::typed compiler::conditional(const expr& e) {
  const auto condition = compile(e.parts[0]);
  expect_bool(condition.is, tree_[e.parts[0]], "before '?'");
  const auto yes = compile(e.parts[1]);
  const auto no = compile(e.parts[2]);
  if (!yes.is.fits(no.is))
    wrong(tree_[e.parts[2]].begin,
          "expected " + yes.is.to_string() + " on both sides of ':', found " + no.is.to_string());
  const code_id operands[] = {condition.code, yes.code, no.code};
  return emitted(e, out_.node(opcode::conditional, e.kind, operands), type::common(yes.is, no.is));
}

compiler::typed compiler::arithmetic(const expr& e) {
  const auto a = compile(e.parts[0]);
  const auto b = compile(e.parts[1]);
  std::optional<type> result;
  for (const auto& o : overloads_of(e.kind)) {
    if (!a.is.fits(type::of(o.a)) || !b.is.fits(type::of(o.b))) continue;
    auto is = type::of(o.result);
    if (o.result == kind::list) {
      // Joining with the empty list, which is a list(dyn), says nothing about the elements.
      if (!a.is.fits(b.is)) continue;
      is = type::common(a.is, b.is).is_dyn() ? type::of(kind::list) : a.is;
    }
    result = result ? type::common(*result, is) : is;
  }
  const code_id operands[] = {a.code, b.code};
  const auto is = result ? *result : wrong_operands(e, a.is, b.is);
  return emitted(e, out_.node(opcode::calculate, e.kind, operands), is);
}

compiler::typed compiler::comparison(const expr& e) {
  const auto a = compile(e.parts[0]);
  const auto b = compile(e.parts[1]);
  bool fine = a.is.fits(b.is);
  if (e.kind == expr_kind::in) {
    fine = b.is.is_dyn() || (b.is.is(kind::list) && a.is.fits(b.is.element())) ||
           (b.is.is(kind::map) && a.is.fits(b.is.key()));
  } else if (e.kind != expr_kind::equal && e.kind != expr_kind::not_equal) {
    fine = fine && (a.is.is_dyn() || has_order(a.is.which())) &&
           (b.is.is_dyn() || has_order(b.is.which()));
  }
  if (!fine) wrong_operands(e, a.is, b.is);
  const code_id operands[] = {a.code, b.code};
  return emitted(e, out_.node(opcode::compare, e.kind, operands), type::boolean());
}

compiler::typed compiler::loop(const expr& e) {
  const auto range = compile(e.parts[0]);
  auto element = type::dyn();
  if (range.is.is(kind::list)) {
    element = range.is.element();
  } else if (range.is.is(kind::map)) {
    element = range.is.key();
  } else if (!range.is.is_dyn()) {
    wrong(tree_[e.parts[0]].begin, "expected a list or a map, found " + range.is.to_string());
  }
  const auto slot = static_cast<std::uint16_t>(loops_.size());
  loops_.push_back({e.text, element});
  std::vector<code_id> operands{range.code};
  type last;
  for (std::size_t i = 1; i < e.parts.size(); ++i) {
    auto part = compile(e.parts[i]);
    operands.push_back(part.code);
    const bool made = e.kind == expr_kind::transform && i + 1 == e.parts.size();
    if (!made) expect_bool(part.is, tree_[e.parts[i]], "as condition of the macro");
    last = std::move(part.is);
  }
  loops_.pop_back();
  auto is = type::boolean();
  if (e.kind == expr_kind::transform) is = type::list(std::move(last));
  if (e.kind == expr_kind::filter) is = type::list(std::move(element));
  return emitted(e, out_.loop(e.kind, slot, operands), std::move(is));
}

void compiler::expect_bool(const type& t, const expr& e, std::string_view where) {
  if (!t.fits(type::boolean()))
    wrong(e.begin, "expected a bool " + std::string{where} + ", found " + t.to_string());
}

type compiler::wrong_operands(const expr& e, const type& a, const type& b) {
  std::string message{'\''};
  message.append(symbol_of(e.kind)).append("' does not go with ");
  wrong(e.at, message + a.to_string() + " and " + b.to_string());
  return type::dyn();
}

}  // namespace switchboard::cel
