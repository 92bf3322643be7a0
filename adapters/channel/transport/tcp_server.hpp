#pragma once

#include <cstdint>
#include <memory>

#include "adapters/channel/transport/output_budget.hpp"
#include "adapters/channel/transport/peer.hpp"
#include "adapters/channel/transport/transport_options.hpp"
#include "runtime/base/error.hpp"
#include "runtime/store/admission.hpp"
#include "runtime/store/journal.hpp"

namespace switchboard::channel {

/// An address that is ours and listens: who connects waits until a server takes it over. Given back
/// when it ends.
class bound_address {
 public:
  /// Fails on an address in use, an unreadable certificate, or plain TCP beyond loopback; on a Unix
  /// path where another process listens or another sort of file lies.
  static result<bound_address> open(const transport_options& options);
  bound_address(bound_address&&) noexcept;
  bound_address& operator=(bound_address&&) noexcept;
  ~bound_address();

 private:
  friend class tcp_server;
  class impl;
  explicit bound_address(std::unique_ptr<impl> i);
  std::unique_ptr<impl> impl_;
};

/// The listener of the wire contract, on TCP or a Unix socket. Owns its io threads; service and
/// journal must outlive it. `start` and `stop` are called by one thread.
class tcp_server {
 public:
  /// `budget` is shared by all servers of a node; without one this server has its own. `gate` says
  /// when the journal stands still: answers that would wait for it are refused in words then.
  tcp_server(transport_options options, store::journal& journal, rpc_service& service,
             std::shared_ptr<output_budget> budget = {}, const store::work_gate* gate = nullptr);
  /// Stops.
  ~tcp_server();
  tcp_server(const tcp_server&) = delete;
  tcp_server& operator=(const tcp_server&) = delete;

  /// Binds and serves; fails where `bound_address::open` does.
  result<void> start();
  /// Serves what was opened with the same options.
  void start(bound_address at);
  /// Accepts and reads no more, lets queued output leave within the flush deadline, closes, joins
  /// the threads. `on_close` has been called for every peer when it returns.
  void stop();

  /// Takes up what of `o` may change while it runs (`live_limits`). Between `start` and `stop`.
  void take_limits(const transport_options& o);

  /// The port bound, once started; 0 on a Unix socket.
  std::uint16_t port() const;
  const transport_counters& counters() const;

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace switchboard::channel
