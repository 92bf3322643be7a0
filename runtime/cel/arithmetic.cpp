#include "runtime/cel/arithmetic.hpp"

#include <limits>

#include "runtime/cel/compare.hpp"
#include "runtime/cel/functions.hpp"
#include "runtime/cel/time_text.hpp"

namespace switchboard::cel {

namespace {

value overflow(expr_kind op) {
  return value::error(fault_code::overflow, std::string{"overflow in "} += symbol_of(op));
}

value by_zero(expr_kind op) {
  return value::error(fault_code::divide_by_zero,
                      op == expr_kind::modulo ? "modulus by zero" : "division by zero");
}

value missing(expr_kind op, const value& a, const value& b) {
  const value both[] = {a, b};
  return no_overload(symbol_of(op), both);
}

template <class T> value whole(expr_kind op, T a, T b, value (*make)(T) noexcept) {
  T out{};
  bool over = false;
  switch (op) {
    case expr_kind::add:
      over = __builtin_add_overflow(a, b, &out);
      break;
    case expr_kind::subtract:
      over = __builtin_sub_overflow(a, b, &out);
      break;
    case expr_kind::multiply:
      over = __builtin_mul_overflow(a, b, &out);
      break;
    default:
      if (b == 0) return by_zero(op);
      // The least int has no opposite; its remainder is refused alike.
      if (std::is_signed_v<T> && a == std::numeric_limits<T>::min() && b == static_cast<T>(-1))
        return overflow(op);
      out = op == expr_kind::divide ? a / b : a % b;
  }
  return over ? overflow(op) : make(out);
}

value real(expr_kind op, const value& x, const value& y) {
  const double a = x.as_double();
  const double b = y.as_double();
  switch (op) {
    case expr_kind::add:
      return value::real(a + b);
    case expr_kind::subtract:
      return value::real(a - b);
    case expr_kind::multiply:
      return value::real(a * b);
    case expr_kind::divide:
      return value::real(a / b);
    default:
      return missing(op, x, y);
  }
}

value duration_sum(expr_kind op, std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  const bool over = op == expr_kind::add ? __builtin_add_overflow(a, b, &out)
                                         : __builtin_sub_overflow(a, b, &out);
  return over ? overflow(op) : value::duration(std::chrono::nanoseconds{out});
}

value moved(expr_kind op, const value& at, const value& by) {
  auto d = by.as_duration();
  if (op == expr_kind::subtract) {
    if (d == d.min()) return overflow(op);
    d = -d;
  }
  const auto sum = add(at.as_timestamp(), d);
  return sum ? value::timestamp(*sum) : overflow(op);
}

value temporal(expr_kind op, const value& a, const value& b) {
  const bool plus = op == expr_kind::add;
  if (!plus && op != expr_kind::subtract) return missing(op, a, b);
  if (a.is(kind::duration) && b.is(kind::duration))
    return duration_sum(op, a.as_duration().count(), b.as_duration().count());
  if (a.is(kind::timestamp) && b.is(kind::duration)) return moved(op, a, b);
  if (plus && a.is(kind::duration) && b.is(kind::timestamp)) return moved(op, b, a);
  if (!plus && a.is(kind::timestamp) && b.is(kind::timestamp)) {
    const auto d = difference(a.as_timestamp(), b.as_timestamp());
    return d ? value::duration(*d) : overflow(op);
  }
  return missing(op, a, b);
}

value joined(const value& a, const value& b, budget& cost) {
  if (a.is(kind::list)) {
    const auto left = a.as_list();
    const auto right = b.as_list();
    if (!cost.charge(left.size() + right.size())) return {};
    std::vector<value> all;
    all.reserve(left.size() + right.size());
    all.insert(all.end(), left.begin(), left.end());
    all.insert(all.end(), right.begin(), right.end());
    return value::list(std::move(all));
  }
  if (!cost.charge_bytes(a.as_text().size() + b.as_text().size())) return {};
  std::string text;
  text.reserve(a.as_text().size() + b.as_text().size());
  text.append(a.as_text()).append(b.as_text());
  return a.is(kind::string) ? value::string(std::move(text)) : value::bytes(std::move(text));
}

value no_such_key(const value& key) {
  return value::error(fault_code::no_such_key, "no such key: " + key.to_string(80));
}

value no_such_field(std::string_view field) {
  return value::error(fault_code::no_such_key, "no such key: '" + std::string{field} + '\'');
}

value no_fields(const value& a) {
  return value::error(fault_code::no_such_overload,
                      std::string{name_of(a.which())} + " has no fields");
}

}  // namespace

std::string_view symbol_of(expr_kind op) {
  switch (op) {
    case expr_kind::add:
      return "+";
    case expr_kind::subtract:
    case expr_kind::negate:
      return "-";
    case expr_kind::multiply:
      return "*";
    case expr_kind::divide:
      return "/";
    case expr_kind::modulo:
      return "%";
    case expr_kind::equal:
      return "==";
    case expr_kind::not_equal:
      return "!=";
    case expr_kind::less:
      return "<";
    case expr_kind::less_equal:
      return "<=";
    case expr_kind::greater:
      return ">";
    case expr_kind::greater_equal:
      return ">=";
    case expr_kind::in:
      return "in";
    case expr_kind::invert:
      return "!";
    case expr_kind::both:
      return "&&";
    case expr_kind::either:
      return "||";
    case expr_kind::conditional:
      return "?:";
    case expr_kind::index:
      return "[]";
    default:
      return "expression";
  }
}

value calculate(expr_kind op, const value& a, const value& b, budget& cost) {
  if (a.which() == b.which()) {
    switch (a.which()) {
      case kind::integer:
        return whole(op, a.as_int(), b.as_int(), &value::integer);
      case kind::unsigned_integer:
        return whole(op, a.as_uint(), b.as_uint(), &value::unsigned_integer);
      case kind::real:
        return real(op, a, b);
      case kind::string:
      case kind::bytes:
      case kind::list:
        if (op == expr_kind::add) return joined(a, b, cost);
        return missing(op, a, b);
      default:
        break;
    }
  }
  return temporal(op, a, b);
}

value negated(const value& a) {
  if (a.is(kind::real)) return value::real(-a.as_double());
  if (!a.is(kind::integer)) return no_overload("-", {&a, 1});
  if (a.as_int() == std::numeric_limits<std::int64_t>::min()) return overflow(expr_kind::negate);
  return value::integer(-a.as_int());
}

value compare(expr_kind op, const value& a, const value& b, budget& cost) {
  if (op == expr_kind::equal) return value::boolean(equal(a, b, cost));
  if (op == expr_kind::not_equal) return value::boolean(!equal(a, b, cost));
  if (op == expr_kind::in) return contained(a, b, cost);
  const auto o = order(a, b, cost);
  if (!o) return missing(op, a, b);
  switch (op) {
    case expr_kind::less:
      return value::boolean(*o < 0);
    case expr_kind::less_equal:
      return value::boolean(*o <= 0);
    case expr_kind::greater:
      return value::boolean(*o > 0);
    default:
      return value::boolean(*o >= 0);
  }
}

value contained(const value& item, const value& in, budget& cost) {
  if (in.is(kind::map)) return value::boolean(in.map_find(item).has_value());
  if (!in.is(kind::list)) return missing(expr_kind::in, item, in);
  for (const auto& each : in.as_list()) {
    if (equal(item, each, cost)) return value::boolean(true);
    if (cost.exhausted()) break;
  }
  return value::boolean(false);
}

value at_index(const value& a, const value& b) {
  if (a.is(kind::map)) {
    auto found = a.map_find(b);
    return found ? std::move(*found) : no_such_key(b);
  }
  if (!a.is(kind::list)) return missing(expr_kind::index, a, b);
  const auto i = integral(b);
  if (i.is(kind::null))
    return value::error(fault_code::bad_argument, "a list index is an int, not " + b.to_string(80));
  const auto items = a.as_list();
  // A negative int read as uint is beyond any list, too.
  if (i.as_uint() >= items.size())
    return value::error(fault_code::out_of_range, "index out of range: " + b.to_string(80));
  return items[i.as_uint()];
}

value at_field(const value& a, std::string_view field) {
  if (!a.is(kind::map)) return no_fields(a);
  auto found = a.map_field(field);
  return found ? std::move(*found) : no_such_field(field);
}

value has_field(const value& a, std::string_view field) {
  if (!a.is(kind::map)) return no_fields(a);
  return value::boolean(a.map_field(field).has_value());
}

}  // namespace switchboard::cel
