#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.hpp"

namespace switchboard::center {

/// Where a request goes: "/members/{member_id}/orders?state={states}". Values are percent-encoded
/// (RFC 3986: all but the unreserved characters), so that none can reach into another part.
class path_template {
 public:
  /// Refuses what does not begin with a slash, an unclosed brace, a name that is not among `known`,
  /// and characters no target can hold. The message says which.
  static result<path_template> parse(std::string_view text, const std::vector<std::string>& known);

  /// A name without a value stands for nothing.
  std::string expand(const std::map<std::string, std::string>& values) const;
  bool uses(std::string_view name) const;

 private:
  struct part {
    std::string text;
    bool name = false;
  };
  std::vector<part> parts_;
};

/// `text` as one part of a target.
std::string percent_encoded(std::string_view text);

}  // namespace switchboard::center
