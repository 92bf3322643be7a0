#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "runtime/cel/code.hpp"
#include "runtime/cel/compiler.hpp"
#include "runtime/cel/program.hpp"

namespace switchboard::cel {

/// Compiles conditions into shared code. INTERNAL: `compile` and `rule_set` are the ways in.
class program_loader {
 public:
  explicit program_loader(const environment& names) : names_{names} {}

  /// Adds a condition to the code under construction.
  tl::expected<std::size_t, compile_error> add(std::string_view text);
  /// Ends the construction. With `share`, the programs keep what several of them compute.
  std::vector<program> finish(bool share);

 private:
  struct loaded {
    std::shared_ptr<const std::string> text;
    std::shared_ptr<const compiled> result;
  };

  const environment& names_;
  code_builder builder_;
  std::vector<loaded> all_;
};

}  // namespace switchboard::cel
