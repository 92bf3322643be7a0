#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/cel/type.hpp"

namespace switchboard::cel {

/// What a condition may refer to: variables, functions of the host and the container (a name
/// prefix such as `com.example`) in which names are looked up first. Built once, then read;
/// thread-safe to read. Programs keep no reference to it.
class environment {
 public:
  struct variable {
    std::string name;
    cel::type type;
  };
  /// A global function that the activation computes. It must depend on nothing but its arguments
  /// for as long as one evaluation lasts: rules share its result.
  struct function {
    std::string name;
    std::vector<cel::type> parameters;
    cel::type result;
    /// What a call costs of the condition's limit.
    std::uint32_t cost = 10;
  };

  environment& add_variable(std::string name, cel::type t);
  environment& add_function(function f);
  environment& in_container(std::string name);
  /// Leaves all checks to the run time: unknown names and wrong types are evaluation errors then.
  environment& without_checks();

  const variable* find_variable(std::string_view name) const;
  const function* find_function(std::string_view name) const;
  const std::vector<variable>& variables() const { return variables_; }
  const std::vector<function>& functions() const { return functions_; }
  bool checks() const { return checks_; }
  /// The full names `name` may stand for, in the order to try them: container first, root last.
  std::vector<std::string> candidates(std::string_view name, bool rooted) const;

 private:
  std::vector<variable> variables_;
  std::vector<function> functions_;
  std::string container_;
  bool checks_ = true;
};

}  // namespace switchboard::cel
