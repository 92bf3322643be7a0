#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "runtime/base/error.hpp"

namespace switchboard::bench {

/// What the machine can do at best: the wire of the daemon on bare Asio, msgpack-c and LMDB group
/// commit, without actors, rights, windows or recovery. `hello` says who a connection is; a
/// `session.send` is written to LMDB (append-only keys, default sync, one writer thread), answered
/// `{seq, at}` after its commit, and delivered as a `session.event` to one of the connections that
/// said `agent`, chosen by the session. `session.open` and `session.close` write as many records of
/// as many bytes as the daemon does for a session that is identified, routed and assigned at once,
/// and send the same frames; nothing is decided and no state is kept, so the figure flatters. The
/// same client can drive it. Owns two threads.
class baseline_server {
 public:
  /// `directory` must exist; the environment is made in it.
  explicit baseline_server(std::string directory);
  ~baseline_server();
  baseline_server(const baseline_server&) = delete;
  baseline_server& operator=(const baseline_server&) = delete;

  result<void> start();
  void stop();
  std::uint16_t port() const;

  struct totals {
    std::uint64_t messages = 0;
    std::uint64_t commits = 0;
  };
  totals written() const;

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace switchboard::bench
