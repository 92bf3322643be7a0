#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.hpp"

namespace switchboard::center {

/// The tag center: words the business has put on a person. Thread-safe; waiting as in
/// member_center.
class tag_center {
 public:
  virtual ~tag_center() = default;
  /// Sorted, each once; none when nothing is known.
  virtual result<std::vector<std::string>> of_member(std::string_view member_id) const = 0;
  /// Of somebody known only by an identity on a channel.
  virtual result<std::vector<std::string>> of_identity(std::string_view channel,
                                                       std::string_view customer_id) const = 0;
};

}  // namespace switchboard::center
