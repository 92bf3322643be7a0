#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/channel/transport/byte_stream.hpp"
#include "adapters/channel/transport/call_table.hpp"
#include "adapters/channel/transport/io_thread.hpp"
#include "adapters/channel/transport/output_lane.hpp"

/// INTERNAL to the transport.
namespace switchboard::channel {

/// One connection, over TCP or a Unix socket. What is under "strand" belongs to its io thread; what
/// is under "lock" is shared with the actors that put output in.
class tcp_peer final : public peer,
                       public gated_output,
                       public std::enable_shared_from_this<tcp_peer> {
 public:
  tcp_peer(std::shared_ptr<transport_core> core, std::shared_ptr<io_thread> io,
           byte_stream::stream_socket socket, std::string address);
  ~tcp_peer() override;

  void reply(std::uint32_t msgid, store::position after, std::string packed) override;
  void fail(std::uint32_t msgid, store::position after, const error& why) override;
  void notify(store::position after, std::string frame) override;
  std::uint64_t id() const override { return x_id; }
  bool open() const override { return x_open.load(std::memory_order_acquire); }

  std::string_view remote_address() const override { return x_address; }
  std::string_view local_user() const override { return x_user; }
  bool encrypted() const override { return x_stream.encrypted(); }
  std::size_t unread_bytes() const override;
  void authenticated(std::size_t window, std::string_view token) override;
  bool is_authenticated() const override { return x_authenticated; }
  allowance allowed() const override { return x_allowed; }
  void close(close_reason why) override;
  void close_after_flush(close_reason why) override;
  close_reason why_closed() const override { return x_why.load(std::memory_order_acquire); }
  void post(std::function<void()> work) override { x_io->post(std::move(work)); }

  /// On the strand.
  void start();
  void release(store::position durable) override;
  void check_deadlines();
  /// Reads on after a stop, if what stopped it is over.
  void resume();

 private:
  enum class answer_kind : std::uint8_t { none, to_call };

  // life (tcp_peer.cpp)
  void greet();
  void finish();
  void linger();
  void drain_input();
  void arm(timestamp when);

  // input (tcp_peer_input.cpp)
  void read();
  void on_read(const boost::system::error_code& ec, std::size_t bytes);
  void pump();
  bool must_stop();
  bool dispatch(const codec::frame& f);
  void refuse(const codec::bad_frame& bad);
  void follow_partial();

  // output (tcp_peer_output.cpp)
  void put(store::position after, std::string_view head, std::string_view body,
           const std::uint32_t* answers, bool refuses = false);
  bool has_room(std::size_t bytes);
  bool count_held();
  void write();
  void on_written(const boost::system::error_code& ec, std::size_t bytes);
  void expire_calls();

  const std::uint64_t x_id;
  const std::shared_ptr<transport_core> x_core;
  const std::shared_ptr<io_thread> x_io;
  const std::string x_address;
  const std::string x_user;

  // strand
  byte_stream x_stream;
  codec::frame_decoder x_decoder;
  std::size_t x_window;
  allowance x_allowed;
  std::size_t x_read_bytes;
  std::size_t x_in_flight = 0;
  bool x_authenticated = false;
  bool x_started = false;
  bool x_finished = false;
  bool x_reading = false;
  bool x_stopped = false;
  bool x_lingering = false;
  timestamp x_hello_by;
  timestamp x_linger_by = timestamp::max();
  timestamp x_flush_by = timestamp::max();
  timestamp x_frame_by = timestamp::max();
  timestamp x_write_by = timestamp::max();
  timestamp x_active_at;
  timestamp x_armed = timestamp::max();
  timestamp x_notified_from;
  std::size_t x_notified = 0;
  std::string x_out;
  gated_queue::released x_out_holds;

  // lock
  mutable std::mutex x_lock;
  output_lane x_lane;
  call_table x_calls;
  bool x_sealed = false;
  /// None before `start` and after the end.
  output_budget::connection_ptr x_held;

  std::atomic<bool> x_open{true};
  std::atomic<close_reason> x_why{close_reason::none};
};

}  // namespace switchboard::channel
