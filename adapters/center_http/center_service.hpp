#pragma once

#include <functional>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "adapters/center/center_client.hpp"
#include "adapters/center_http/answer_cache.hpp"
#include "adapters/center_http/circuit_breaker.hpp"
#include "adapters/center_http/http_pool.hpp"
#include "adapters/center_http/retry_plan.hpp"

namespace switchboard::center {

struct service_options {
  pool_options pool;
  credential proof;
  /// From a question to its answer, retries and waiting for a place included.
  millis deadline{2'000};
  /// With an older answer at hand, how long a new one is waited for. The new one is still taken up.
  millis stale_after{150};
  /// Calls out at once, and calls that wait for a place.
  std::size_t in_flight = 8;
  std::size_t waiting = 256;
  breaker_options breaker;
  retry_options retry;
  cache_options cache;
};

/// An answer's JSON; null where the service said there is no such thing (404, 410).
using document = std::shared_ptr<const nlohmann::json>;

/// One company service, asked by GET: what is kept answers first; equal questions asked at once go
/// out once; then the breaker, a place among those in flight, the call, its retries; and when all
/// that brings nothing, the older answer, with its age. `fetch` and `health` are thread-safe, the
/// answers come on the io_context's one thread.
class center_service {
 public:
  virtual ~center_service() = default;
  virtual void fetch(std::string target, freshness f, when_answered<document> then) = 0;
  virtual center_health health() const = 0;
};

result<std::shared_ptr<center_service>> make_center_service(boost::asio::io_context& io,
                                                            const service_options& options,
                                                            const clock_source& clock,
                                                            std::uint64_t seed);

}  // namespace switchboard::center
