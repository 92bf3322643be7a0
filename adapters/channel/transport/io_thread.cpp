#include "adapters/channel/transport/io_thread.hpp"

#include <utility>

#include <boost/asio/post.hpp>

#include "adapters/channel/transport/tcp_peer.hpp"
#include "runtime/base/thread_name.hpp"

namespace switchboard::channel {

namespace asio = boost::asio;

namespace {
// Deadlines must not follow the wall clock when it is set.
timestamp steady_now() {
  auto since = std::chrono::steady_clock::now().time_since_epoch();
  return timestamp{std::chrono::duration_cast<millis>(since)};
}
}  // namespace

void transport_core::answered(std::size_t answers) {
  if (answers == 0) return;
  auto left = counters.in_flight.fetch_sub(answers, std::memory_order_acq_rel) - answers;
  if (left * 8 > live.node_in_flight * 7 || !starving.load(std::memory_order_acquire)) return;
  if (!starving.exchange(false)) return;
  for (auto& t : threads) t->post([t] { t->feed_starved(); });
}

bool transport_core::admit_address(const std::string& address) {
  std::lock_guard hold(address_lock);
  auto& n = per_address[address];
  if (n >= live.connections_per_address) return false;
  ++n;
  return true;
}

void transport_core::forget_address(const std::string& address) {
  std::lock_guard hold(address_lock);
  auto at = per_address.find(address);
  if (at != per_address.end() && --at->second == 0) per_address.erase(at);
}

io_thread::io_thread(const transport_core& core)
    : core_(core),
      work_(asio::make_work_guard(context_)),
      timer_(context_),
      gate_(core.journal, [this] { asio::post(context_, [this] { gate_.drain(); }); }),
      now_(steady_now()),
      wheel_(now_) {}

void io_thread::start() {
  thread_ = std::thread([this] {
    name_this_thread("io");
    context_.run();
  });
  post([this] { run_timer(); });
}

void io_thread::stop() {
  post([this] {
    timer_.cancel();
    starved_.clear();
    work_.reset();
  });
  gate_.stop();
  stopped_.store(true, std::memory_order_release);
  if (thread_.joinable()) thread_.join();
}

void io_thread::post(std::function<void()> work) {
  // A peer outlives the server in the hands of an actor: what it posts then must not be kept, for
  // it holds the peer.
  if (!stopped_.load(std::memory_order_acquire)) asio::post(context_, std::move(work));
}

void io_thread::refresh_now() {
  now_ = steady_now();
}

void io_thread::add(const std::shared_ptr<tcp_peer>& p) {
  peers_.try_emplace(p->id(), p);
}
void io_thread::remove(std::uint64_t id) {
  auto at = peers_.find(id);
  if (at == peers_.end()) return;
  wheel_.cancel(at->second);
  peers_.erase(at);
}

void io_thread::arm(std::uint64_t id, timestamp when) {
  if (auto at = peers_.find(id); at != peers_.end()) wheel_.arm(at->second, when);
}

std::vector<std::shared_ptr<tcp_peer>> io_thread::peers() const {
  std::vector<std::shared_ptr<tcp_peer>> all;
  all.reserve(peers_.size());
  for (auto& [id, kept] : peers_) all.push_back(kept.peer);
  return all;
}

void io_thread::feed_starved() {
  auto hungry = std::exchange(starved_, {});
  for (auto& p : hungry) p->resume();
}

/// Who asked hears in words, and nobody twice: an answer that is put in from here on looks for
/// itself whether it can leave.
void io_thread::answer_what_waits() {
  for (auto& p : peers()) p->answer_what_waits();
}

void io_thread::run_timer() {
  refresh_now();
  due_.clear();
  wheel_.advance(now_, due_);
  std::vector<std::shared_ptr<tcp_peer>> due;
  due.reserve(due_.size());
  // One that ends at its deadline is removed.
  for (auto* e : due_) due.push_back(static_cast<kept_peer*>(e)->peer);
  for (auto& p : due) p->check_deadlines();
  if (core_.stands_still()) answer_what_waits();
  // Also the safety net for a wake that raced with starving.
  if (!starved_.empty()) feed_starved();
  timer_.expires_after(tick);
  timer_.async_wait([this](const boost::system::error_code& ec) {
    // A tick that was due before the stop cancelled the timer comes without an error.
    if (!ec && !stopped_) run_timer();
  });
}

}  // namespace switchboard::channel
