#include "adapters/web/side_worker.hpp"

#include <exception>
#include <memory>
#include <utility>

namespace switchboard::web {

side_worker::side_worker() : x_thread([this] { run(); }) {}

side_worker::~side_worker() {
  stop();
}

bool side_worker::post(std::function<void()> work) {
  {
    std::lock_guard hold(x_lock);
    if (x_stopping || x_work.size() >= most_queued) return false;
    x_work.push_back(std::move(work));
  }
  x_wake.notify_one();
  return true;
}

void side_worker::stop() {
  {
    std::lock_guard hold(x_lock);
    x_stopping = true;
  }
  x_wake.notify_all();
  if (x_thread.joinable()) x_thread.join();
}

void side_worker::run() {
  while (true) {
    std::function<void()> next;
    {
      std::unique_lock hold(x_lock);
      x_wake.wait(hold, [&] { return x_stopping || !x_work.empty(); });
      if (x_stopping) return;
      next = std::move(x_work.front());
      x_work.pop_front();
    }
    next();
  }
}

handler aside(side_worker& worker, std::function<response(const request&)> make) {
  return [&worker, make = std::move(make)](const request& what, const answer& to) {
    auto asked = std::make_shared<const request>(what);
    const bool queued = worker.post([make, asked, to] {
      // Whoever makes pages throws where a library of theirs does: one answer is lost, not the process.
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
