#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "runtime/store/admission.hpp"

/// What every method of the wire is, as method_list.hpp has it: its name, and what it does to the
/// store. Who may call it is rights.hpp's, which asks the same list.
namespace switchboard::rights {

/// When an answer may leave.
enum class answer : std::uint8_t {
  /// Once the journal has all that it may speak of.
  after_journal,
  /// It speaks of what the state has, of what is counted, or of what is no record at all.
  at_once,
};

struct method {
  std::string_view name;
  store::work does;
  answer leaves;
};
/// By name. A method's place in it is also its endpoint's (adapters/channel/gateway).
std::span<const method> methods();
/// The place of that method; nothing where there is no such method.
std::optional<std::size_t> place_of(std::string_view name);

}  // namespace switchboard::rights
