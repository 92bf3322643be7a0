#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "runtime/cel/host_object.hpp"
#include "runtime/cel/value.hpp"

namespace switchboard::cel {

/// The host's side of one evaluation: the values of variables and the host functions. Must answer
/// alike for as long as an evaluation (of a whole rule set, too) lasts. Called on the evaluating
/// thread only, never after the evaluation.
class activation {
 public:
  virtual ~activation() = default;
  /// A variable by its full name; nothing where it is unbound, which is an evaluation error.
  virtual std::optional<value> find(std::string_view name) const = 0;
  /// A host function of the environment. The arguments have the declared kinds.
  virtual value call(std::string_view function, std::span<const value> arguments) const;
};

/// An activation that holds its variables. Thread-safe to read.
class bindings : public activation {
 public:
  bindings& bind(std::string name, value v);
  std::optional<value> find(std::string_view name) const override;

 private:
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  std::unordered_map<std::string, value, text_hash, std::equal_to<>> values_;
};

}  // namespace switchboard::cel
