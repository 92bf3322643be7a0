#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/cel/budget.hpp"
#include "runtime/cel/type.hpp"
#include "runtime/cel/value.hpp"

namespace switchboard::cel {

/// The computation of one overload. Gets as many arguments as declared, of the declared kinds
/// (a method's receiver first). Pays for sizes beyond its first unit, before it allocates.
using builtin = value (*)(std::span<const value> arguments, budget& cost);

struct overload {
  std::vector<type> parameters;
  type result;
  builtin run = nullptr;
};

/// All overloads that share name, call style and number of arguments.
struct function_group {
  std::string name;
  bool method = false;
  std::vector<overload> overloads;

  /// Runs the overload whose parameters have the arguments' kinds.
  value call(std::span<const value> arguments, budget& cost) const;
};

/// The standard functions and the string extension. Made once per process, then only read.
class catalogue {
 public:
  enum class style : std::uint8_t { function, method, both };

  static const catalogue& standard();

  const function_group* find(std::string_view name, bool method, std::size_t arguments) const;
  bool knows(std::string_view name, bool method) const;
  std::vector<std::string> names(bool method) const;

  void add(std::string_view name, style s, std::vector<type> parameters, type result, builtin run);

 private:
  std::vector<function_group> groups_;
};

void add_conversions(catalogue& all);
void add_text_functions(catalogue& all);
void add_string_extension(catalogue& all);
void add_time_functions(catalogue& all);

/// `found no overload of 'f' for (int, string)`.
value no_overload(std::string_view function, std::span<const value> arguments);

}  // namespace switchboard::cel
