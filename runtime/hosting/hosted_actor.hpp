#pragma once

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>

#include <caf/typed_event_based_actor.hpp>

namespace switchboard {

/// The thin shell around every actor's body: `Body(pointer self, args...)` with `name` and `make_behavior()`. The body is
/// destroyed when the actor ends, so handles it holds make no cycles. An exception in a handler is a broken invariant: the
/// process says so and stops, for the journal holds everything that was acknowledged and the next start recovers.
template <class Handle, class Body>
class hosted_actor : public Handle::base {
 public:
  template <class... Args>
  explicit hosted_actor(caf::actor_config& config, Args&&... args) : Handle::base(config) {
    this->set_exception_handler([](std::exception_ptr& e) -> caf::error {
      try {
        std::rethrow_exception(e);
      } catch (const std::exception& x) {
        std::fprintf(stderr, "switchboard: %s stopped: %s\n", Body::name, x.what());
      }
      std::abort();
    });
    this->set_default_handler(caf::drop);
    body_.emplace(this, std::forward<Args>(args)...);
  }

  const char* name() const override { return Body::name; }
  void on_exit() override { body_.reset(); }

 protected:
  typename Handle::behavior_type make_behavior() override { return body_->make_behavior(); }

 private:
  std::optional<Body> body_;
};

}  // namespace switchboard
