#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <msgpack/object_fwd.hpp>

#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"
#include "runtime/codec/frame_decoder.hpp"

namespace boost::asio {
class io_context;
}

namespace switchboard::client {

struct connection_options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 7701;
  /// A Unix socket's path; where it is given, host, port and TLS do not count.
  std::string unix_path;
  /// TLS, trusting `ca_file` (PEM), or the system's store where that is empty.
  bool tls = false;
  std::string ca_file;
  /// For development certificates only.
  bool accept_any_certificate = false;
  millis connect_timeout{5'000};
  codec::frame_limits limits{.message_bytes = 16 * 1024 * 1024, .depth = 32, .items = 2'000'000};
};

/// One connection on a caller's io_context, for programs that keep thousands on one thread.
/// Everything, callbacks included, happens on that context's thread; only `post` may be called from
/// elsewhere. Calls go out in order, gathered into few writes, with any number outstanding; each
/// callback runs exactly once, never within `call` itself. Values in callbacks are valid while it
/// runs.
class client_connection : public std::enable_shared_from_this<client_connection> {
 public:
  using answer = result<const msgpack::object*>;
  using on_answer = std::function<void(const answer&)>;
  using on_notification =
      std::function<void(std::string_view method, const msgpack::object& params)>;
  using on_done = std::function<void(const result<void>&)>;

  static std::shared_ptr<client_connection> create(boost::asio::io_context& io,
                                                   connection_options options);
  virtual ~client_connection() = default;

  virtual void connect(on_done done) = 0;
  /// `params` is one packed map. Without a timeout the answer may take for ever; the server's own
  /// deadline ends it.
  virtual void call(std::string_view method, std::string_view params, on_answer done,
                    millis timeout = {}) = 0;
  virtual void notify(std::string_view method, std::string_view params) = 0;
  /// For frames a client should not send, in tests.
  virtual void send_raw(std::string_view bytes) = 0;
  virtual void set_on_notification(on_notification call) = 0;
  /// Once, when the connection is lost or closed; outstanding calls have failed `unavailable`
  /// before.
  virtual void set_on_close(std::function<void(const error& why)> call) = 0;
  virtual void close() = 0;
  virtual bool open() const = 0;
  virtual std::size_t outstanding() const = 0;
  /// Any thread.
  virtual void post(std::function<void()> work) = 0;
  /// Stops and resumes reading, to play a slow reader in tests.
  virtual void pause_reading(bool paused) = 0;
};

/// An error map as the wire has it, read back. Unknown codes become `internal`.
error read_error(const msgpack::object& map);

}  // namespace switchboard::client
