#include "adapters/channel/feed/journal_feed.hpp"

#include <condition_variable>
#include <thread>
#include <unordered_map>

#include "actors/read_model/projection/state_keys.hpp"
#include "runtime/base/thread_name.hpp"
#include "runtime/store/damage.hpp"

namespace switchboard {

namespace {

/// Lets the feeding thread sleep until there is something to do. Thread-safe; kept by whoever may
/// still wake when the thread is gone.
class alarm_bell {
 public:
  void ring() {
    std::lock_guard hold(lock_);
    rung_ = true;
    bell_.notify_one();
  }
  void sleep(std::optional<feed_pump::clock::time_point> until) {
    std::unique_lock hold(lock_);
    auto awake = [this] { return rung_; };
    if (until) {
      bell_.wait_until(hold, *until, awake);
    } else {
      bell_.wait(hold, awake);
    }
    rung_ = false;
  }

 private:
  std::mutex lock_;
  std::condition_variable bell_;
  bool rung_ = false;
};

}  // namespace

class journal_feed::impl {
 public:
  impl(caf::actor_system& system, const channel_feed_services& services)
      : system_(system),
        services_(services),
        bell_(std::make_shared<alarm_bell>()),
        pump_(std::make_shared<feed_pump>(
            services.journal, [bell = bell_] { bell->ring(); }, services.limits)) {}

  result<void> start();
  void stop();
  /// Null once stopped.
  channel_actor actor_of(const std::string& channel);
  channel_actor actor_for(const std::string& channel, std::uint64_t outbox);
  channel_actor forget(std::uint64_t outbox);
  const feed_counters& counters() const { return pump_->counters(); }

 private:
  void run();
  channel_actor find_or_spawn(const std::string& channel);

  caf::actor_system& system_;
  const channel_feed_services& services_;
  const std::shared_ptr<alarm_bell> bell_;
  const std::shared_ptr<feed_pump> pump_;
  std::atomic<bool> stopping_{false};
  int subscription_ = 0;
  std::thread thread_;

  std::mutex lock_;
  bool open_ = false;
  consumer_table loaded_;
  std::unordered_map<std::string, channel_actor> actors_;
  /// Which channel a connection that was ever fed belongs to.
  std::unordered_map<std::uint64_t, std::string> fed_;
};

result<void> journal_feed::impl::start() {
  auto loaded = load_consumers(services_.state, services_.journal);
  if (!loaded) return tl::unexpected(loaded.error());
  {
    std::lock_guard hold(lock_);
    loaded_ = std::move(*loaded);
    open_ = true;
  }
  pump_->leave_out([this](const session_id& session, std::uint64_t seq) {
    try {
      return services_.state.view()
          ->find(projecting::table::recalled, projecting::recalled_key(session, seq))
          .has_value();
    } catch (const store::damaged_data&) {
      // Said by the state; there is a row, so it was taken back.
      return true;
    }
  });
  subscription_ = services_.journal.on_durable([bell = bell_](store::position) { bell->ring(); });
  thread_ = std::thread([this] {
    name_this_thread("feed");
    run();
  });
  return {};
}

void journal_feed::impl::run() {
  while (!stopping_.load(std::memory_order_acquire)) {
    auto now = feed_pump::clock::now();
    auto due = pump_->step(now);
    if (!due || *due > now) bell_->sleep(due);
  }
}

void journal_feed::impl::stop() {
  if (!thread_.joinable()) return;
  pump_->close();
  services_.journal.unsubscribe(subscription_);
  stopping_.store(true, std::memory_order_release);
  bell_->ring();
  thread_.join();
  std::lock_guard hold(lock_);
  open_ = false;
  actors_.clear();
  fed_.clear();
}

channel_actor journal_feed::impl::actor_of(const std::string& channel) {
  std::lock_guard hold(lock_);
  return find_or_spawn(channel);
}

channel_actor journal_feed::impl::actor_for(const std::string& channel, std::uint64_t outbox) {
  std::lock_guard hold(lock_);
  fed_.insert_or_assign(outbox, channel);
  return find_or_spawn(channel);
}

channel_actor journal_feed::impl::forget(std::uint64_t outbox) {
  std::lock_guard hold(lock_);
  auto node = fed_.extract(outbox);
  return node ? find_or_spawn(node.mapped()) : channel_actor{};
}

channel_actor journal_feed::impl::find_or_spawn(const std::string& channel) {
  if (!open_) return {};
  auto [at, fresh] = actors_.try_emplace(channel);
  if (fresh) {
    auto kept = loaded_.extract(channel);
    at->second =
        spawn_channel(system_, services_, channel,
                      kept ? std::move(kept.mapped()) : consumer_table::mapped_type{}, pump_);
  }
  return at->second;
}

journal_feed::journal_feed(caf::actor_system& system, const channel_feed_services& services)
    : impl_(std::make_unique<impl>(system, services)) {}
journal_feed::~journal_feed() {
  stop();
}
result<void> journal_feed::start() {
  return impl_->start();
}
void journal_feed::stop() {
  impl_->stop();
}
const feed_counters& journal_feed::counters() const {
  return impl_->counters();
}

namespace {
const error not_running{errc::unavailable, "the feed is not running", {}, {}, 0};
}

void journal_feed::subscribe(const std::string& channel, const std::string& consumer,
                             const std::string& after, const reply_to& reply) {
  auto actor = impl_->actor_for(channel, reply.out ? reply.out->id() : 0);
  if (!actor) return reply.fail(0, not_running);
  caf::anon_send(actor, subscribe_consumer{consumer, after, reply});
}

void journal_feed::acknowledge(const std::string& channel, const std::string& consumer,
                               const std::string& cursor, const reply_to& reply) {
  auto actor = impl_->actor_of(channel);
  if (!actor) return reply.fail(0, not_running);
  caf::anon_send(actor, acknowledge_events{consumer, cursor, reply});
}

void journal_feed::unsubscribe(std::uint64_t outbox) {
  if (auto actor = impl_->forget(outbox)) caf::anon_send(actor, connection_gone{outbox});
}

}  // namespace switchboard
