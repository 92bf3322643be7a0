#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "runtime/base/error.hpp"
#include "runtime/store/journal.hpp"

namespace switchboard {

/// The gated way out to one connection of a client. Everything put in leaves in the order of the
/// calls, and only when the journal is durable up to the position given with it. Thread-safe, never
/// blocks. A reader too slow for its bound of queued bytes is disconnected; after that everything
/// put in is dropped in silence (the client resumes from its cursor). Outboxes never leave their
/// node.
class outbox {
 public:
  virtual ~outbox() = default;
  /// Answers call `msgid`; `packed` is one MessagePack value.
  virtual void reply(std::uint32_t msgid, store::position after, std::string packed) = 0;
  /// The same as was answered before: what a way does with an answer beside passing it on has been
  /// done.
  virtual void reply_again(std::uint32_t msgid, store::position after, std::string packed) {
    reply(msgid, after, std::move(packed));
  }
  virtual void fail(std::uint32_t msgid, store::position after, const error& why) = 0;
  /// Sends a notification; `frame` is the complete MessagePack-RPC message.
  virtual void notify(store::position after, std::string frame) = 0;
  /// Unique in the life of the process; tells connections of one client apart.
  virtual std::uint64_t id() const = 0;
  /// False once the connection is gone.
  virtual bool open() const = 0;
  /// Ends the connection once all that was put in before has left. Means nothing where there is
  /// none.
  virtual void end() {}
};

using outbox_ptr = std::shared_ptr<outbox>;

/// Where the answer to one call goes.
struct reply_to {
  outbox_ptr out;
  std::uint32_t msgid = 0;

  void ok(store::position after, std::string packed) const {
    if (out) out->reply(msgid, after, std::move(packed));
  }
  void again(store::position after, std::string packed) const {
    if (out) out->reply_again(msgid, after, std::move(packed));
  }
  void fail(store::position after, const error& why) const {
    if (out) out->fail(msgid, after, why);
  }
};

}  // namespace switchboard
