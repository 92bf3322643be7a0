#include "runtime/cel/evaluator.hpp"

namespace switchboard::cel {

value evaluator::loop(const instruction& in) {
  value room;
  const auto& range = fetch(code_.operands_of(in)[0], room);
  if (range.is_error()) return range;
  // What the macros go through: a list's elements, a map's keys.
  std::vector<value> keys;
  if (range.is(kind::map)) {
    if (!cost_->charge(range.map_size())) return {};
    keys = range.map_keys();
  } else if (!range.is(kind::list)) {
    return value::error(fault_code::no_such_overload,
                        "expected a list or a map, found " + std::string{name_of(range.which())});
  }
  const std::span<const value> items =
      range.is(kind::map) ? std::span<const value>{keys} : range.as_list();
  auto result = in.sub == expr_kind::all || in.sub == expr_kind::exists ? quantify(in, items)
                : in.sub == expr_kind::exists_one                       ? count_one(in, items)
                                                                        : collect(in, items);
  locals_[in.local] = {};
  return result;
}

value evaluator::quantify(const instruction& in, std::span<const value> items) {
  const bool decisive = in.sub == expr_kind::exists;
  const auto condition = code_.operands_of(in)[1];
  value error;
  for (const auto& item : items) {
    locals_[in.local] = item;
    value room;
    const auto& v = fetch(condition, room);
    if (v.is(kind::boolean)) {
      if (v.as_bool() == decisive) return value::boolean(decisive);
    } else if (!error.is_error()) {
      error = v.is_error() ? v : no_overload(decisive ? "exists" : "all", {&v, 1});
    }
    if (cost_->exhausted()) return {};
  }
  return error.is_error() ? error : value::boolean(!decisive);
}

value evaluator::count_one(const instruction& in, std::span<const value> items) {
  const auto condition = code_.operands_of(in)[1];
  std::size_t found = 0;
  for (const auto& item : items) {
    locals_[in.local] = item;
    value room;
    const auto& v = fetch(condition, room);
    if (v.is_error()) return v;
    if (cost_->exhausted()) return {};
    if (!v.is(kind::boolean)) return no_overload("exists_one", {&v, 1});
    found += v.as_bool() ? 1 : 0;
  }
  return value::boolean(found == 1);
}

value evaluator::collect(const instruction& in, std::span<const value> items) {
  const auto parts = code_.operands_of(in);
  const bool transforms = in.sub == expr_kind::transform;
  const bool filters = !transforms || parts.size() > 2;
  std::vector<value> out;
  for (const auto& item : items) {
    locals_[in.local] = item;
    if (filters) {
      value room;
      const auto& v = fetch(parts[1], room);
      if (v.is_error()) return v;
      if (cost_->exhausted()) return {};
      if (!v.is(kind::boolean)) return no_overload(transforms ? "map" : "filter", {&v, 1});
      if (!v.as_bool()) continue;
    }
    value room;
    const auto& made = transforms ? fetch(parts.back(), room) : item;
    if (made.is_error()) return made;
    if (!cost_->charge(1)) return {};
    out.push_back(made);
  }
  return value::list(std::move(out));
}

}  // namespace switchboard::cel
