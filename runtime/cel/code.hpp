#pragma once

#include <bitset>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/cel/ast.hpp"
#include "runtime/cel/functions.hpp"
#include "runtime/cel/limits.hpp"
#include "runtime/cel/value.hpp"

namespace re2 {
class RE2;
}  // namespace re2

namespace switchboard::cel {

enum class opcode : std::uint8_t {
  constant,  ///< constants[data]
  variable,  ///< names[data]
  local,     ///< the loop variable in slot `local`
  failure,   ///< constants[data] is the message: what an unchecked condition left undeclared
  list,
  map,  ///< operands are the elements, or keys and values in turn
  select,
  has,  ///< of operand 0, field names[data]
  index,
  calculate,
  compare,  ///< `sub` says which operator
  negate,
  invert,
  both,
  either,
  conditional,
  call,       ///< groups[data]
  host_call,  ///< hosts[data]
  regex,      ///< operand 0 matches regexes[data]
  loop        ///< `sub` says which macro; binds slot `local`
};

using code_id = std::uint32_t;
inline constexpr std::uint32_t no_slot = 0xffffffff;

struct instruction {
  opcode code = opcode::constant;
  expr_kind sub = expr_kind::literal;
  std::uint16_t local = 0;
  std::uint32_t data = 0;
  std::uint32_t first = 0;  ///< of `count` operands
  std::uint32_t count = 0;
  std::uint32_t memo = no_slot;  ///< where the result is kept when several rules need it
};

struct host_function {
  std::string name;
  std::vector<type> parameters;
  std::uint32_t cost = 0;
};

/// Compiled conditions: equal subexpressions are one instruction, whichever rule they stand in.
/// Immutable once sealed; thread-safe to share.
struct code {
  std::vector<instruction> instructions;
  std::vector<code_id> operands;
  std::vector<value> constants;
  std::vector<std::string> names;
  std::vector<const function_group*> groups;
  std::vector<host_function> hosts;
  std::vector<std::unique_ptr<re2::RE2>> regexes;
  std::uint32_t locals = 0;  ///< loop variables alive at once, at most
  std::uint32_t memos = 0;

  code();
  ~code();
  std::span<const code_id> operands_of(const instruction& in) const {
    return {operands.data() + in.first, in.count};
  }
};

/// Collects instructions, each distinct one once. Used by one thread, while compiling.
class code_builder {
 public:
  code_builder();

  code_id constant(value v);
  code_id variable(std::string_view name);
  code_id local(std::uint16_t slot);
  code_id failure(fault_code why, std::string message);
  code_id field(opcode op, code_id of, std::string_view name);
  code_id node(opcode op, expr_kind sub, std::span<const code_id> operands);
  code_id call(const function_group& group, std::span<const code_id> operands);
  code_id host_call(const host_function& f, std::span<const code_id> operands);
  code_id regex(code_id text, std::string_view pattern, std::unique_ptr<re2::RE2> compiled);
  code_id loop(expr_kind macro, std::uint16_t slot, std::span<const code_id> parts);

  /// The value of an instruction that is a constant.
  const value* constant_at(code_id id) const;
  const instruction& operator[](code_id id) const { return code_->instructions[id]; }
  std::span<const code_id> operands_of(code_id id) const {
    return code_->operands_of(code_->instructions[id]);
  }
  /// Whether the instruction means the same outside all loops.
  bool is_closed(code_id id) const { return free_[id].none(); }

  /// Ends the collecting. With `share`, results that several of the roots' parts need get a memo.
  std::shared_ptr<const code> seal(std::span<const code_id> roots, bool share);

 private:
  using slots = std::bitset<limits::nesting + 32>;

  code_id add(instruction in, std::span<const code_id> operands);
  std::uint32_t name(std::string_view text);
  void assign_memos(std::span<const code_id> roots);

  std::shared_ptr<code> code_;
  std::vector<slots> free_;
  std::unordered_map<std::string, code_id> known_;
  std::unordered_map<std::string, std::uint32_t> known_constants_;
  std::unordered_map<std::string, std::uint32_t> known_names_;
  std::unordered_map<std::string, std::uint32_t> known_regexes_;
};

}  // namespace switchboard::cel
