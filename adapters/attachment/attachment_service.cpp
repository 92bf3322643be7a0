#include "adapters/attachment/attachment_service.hpp"

#include <future>
#include <utility>

#include "runtime/log/log.hpp"
#include "runtime/store/damage.hpp"

namespace switchboard::attachment {

attachment_service::attachment_service(std::unique_ptr<attachment_store> store,
                                       const store::journal& journal, const clock_source& clock)
    : store_(std::move(store)), journal_(journal), clock_(clock), thread_([this] { run(); }) {}

attachment_service::~attachment_service() {
  stop();
}

void attachment_service::stop() {
  {
    std::lock_guard hold(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool attachment_service::post(job j) {
  {
    std::lock_guard hold(mutex_);
    if (stopping_ || jobs_.size() >= most_queued) return false;
    jobs_.push_back(std::move(j));
  }
  wake_.notify_one();
  return true;
}

/// Not bounded by the queue: who was told that a message is gone must be able to rely on it.
void attachment_service::release(std::string attachment_id, store::position after) {
  std::lock_guard hold(mutex_);
  released_.emplace_back(after, std::move(attachment_id));
}

result<std::size_t> attachment_service::forget(std::vector<std::string> sessions) {
  auto done = std::make_shared<std::promise<result<std::size_t>>>();
  auto answer = done->get_future();
  bool queued = post([done, sessions = std::move(sessions)](attachment_store& store, timestamp) {
    std::size_t files = 0;
    for (auto& s : sessions) {
      auto n = store.forget(s);
      if (!n) return done->set_value(tl::unexpected(n.error()));
      files += *n;
    }
    done->set_value(files);
  });
  if (!queued) return fail(errc::resource_exhausted, "too many files are under way; try again");
  // What is queued is done, also while the service stops.
  return answer.get();
}

attachment_store::usage attachment_service::used() const {
  std::lock_guard hold(mutex_);
  return used_;
}

void attachment_service::run() {
  constexpr std::chrono::milliseconds tick{50};
  constexpr millis sweep_every{1000};
  timestamp swept{};
  while (true) {
    job next;
    {
      std::unique_lock hold(mutex_);
      wake_.wait_for(hold, tick, [&] { return stopping_ || !jobs_.empty(); });
      if (jobs_.empty() && stopping_) return;
      if (!jobs_.empty()) {
        next = std::move(jobs_.front());
        jobs_.pop_front();
      }
    }
    auto now = clock_.now();
    if (next) next(*store_, now);
    let_go();
    if (now - swept < sweep_every) continue;
    swept = now;
    look_after(now);
  }
}

/// What cannot be read here is nobody's answer: it is said once.
void attachment_service::look_after(timestamp now) {
  try {
    store_->sweep(now);
    auto used = store_->used();
    std::lock_guard hold(mutex_);
    used_ = used;
  } catch (const store::damaged_data& e) {
    if (!std::exchange(said_damaged_, true))
      log::error("attachment_index_damaged", {{"why", log::technical{e.what()}}});
  }
}

/// What was taken back goes once that is durable; if the process ends before, the session asks
/// again when it is recovered.
void attachment_service::let_go() {
  std::vector<std::string> due;
  {
    std::lock_guard hold(mutex_);
    auto durable = journal_.durable();
    std::erase_if(released_, [&](auto& r) {
      if (r.first > durable) return false;
      due.push_back(std::move(r.second));
      return true;
    });
  }
  for (auto& id : due) {
    if (auto ok = store_->release(id); !ok)
      log::error("attachment_not_released",
                 {{"attachment", log::technical{id}}, {"why", log::technical{ok.error().message}}});
  }
}

}  // namespace switchboard::attachment
