#pragma once

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>

#include <caf/actor_cast.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "runtime/hosting/observed_actor.hpp"
#include "runtime/hosting/outbox.hpp"
#include "runtime/store/damage.hpp"

namespace switchboard {

namespace hosting_detail {

/// Says to who waits for an answer why there is none, where the message is that one and begins with
/// a value that has a `reply`.
template <class In, class... More, class Out>
bool refuse_if(const caf::typed_mpi<caf::detail::type_list<In, More...>, Out>*,
               const caf::type_erased_tuple& message, const error& why) {
  if constexpr (requires(const In& x) { x.reply.fail(store::position{}, why); }) {
    if (message.size() != 1 + sizeof...(More) || !message.match_element<In>(0)) return false;
    message.get_as<In>(0).reply.fail(0, why);
    return true;
  }
  return false;
}

template <class... Sigs>
void refuse(caf::detail::type_list<Sigs...>, const caf::type_erased_tuple& message,
            const error& why) {
  (void)(refuse_if(static_cast<const Sigs*>(nullptr), message, why) || ...);
}

}  // namespace hosting_detail

/// What an actor lets others look at, or settles with them, without a message. Lives as long as
/// anybody has its handle, which is longer than its body. A `Shown` is thread-safe.
template <class Shown> class showing_actor {
 public:
  virtual ~showing_actor() = default;
  Shown shown;
};

/// Null where that actor shows nothing of this kind. Good for as long as the handle.
template <class Shown, class Handle> Shown* shown_by(const Handle& who) {
  auto* actor = dynamic_cast<showing_actor<Shown>*>(caf::actor_cast<caf::abstract_actor*>(who));
  return actor ? &actor->shown : nullptr;
}

/// Of a body that names no `shown`.
struct shows_nothing {};
template <class Body> struct shown_of { using type = shows_nothing; };
template <class Body>
requires requires {
  typename Body::shown;
}
struct shown_of<Body> {
  using type = showing_actor<typename Body::shown>;
};

/// The thin shell around every actor's body: `Body(pointer self, actor_probe&, args...)` with
/// `name` and `make_behavior()`, or, where it shows something, `Body(pointer self, actor_probe&,
/// shown&, args...)`. The shell counts what comes and what is handled, and measures it (decision
/// 0042); a body in the registry of probes has its key there, another says it by `key()`. The body
/// is destroyed when the actor ends, so handles it holds make no cycles. An exception in a handler
/// is a broken invariant: the process says so and stops, for the journal holds everything that was
/// acknowledged and the next start recovers. But damage met in the store is none: the state has
/// named it, whoever waits for an answer to this message is told so, and the actor goes on. So a
/// handler reads before it changes anything.
template <class Handle, class Body>
class hosted_actor : public Handle::base, public observed_actor, public shown_of<Body>::type {
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
    if constexpr (requires { typename Body::shown; })
      body_.emplace(this, probe, this->shown, std::forward<Args>(args)...);
    else
      body_.emplace(this, probe, std::forward<Args>(args)...);
  }

  const char* name() const override { return Body::name; }
  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit* unit) override {
    probe.note_arrival();
    Handle::base::enqueue(std::move(what), unit);
  }
  caf::invoke_message_result consume(caf::mailbox_element& x) override {
    handling message(*this, this->id(), x.content());
    try {
      return Handle::base::consume(x);
    } catch (const store::damaged_data& e) {
      message.failed();
      hosting_detail::refuse(typename Handle::signatures{}, x.content(),
                             error{errc::internal, e.what(), {}, {}, 0});
      return caf::invoke_message_result::consumed;
    }
  }
  void on_exit() override { body_.reset(); }

 protected:
  typename Handle::behavior_type make_behavior() override { return body_->make_behavior(); }

 private:
  std::string key() const override {
    if (!body_) return {};
    if constexpr (requires { body_->key(); })
      return body_->key();
    else
      return probe.key ? *probe.key : std::string(Body::name);
  }

  std::optional<Body> body_;
};

}  // namespace switchboard
