#include "adapters/web/side_worker.hpp"

#include <exception>
#include <memory>
#include <utility>

namespace switchboard::web {

side_worker::side_worker() : thread_([this] { run(); }) {}

side_worker::~side_worker() {
  stop();
}

bool side_worker::post(std::function<void()> work) {
  {
    std::lock_guard hold(lock_);
    if (stopping_ || work_.size() >= most_queued) return false;
    work_.push_back(std::move(work));
  }
  wake_.notify_one();
  return true;
}

void side_worker::stop() {
  {
    std::lock_guard hold(lock_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void side_worker::run() {
  while (true) {
    std::function<void()> next;
    {
      std::unique_lock hold(lock_);
      wake_.wait(hold, [&] { return stopping_ || !work_.empty(); });
      if (stopping_) return;
      next = std::move(work_.front());
      work_.pop_front();
    }
    next();
  }
}

handler aside(side_worker& worker, std::function<response(const request&)> make) {
  return [&worker, make = std::move(make)](const request& what, const answer& to) {
    auto asked = std::make_shared<const request>(what);
    const bool queued = worker.post([make, asked, to] {
      // Whoever makes pages throws where a library of theirs does: one answer is lost, not the
      // process.
      try {
        to(make(*asked));
      } catch (const std::exception&) {
        to(plain(500, "this page cannot be made now"));
      }
    });
    if (!queued) to(plain(503, "busy: too many ask for this"));
  };
}

}  // namespace switchboard::web
