#pragma once

#include <cstdint>
#include <memory>

#include "adapters/web/router.hpp"
#include "adapters/web/web_options.hpp"
#include "runtime/base/error.hpp"

namespace switchboard::web {

/// An HTTP listener with one thread of its own, on which every connection lives and every handler
/// is called. Everything a client can take is bounded in bytes, number and time, so that no silent,
/// slow or greedy one holds up another. `start` and `stop` are called by one thread.
class web_server {
 public:
  web_server(web_options options, router routes);
  /// Stops.
  ~web_server();
  web_server(const web_server&) = delete;
  web_server& operator=(const web_server&) = delete;

  /// Fails on an address in use, or one that is none.
  result<void> start();
  /// Ends all connections and the thread; no handler runs when it returns, nor later. Answers that
  /// come after it are dropped.
  void stop();
  /// The port bound; 0 while none is.
  std::uint16_t port() const;
  const web_counters& counters() const;

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace switchboard::web
