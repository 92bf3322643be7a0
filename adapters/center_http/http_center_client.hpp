#pragma once

#include <array>
#include <memory>
#include <optional>

#include "adapters/center/center_client.hpp"
#include "adapters/center_http/center_service.hpp"
#include "config/center_mapping.hpp"

namespace switchboard::center {

struct http_center_plan {
  service_options service;
  config::center_mapping mapping;
};

/// By center_kind: nothing for those that are embedded.
using http_plan = std::array<std::optional<http_center_plan>, 4>;

/// Centers of which some are the company's services; the others are those of `embedded`. It owns
/// the one thread on which all calls go; `stop` ends it, after which nothing is answered any more.
class http_center_client : public center_client {
 public:
  virtual void stop() = 0;
};

/// Refuses a CA file that cannot be read and a path that is no template. The clock outlives it.
result<std::shared_ptr<http_center_client>> open_http_center_client(
    const http_plan& plan, std::shared_ptr<center_client> embedded, const clock_source& clock,
    std::uint64_t seed);

}  // namespace switchboard::center
