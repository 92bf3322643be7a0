#pragma once

#include "runtime/cel/ast.hpp"
#include "runtime/cel/budget.hpp"
#include "runtime/cel/value.hpp"

namespace switchboard::cel {

/// `+ - * / %` and unary `-` on run-time values: overflow, division by zero and a missing overload
/// come back as errors. `+` also joins texts and lists, paying for their size first.
value calculate(expr_kind op, const value& a, const value& b, budget& cost);
value negated(const value& a);

/// `== != < <= > >= in` on run-time values.
value compare(expr_kind op, const value& a, const value& b, budget& cost);
value contained(const value& item, const value& in, budget& cost);

/// `a[b]`, and `a.b` where b is a field's name.
value at_index(const value& a, const value& b);
value at_field(const value& a, std::string_view field);
value has_field(const value& a, std::string_view field);

/// How an operator is written: `+`, `in`, ...
std::string_view symbol_of(expr_kind op);

}  // namespace switchboard::cel
