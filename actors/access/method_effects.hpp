#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "runtime/store/admission.hpp"

namespace switchboard::rights {

/// When an answer may leave.
enum class answer : std::uint8_t {
  /// Once the journal has all that it may speak of.
  after_journal,
  /// It speaks of what the state has, of what is counted, or of what is no record at all.
  at_once,
};

/// What each method of the wire does to the store: one line a method, in one table, beside the
/// rights.
struct method_effect {
  std::string_view method;
  store::work does;
  answer leaves = answer::after_journal;
};
/// By name.
std::span<const method_effect> effects();
/// One that has no line writes: it is refused above the second threshold.
method_effect effect_of(std::string_view method);

}  // namespace switchboard::rights
