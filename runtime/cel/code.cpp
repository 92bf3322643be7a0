#include "runtime/cel/code.hpp"

#include <algorithm>
#include <cstring>

#include <re2/re2.h>

namespace switchboard::cel {

namespace {

template <class T> void append_bytes(std::string& out, const T& plain) {
  out.append(reinterpret_cast<const char*>(&plain), sizeof plain);
}

// Tells constants apart by kind and bits: 1, 1u and 1.0 are equal, yet not the same constant.
// Scalars, texts and lists of them take part, so a key is no longer than the literal's text.
bool append_identity(std::string& out, const value& v, bool nested = false) {
  append_bytes(out, v.which());
  switch (v.which()) {
    case kind::null:
      return true;
    case kind::boolean:
      append_bytes(out, v.as_bool());
      return true;
    case kind::timestamp:
      append_bytes(out, v.as_timestamp().seconds);
      append_bytes(out, v.as_timestamp().nanoseconds);
      return true;
    case kind::string:
    case kind::bytes:
      append_bytes(out, v.as_text().size());
      out += v.as_text();
      return true;
    case kind::list:
      if (nested) return false;
      append_bytes(out, v.as_list().size());
      return std::all_of(v.as_list().begin(), v.as_list().end(),
                         [&](const value& item) { return append_identity(out, item, true); });
    case kind::map:
    case kind::error:
      return false;
    default:
      append_bytes(out, v.as_uint());
      return true;
  }
}

}  // namespace

code::code() = default;
code::~code() = default;

code_builder::code_builder() : code_{std::make_shared<code>()} {}

code_id code_builder::add(instruction in, std::span<const code_id> operands) {
  std::string key;
  append_bytes(key, in.code);
  append_bytes(key, in.sub);
  append_bytes(key, in.local);
  append_bytes(key, in.data);
  for (const auto id : operands) append_bytes(key, id);
  const auto next = static_cast<code_id>(code_->instructions.size());
  const auto [at, added] = known_.emplace(std::move(key), next);
  if (!added) return at->second;

  slots used;
  for (const auto id : operands) used |= free_[id];
  if (in.code == opcode::local) used.set(in.local);
  // The range is evaluated outside the loop, where the slot is not yet the loop's own.
  if (in.code == opcode::loop) used.reset(in.local);
  if (in.code == opcode::loop) used |= free_[operands[0]];
  in.first = static_cast<std::uint32_t>(code_->operands.size());
  in.count = static_cast<std::uint32_t>(operands.size());
  code_->operands.insert(code_->operands.end(), operands.begin(), operands.end());
  code_->instructions.push_back(in);
  free_.push_back(used);
  return next;
}

code_id code_builder::constant(value v) {
  auto& all = code_->constants;
  instruction in;
  in.data = static_cast<std::uint32_t>(all.size());
  std::string key;
  if (append_identity(key, v)) {
    const auto [at, added] = known_constants_.emplace(std::move(key), in.data);
    in.data = at->second;
    if (!added) return add(in, {});
  }
  all.push_back(std::move(v));
  return add(in, {});
}

std::uint32_t code_builder::name(std::string_view text) {
  const auto next = static_cast<std::uint32_t>(code_->names.size());
  const auto [at, added] = known_names_.emplace(text, next);
  if (added) code_->names.emplace_back(text);
  return at->second;
}

code_id code_builder::variable(std::string_view text) {
  instruction in{opcode::variable};
  in.data = name(text);
  return add(in, {});
}

code_id code_builder::local(std::uint16_t slot) {
  instruction in{opcode::local};
  in.local = slot;
  code_->locals = std::max<std::uint32_t>(code_->locals, slot + 1u);
  return add(in, {});
}

code_id code_builder::failure(fault_code why, std::string message) {
  instruction in{opcode::failure};
  in.data = static_cast<std::uint32_t>(code_->constants.size());
  code_->constants.push_back(value::error(why, std::move(message)));
  return add(in, {});
}

code_id code_builder::field(opcode op, code_id of, std::string_view text) {
  instruction in{op};
  in.data = name(text);
  return add(in, {&of, 1});
}

code_id code_builder::node(opcode op, expr_kind sub, std::span<const code_id> operands) {
  instruction in{op};
  in.sub = sub;
  return add(in, operands);
}

code_id code_builder::call(const function_group& group, std::span<const code_id> operands) {
  auto& all = code_->groups;
  auto at = std::find(all.begin(), all.end(), &group);
  if (at == all.end()) at = all.insert(all.end(), &group);
  instruction in{opcode::call};
  in.data = static_cast<std::uint32_t>(at - all.begin());
  return add(in, operands);
}

code_id code_builder::host_call(const host_function& f, std::span<const code_id> operands) {
  auto& all = code_->hosts;
  auto at = std::find_if(all.begin(), all.end(),
                         [&](const host_function& known) { return known.name == f.name; });
  if (at == all.end()) at = all.insert(all.end(), f);
  instruction in{opcode::host_call};
  in.data = static_cast<std::uint32_t>(at - all.begin());
  return add(in, operands);
}

code_id code_builder::regex(code_id text, std::string_view pattern,
                            std::unique_ptr<re2::RE2> compiled) {
  auto& all = code_->regexes;
  const auto next = static_cast<std::uint32_t>(all.size());
  const auto [at, added] = known_regexes_.emplace(pattern, next);
  if (added) all.push_back(std::move(compiled));
  instruction in{opcode::regex};
  in.data = at->second;
  return add(in, {&text, 1});
}

code_id code_builder::loop(expr_kind macro, std::uint16_t slot, std::span<const code_id> parts) {
  instruction in{opcode::loop};
  in.sub = macro;
  in.local = slot;
  code_->locals = std::max<std::uint32_t>(code_->locals, slot + 1u);
  return add(in, parts);
}

const value* code_builder::constant_at(code_id id) const {
  const auto& in = code_->instructions[id];
  return in.code == opcode::constant ? &code_->constants[in.data] : nullptr;
}

// A result is worth keeping when more than one instruction or rule asks for it, or when a loop
// asks for it again and again.
void code_builder::assign_memos(std::span<const code_id> roots) {
  const auto& all = code_->instructions;
  std::vector<std::uint32_t> uses(all.size());
  std::vector<bool> alive(all.size());
  for (const auto root : roots) {
    ++uses[root];
    alive[root] = true;
  }
  // Operands come before their users, so one pass from the back sees users first.
  for (code_id id = static_cast<code_id>(all.size()); id-- > 0;) {
    if (!alive[id]) continue;
    for (const auto operand : code_->operands_of(all[id])) {
      alive[operand] = true;
      uses[operand] += !is_closed(id) ? 2 : 1;
    }
  }
  for (code_id id = 0; id < all.size(); ++id) {
    auto& in = code_->instructions[id];
    const bool trivial = in.code == opcode::constant || in.code == opcode::failure;
    if (uses[id] > 1 && is_closed(id) && !trivial) in.memo = code_->memos++;
  }
}

std::shared_ptr<const code> code_builder::seal(std::span<const code_id> roots, bool share) {
  if (share) assign_memos(roots);
  return std::move(code_);
}

}  // namespace switchboard::cel
