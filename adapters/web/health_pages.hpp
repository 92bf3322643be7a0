#pragma once

#include <functional>
#include <string>

#include "adapters/web/router.hpp"
#include "adapters/web/side_worker.hpp"
#include "runtime/metrics/metrics_collection.hpp"

namespace switchboard::web {

/// Whether the daemon takes new work; where not, why.
struct readiness {
  bool ready = false;
  std::string why;
};

/// /healthz: the process lives and its listener turns. /readyz: it takes new work, or 503 and why
/// not. Both are asked every few seconds, and answer at once on the listener's thread: `ready` is
/// quick, and is called there. /metrics is made by `worker`. What is given outlives the listener.
void add_health_pages(router& routes, side_worker& worker, const metrics::collection& metrics,
                      std::function<readiness()> ready);

}  // namespace switchboard::web
