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
  std::uint64_t id() const override { return id_; }
  bool open() const override { return open_.load(std::memory_order_acquire); }

  std::string_view remote_address() const override { return address_; }
  std::string_view local_user() const override { return user_; }
  bool encrypted() const override { return stream_.encrypted(); }
  std::size_t unread_bytes() const override;
  void authenticated(std::size_t window, std::string_view token) override;
  bool is_authenticated() const override { return authenticated_; }
  allowance allowed() const override { return allowed_; }
  void close(close_reason why) override;
  void close_after_flush(close_reason why) override;
  close_reason why_closed() const override { return why_.load(std::memory_order_acquire); }
  void post(std::function<void()> work) override { io_->post(std::move(work)); }

  /// On the strand.
  void start();
  void release(store::position durable) override;
  void check_deadlines();
  /// The journal stands still: answers that wait for it are refused in words, those of which it has
  /// everything leave; events wait on.
  void answer_what_waits();
  /// Reads on after a stop, if what stopped it is over.
  void resume();

 private:
  enum class answer_kind : std::uint8_t { none, to_call };

  // life (tcp_peer.cpp)
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
  void expire_calls(millis after);

  const std::uint64_t id_;
  const std::shared_ptr<transport_core> core_;
  const std::shared_ptr<io_thread> io_;
  const std::string address_;
  const std::string user_;

  // strand
  byte_stream stream_;
  codec::frame_decoder decoder_;
  std::size_t window_;
  allowance allowed_;
  std::size_t read_bytes_;
  std::size_t in_flight_ = 0;
  bool authenticated_ = false;
  bool started_ = false;
  bool finished_ = false;
  bool reading_ = false;
  bool stopped_ = false;
  bool lingering_ = false;
  timestamp hello_by_;
  timestamp linger_by_ = timestamp::max();
  timestamp flush_by_ = timestamp::max();
  timestamp frame_by_ = timestamp::max();
  timestamp write_by_ = timestamp::max();
  timestamp active_at_;
  timestamp armed_ = timestamp::max();
  timestamp notified_from_;
  std::size_t notified_ = 0;
  std::string out_;
  gated_queue::released out_holds_;

  // lock
  mutable std::mutex lock_;
  output_lane lane_;
  call_table calls_;
  bool sealed_ = false;
  /// None before `start` and after the end.
  output_budget::connection_ptr held_;

  std::atomic<bool> open_{true};
  std::atomic<close_reason> why_{close_reason::none};
};

}  // namespace switchboard::channel
