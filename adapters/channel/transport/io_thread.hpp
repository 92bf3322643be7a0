#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/channel/transport/gate.hpp"
#include "adapters/channel/transport/output_budget.hpp"
#include "adapters/channel/transport/peer.hpp"
#include "adapters/channel/transport/transport_options.hpp"
#include "runtime/base/timer_wheel.hpp"
#include "runtime/store/admission.hpp"

/// INTERNAL to the transport.
namespace switchboard::channel {

class io_thread;
class tcp_peer;

/// What all connections of a server share.
struct transport_core {
  transport_core(transport_options o, store::journal& j, rpc_service& s,
                 std::shared_ptr<output_budget> b, const store::work_gate* g)
      : options(std::move(o)),
        live(options),
        journal(j),
        service(s),
        budget(std::move(b)),
        gate(g) {}

  /// As at the start; of what `live` has too, `live` holds.
  const transport_options options;
  live_limits live;
  store::journal& journal;
  rpc_service& service;
  /// Of all servers of the node.
  const std::shared_ptr<output_budget> budget;
  /// Knows when no answer can wait for the journal any more; null: always.
  const store::work_gate* const gate;
  transport_counters counters;
  std::optional<boost::asio::ssl::context> tls;
  std::vector<std::shared_ptr<io_thread>> threads;
  /// Some connection has stopped reading because of the node's limit.
  std::atomic<bool> starving{false};

  std::mutex address_lock;
  std::unordered_map<std::string, std::size_t> per_address;

  bool node_full() const {
    return counters.in_flight.load(std::memory_order_relaxed) >=
           live.node_in_flight.load(std::memory_order_relaxed);
  }
  bool stands_still() const { return store::stands_still(gate); }
  /// `answers` calls are off the node; wakes whoever starved once there is room.
  void answered(std::size_t answers);
  bool admit_address(const std::string& address);
  void forget_address(const std::string& address);
};

/// One event loop on a thread of its own: the strand of the peers assigned to it, their gate, their
/// deadlines.
class io_thread : public std::enable_shared_from_this<io_thread> {
 public:
  static constexpr millis tick{50};

  explicit io_thread(const transport_core& core);
  void start();
  /// Runs what is left and joins; every peer must be closed or closing.
  void stop();

  boost::asio::io_context& context() { return context_; }
  gate& outputs() { return gate_; }
  /// Any thread. Dropped after `stop`.
  void post(std::function<void()> work);

  /// The rest on this thread only.
  timestamp now() const { return now_; }
  std::uint32_t now_ms() const { return static_cast<std::uint32_t>(unix_ms(now_)); }
  void refresh_now();
  void add(const std::shared_ptr<tcp_peer>& p);
  void remove(std::uint64_t id);
  std::vector<std::shared_ptr<tcp_peer>> peers() const;
  /// `tcp_peer::check_deadlines` is called at `when` or up to a tick later, no more at what was
  /// armed before; never once it is removed.
  void arm(std::uint64_t id, timestamp when);
  /// Resumed when the node has room, or at a later tick.
  void starve(std::shared_ptr<tcp_peer> p) { starved_.push_back(std::move(p)); }
  void feed_starved();

 private:
  void run_timer();
  void answer_what_waits();

  const transport_core& core_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer timer_;
  gate gate_;
  timestamp now_;
  struct kept_peer : timer_wheel::entry {
    explicit kept_peer(std::shared_ptr<tcp_peer> p) : peer(std::move(p)) {}
    std::shared_ptr<tcp_peer> peer;
  };

  timer_wheel wheel_;
  std::vector<timer_wheel::entry*> due_;
  std::unordered_map<std::uint64_t, kept_peer> peers_;
  std::vector<std::shared_ptr<tcp_peer>> starved_;
  std::atomic<bool> stopped_{false};
  std::thread thread_;
};

}  // namespace switchboard::channel
