#pragma once

#include <span>
#include <string_view>

#include "runtime/store/admission.hpp"

namespace switchboard::rights {

/// What each method of the wire does to the store: one line a method, in one table, beside the rights.
struct method_effect {
  std::string_view method;
  store::work does;
};
/// By name.
std::span<const method_effect> effects();
/// One that has no line writes: it is refused above the second threshold.
store::work effect_of(std::string_view method);

}  // namespace switchboard::rights
