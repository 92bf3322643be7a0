#pragma once

#include <string>
#include <string_view>

#include "runtime/base/error.hpp"

namespace switchboard::center {

/// Where a service is: "https://members.example.com:8443/api/v2".
struct http_endpoint {
  bool tls = false;
  std::string host;
  std::string port;
  /// Before every path; without a slash at its end.
  std::string prefix;

  /// As it stands in the Host header.
  std::string authority() const;
  bool operator==(const http_endpoint&) const = default;
};

/// http or https, a host (a literal IPv6 address in brackets), perhaps a port and a path. Refuses
/// a user, a query and a fragment.
result<http_endpoint> parse_endpoint(std::string_view url);

}  // namespace switchboard::center
