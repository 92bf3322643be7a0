#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/center_http/http_endpoint.hpp"
#include "adapters/center_http/request_signature.hpp"
#include "runtime/base/clock.hpp"

namespace boost::asio {
class io_context;
}

namespace switchboard::center {

struct pool_options {
  http_endpoint endpoint;
  /// Certificates trusted besides the system's; empty is none.
  std::string ca_file;
  /// The longest answer taken.
  std::size_t answer_bytes = 1 << 20;
  /// A connection unused for longer is closed rather than used.
  millis idle_for{20'000};
};

struct http_answer {
  int status = 0;
  std::string body;
};

/// Connections to one service, kept alive between calls. Every call goes on the io_context's one
/// thread, and the answers come there.
class http_pool {
 public:
  virtual ~http_pool() = default;
  /// GET. The answer comes within `within`, but for a name server that takes longer: whoever waits
  /// keeps a timer of his own. `deadline_exceeded` when there was no answer, `unavailable` when the
  /// service could not be reached, hung up, or does not speak HTTP.
  virtual void get(std::string target, header_fields headers, millis within,
                   std::function<void(result<http_answer>)> then) = 0;
  /// Open, in use or idle.
  virtual std::size_t connections() const = 0;
};

/// Refuses a CA file that cannot be read.
result<std::shared_ptr<http_pool>> make_http_pool(boost::asio::io_context& io,
                                                  const pool_options& options);

}  // namespace switchboard::center
