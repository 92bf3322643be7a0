#include "runtime/cel/evaluator.hpp"

#include <array>

#include <re2/re2.h>

#include "runtime/cel/arithmetic.hpp"
#include "runtime/cel/text_functions.hpp"

namespace switchboard::cel {

namespace {

/// Room for a call's arguments; few fit without an allocation.
class argument_list {
 public:
  explicit argument_list(std::size_t n) : size_{n} {
    if (n > few_.size()) many_.resize(n);
  }
  value& operator[](std::size_t i) { return many_.empty() ? few_[i] : many_[i]; }
  std::span<const value> all() const { return {many_.empty() ? few_.data() : many_.data(), size_}; }

 private:
  std::size_t size_;
  std::array<value, 4> few_;
  std::vector<value> many_;
};

}  // namespace

evaluator::evaluator(const code& program, const activation& host, memo* shared)
    : code_{program}, host_{host}, memo_{shared}, locals_(program.locals) {}

value evaluator::run(code_id root, budget& cost) {
  cost_ = &cost;
  value room;
  const auto& result = fetch(root, room);
  if (cost.exhausted())
    return value::error(fault_code::cost_exceeded, "the condition exceeds its cost limit")
        .error_at(root);
  return &result == &room ? std::move(room) : result;
}

const value& evaluator::fetch(code_id id, value& room) {
  const auto& in = code_.instructions[id];
  if (in.code == opcode::constant) {
    cost_->charge(1);
    return code_.constants[in.data];
  }
  if (in.code == opcode::local) {
    cost_->charge(1);
    return locals_[in.local];
  }
  if (memo_ == nullptr || in.memo == no_slot) return room = compute(id);
  if (const auto* known = memo_->find(in.memo)) {
    cost_->charge(known->cost);
    return known->result;
  }
  const auto before = cost_->used();
  auto result = compute(id);
  if (cost_->exhausted()) return room = std::move(result);
  return memo_->keep(in.memo, std::move(result), cost_->used() - before).result;
}

value evaluator::compute(code_id id) {
  if (!cost_->charge(1)) return {};
  auto result = execute(code_.instructions[id]);
  // Whoever made the error did not know where; operands' errors come through with their place.
  if (result.is_error() && result.error_site() == no_slot) return result.error_at(id);
  return result;
}

value evaluator::execute(const instruction& in) {
  switch (in.code) {
    case opcode::constant:
    case opcode::failure:
      return code_.constants[in.data];
    case opcode::local:
      return locals_[in.local];
    case opcode::variable:
      return variable(in);
    case opcode::list:
      return list(in);
    case opcode::map:
      return map(in);
    case opcode::select:
    case opcode::has:
      return field(in);
    case opcode::index:
    case opcode::calculate:
    case opcode::compare:
      return binary(in);
    case opcode::negate:
    case opcode::invert:
      return prefix(in);
    case opcode::both:
    case opcode::either:
      return logic(in);
    case opcode::conditional:
      return conditional(in);
    case opcode::call:
    case opcode::host_call:
      return call(in);
    case opcode::regex:
      return regex(in);
    case opcode::loop:
      return loop(in);
  }
  return {};
}

value evaluator::variable(const instruction& in) {
  auto found = host_.find(code_.names[in.data]);
  if (found) return std::move(*found);
  return value::error(fault_code::unknown_name,
                      "no value for variable '" + code_.names[in.data] + '\'');
}

value evaluator::list(const instruction& in) {
  std::vector<value> items;
  items.reserve(in.count);
  for (const auto id : code_.operands_of(in)) {
    value room;
    const auto& item = fetch(id, room);
    if (item.is_error()) return item;
    items.push_back(&item == &room ? std::move(room) : item);
  }
  return value::list(std::move(items));
}

value evaluator::map(const instruction& in) {
  const auto operands = code_.operands_of(in);
  std::vector<value::entry> entries;
  entries.reserve(in.count / 2);
  for (std::size_t i = 0; i < operands.size(); i += 2) {
    value key_room;
    value item_room;
    const auto& key = fetch(operands[i], key_room);
    if (key.is_error()) return key;
    const auto& item = fetch(operands[i + 1], item_room);
    if (item.is_error()) return item;
    entries.emplace_back(key, item);
  }
  auto made = value::map(std::move(entries));
  return made ? std::move(*made) : value::error(fault_code::bad_argument, std::move(made.error()));
}

value evaluator::field(const instruction& in) {
  value room;
  const auto& of = fetch(code_.operands_of(in)[0], room);
  if (of.is_error()) return of;
  const auto& name = code_.names[in.data];
  return in.code == opcode::has ? has_field(of, name) : at_field(of, name);
}

value evaluator::binary(const instruction& in) {
  const auto operands = code_.operands_of(in);
  value left;
  value right;
  const auto& a = fetch(operands[0], left);
  if (a.is_error()) return a;
  const auto& b = fetch(operands[1], right);
  if (b.is_error()) return b;
  if (cost_->exhausted()) return {};
  if (in.code == opcode::index) return at_index(a, b);
  if (in.code == opcode::calculate) return calculate(in.sub, a, b, *cost_);
  return compare(in.sub, a, b, *cost_);
}

value evaluator::prefix(const instruction& in) {
  value room;
  const auto& a = fetch(code_.operands_of(in)[0], room);
  if (a.is_error()) return a;
  if (in.code == opcode::negate) return negated(a);
  return a.is(kind::boolean) ? value::boolean(!a.as_bool()) : no_overload("!", {&a, 1});
}

// One operand that decides makes errors in all others irrelevant, wherever it stands.
value evaluator::logic(const instruction& in) {
  const bool decisive = in.code == opcode::either;
  value error;
  for (const auto id : code_.operands_of(in)) {
    value room;
    const auto& v = fetch(id, room);
    if (v.is(kind::boolean)) {
      if (v.as_bool() == decisive) return value::boolean(decisive);
    } else if (!error.is_error()) {
      error = v.is_error() ? v : no_overload(decisive ? "||" : "&&", {&v, 1});
    }
    if (cost_->exhausted()) return {};
  }
  return error.is_error() ? error : value::boolean(!decisive);
}

value evaluator::conditional(const instruction& in) {
  const auto operands = code_.operands_of(in);
  value room;
  const auto& condition = fetch(operands[0], room);
  if (condition.is_error()) return condition;
  if (!condition.is(kind::boolean)) return no_overload("?:", {&condition, 1});
  value result;
  return fetch(operands[condition.as_bool() ? 1 : 2], result);
}

value evaluator::call(const instruction& in) {
  const auto operands = code_.operands_of(in);
  argument_list arguments{operands.size()};
  for (std::size_t i = 0; i < operands.size(); ++i) {
    value room;
    const auto& v = fetch(operands[i], room);
    if (v.is_error()) return v;
    arguments[i] = v;
  }
  if (cost_->exhausted()) return {};
  if (in.code == opcode::host_call) return host_call(in, arguments.all());
  return code_.groups[in.data]->call(arguments.all(), *cost_);
}

value evaluator::host_call(const instruction& in, std::span<const value> arguments) {
  const auto& f = code_.hosts[in.data];
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto& wanted = f.parameters[i];
    if (!wanted.is_dyn() && !arguments[i].is(wanted.which())) return no_overload(f.name, arguments);
  }
  if (!cost_->charge(f.cost)) return {};
  return host_.call(f.name, arguments);
}

value evaluator::regex(const instruction& in) {
  value room;
  const auto& text = fetch(code_.operands_of(in)[0], room);
  if (text.is_error()) return text;
  if (!text.is(kind::string)) return no_overload("matches", {&text, 1});
  return search(*code_.regexes[in.data], text.as_text(), *cost_);
}

}  // namespace switchboard::cel
