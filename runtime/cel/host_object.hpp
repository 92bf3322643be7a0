#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/cel/value.hpp"

namespace switchboard::cel {

/// A map whose fields the host computes when a condition asks for them (`queue("vip").online`).
/// Must answer alike for as long as one evaluation lasts. Called on the evaluating thread only.
class host_object {
 public:
  virtual ~host_object() = default;
  /// The value of a field, nothing where there is no such field.
  virtual std::optional<value> find(std::string_view field) const = 0;
  /// All field names; asked for by `size`, iteration, equality and printing only.
  virtual std::vector<std::string> fields() const = 0;
};

}  // namespace switchboard::cel
