#pragma once

#include <compare>
#include <cstddef>
#include <optional>

#include "runtime/cel/budget.hpp"
#include "runtime/cel/value.hpp"

namespace switchboard::cel {

/// CEL equality, paying for what it visits: a value that shares its parts can be exponentially
/// larger than its memory. Answers false once the budget is gone.
bool equal(const value& a, const value& b, budget& cost);

/// The order of two values; nothing where CEL defines none (`no such overload`).
/// Unordered means a NaN took part.
std::optional<std::partial_ordering> order(const value& a, const value& b, budget& cost);

/// Equality of map keys: numbers compare exactly, across int, uint and double.
bool same_key(const value& a, const value& b);
std::size_t hash_key(const value& key);
std::size_t hash_key(std::string_view key);

/// The integer a number stands for, if it is one exactly: as int where it fits, else as uint.
/// A value that is no integral number comes back as null.
value integral(const value& number);

}  // namespace switchboard::cel
