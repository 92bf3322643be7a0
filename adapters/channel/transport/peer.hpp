#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include <msgpack/object_fwd.hpp>

#include "runtime/hosting/outbox.hpp"

namespace switchboard::channel {

/// Why a connection ended; counted and logged.
enum class close_reason : std::uint8_t {
  none,
  by_client,
  by_service,
  bad_frame,
  slow_reader,
  hello_timeout,
  frame_timeout,
  idle,
  tls_failed,
  stopping,
  over_share,
};
std::string_view to_string(close_reason why);

/// One connection of a client: its way out (outbox, thread-safe), and what the service above needs
/// of it. Every peer lives on one strand, where the service is called. Who holds a peer_ptr keeps
/// the object, not the connection: once closed, all it is given is dropped.
class peer : public outbox {
 public:
  /// The client's address without its port; "local" on a Unix socket.
  virtual std::string_view remote_address() const = 0;
  /// Who the system says is at the other end of a Unix socket; empty otherwise.
  virtual std::string_view local_user() const { return {}; }
  virtual bool encrypted() const = 0;
  /// Any thread. Output that has not left yet; whoever has much to send keeps it small.
  virtual std::size_t unread_bytes() const = 0;

  /// On the strand. Lifts the hello deadline, allows messages of full size, sets the window (0: the
  /// configured one). `token` says whose the connection is ("channel:app"): connections of one
  /// token share what may be held for their readers.
  virtual void authenticated(std::size_t window = 0, std::string_view token = {}) = 0;
  virtual bool is_authenticated() const = 0;
  /// What an authenticated connection may send: its longest message, the deepest nesting, calls
  /// not yet answered. For its whole life.
  struct allowance {
    std::size_t message_bytes = 0, depth = 0, window = 0;
  };
  virtual allowance allowed() const = 0;

  /// Any thread. Drops what is queued.
  virtual void close(close_reason why) = 0;
  /// Any thread. What was put in before still leaves (within the gate and a deadline); nothing more
  /// is read or accepted.
  virtual void close_after_flush(close_reason why) = 0;
  virtual close_reason why_closed() const = 0;
  void end() final { close_after_flush(close_reason::by_service); }

  /// Any thread. Runs `work` on the strand, unless the server has stopped.
  virtual void post(std::function<void()> work) = 0;

  /// The service's own state for this connection; used on the strand only.
  void attach(std::shared_ptr<void> state) { state_ = std::move(state); }
  template <class T> T* attached() const { return static_cast<T*>(state_.get()); }

 private:
  std::shared_ptr<void> state_;
};

using peer_ptr = std::shared_ptr<peer>;

/// The layer above. All calls come on the peer's strand; `method` and `params` (always a map) are
/// valid during the call only. Every call must be answered once by `reply` or `fail`, from any
/// thread; past the call deadline the client has been told `deadline_exceeded` and the answer is
/// dropped.
class rpc_service {
 public:
  virtual ~rpc_service();
  virtual void on_call(const peer_ptr& from, std::uint32_t msgid, std::string_view method,
                       const msgpack::object& params) = 0;
  virtual void on_notify(const peer_ptr& from, std::string_view method,
                         const msgpack::object& params) = 0;
  /// Once for each peer that was ever handed out; nothing comes after it.
  virtual void on_close(const peer_ptr& gone) = 0;
};

}  // namespace switchboard::channel
