#pragma once

#include <optional>
#include <string>

#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/type_erased_tuple.hpp>

#include "runtime/hosting/worker_account.hpp"

namespace switchboard {

/// An actor that counts what it handles, whatever its type.
class observed_actor {
 public:
  virtual ~observed_actor() = default;
  actor_probe probe;

 protected:
  /// One message, from its beginning to its end. Noted in the probe, and in the account of the
  /// thread where that has one (in a simulation none has).
  class handling {
   public:
    handling(observed_actor& by, std::uint64_t actor, const caf::type_erased_tuple& message)
        : by_(by),
          actor_(actor),
          what_(message.size() == 0 ? message_names::others
                                    : message_names::of(message.type(0).second)),
          account_(worker_account::current()) {
      if (!account_) return;
      began_ = ticks_now();
      account_->begin(actor_, by_.probe.kind, what_, began_);
      wait_ = by_.probe.take_wait(began_);
    }
    handling(const handling&) = delete;
    handling& operator=(const handling&) = delete;
    ~handling() { end(); }

    void failed() {
      by_.probe.note_failure();
      if (account_) {
        auto& n = account_->of(by_.probe.kind, what_).failed;
        n.store(n.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
      }
    }

   private:
    void end() {
      auto& probe = by_.probe;
      if (!account_) return probe.note_handled(what_, ticks_now(), 0);
      const auto now = ticks_now(), took = now - began_;
      account_->end();
      probe.note_handled(what_, now, took);
      auto& cell = account_->of(probe.kind, what_);
      cell.handled.store(cell.handled.load(std::memory_order_relaxed) + 1,
                         std::memory_order_relaxed);
      cell.work.store(cell.work.load(std::memory_order_relaxed) + took, std::memory_order_relaxed);
      cell.work_spans.note(took);
      if (wait_) cell.wait_spans.note(*wait_);
      if (account_->watched(now)) {
        account_->note_busy(actor_, probe.kind, what_, took, [this] { return by_.key(); });
      }
    }

    observed_actor& by_;
    std::uint64_t actor_;
    message_names::number what_;
    worker_account* account_;
    std::uint64_t began_ = 0;
    std::optional<std::uint64_t> wait_;
  };

 private:
  /// Its business key. Only while it handles a message; empty when its body has ended.
  virtual std::string key() const = 0;
};

/// Null where that actor is another node's. Good for as long as the handle.
template <class Handle> const actor_probe* probe_of(const Handle& who) {
  auto* actor = dynamic_cast<observed_actor*>(caf::actor_cast<caf::abstract_actor*>(who));
  return actor ? &actor->probe : nullptr;
}

}  // namespace switchboard
