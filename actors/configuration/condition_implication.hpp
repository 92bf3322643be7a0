#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace switchboard {

/// One part of a condition: a comparison with something written down, or a text that is only
/// compared with itself.
struct condition_atom {
  enum class relation : std::uint8_t {
    holds,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    one_of
  };
  using constant = std::variant<double, std::string>;

  std::string subject;
  relation how = relation::holds;
  std::vector<constant> with;  // one, but for one_of
};

/// A condition as alternatives (joined by `||` at its top), each of parts joined by `&&`. One that
/// always holds has one alternative without parts.
using condition_form = std::vector<std::vector<condition_atom>>;

/// Empty for a text that is no condition. Pure.
condition_form form_of(std::string_view condition);

/// Whether whoever meets `mine` is known to meet one alternative of `other`: `level >= 4` meets
/// `level >= 3`. False means only that it is not seen.
bool implies(const std::vector<condition_atom>& mine, const condition_form& other);

}  // namespace switchboard
