#include "adapters/web/health_pages.hpp"

#include <utility>

namespace switchboard::web {

void add_health_pages(router& routes, side_worker& worker, const metrics::collection& metrics,
                      std::function<readiness()> ready) {
  routes.add("GET", "/healthz", [](const request&, const answer& to) { to(plain(200, "ok")); });
  routes.add("GET", "/readyz", [ready = std::move(ready)](const request&, const answer& to) {
    auto now = ready();
    to(now.ready ? plain(200, "ready") : plain(503, "not ready: " + now.why));
  });
  routes.add("GET", "/metrics", aside(worker, [&metrics](const request&) {
               response out;
               out.content_type = metrics::collection::content_type;
               out.body = metrics.text();
               return out;
             }));
}

}  // namespace switchboard::web
