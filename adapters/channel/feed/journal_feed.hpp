#pragma once

#include <memory>

#include <caf/actor_system.hpp>

#include "adapters/channel/feed/channel_actor.hpp"
#include "adapters/channel/gateway/gateway_services.hpp"

namespace switchboard {

/// The durable feed: a channel_actor for each channel that has consumers, woken at the first call,
/// and one thread that reads the journal for all of them.
///
/// A consumer is fed on one connection, the newest; the one before stays open and hears nothing
/// more. It goes on from `after`, else from its last ack, else (new) from the present end, which is
/// then kept as if acknowledged. A cursor older than the journal is `failed_precondition
/// {first_cursor}`; that number, as text, is a cursor to go on from. An ack that lies before an
/// earlier one is answered and changes nothing.
class journal_feed final : public channel_feed {
 public:
  /// Services outlive the actor system's actors; the system outlives this.
  journal_feed(caf::actor_system& system, const channel_feed_services& services);
  /// Stops.
  ~journal_feed() override;
  journal_feed(const journal_feed&) = delete;
  journal_feed& operator=(const journal_feed&) = delete;

  /// Loads the consumers and starts the thread; before the first call from a connection.
  result<void> start();
  /// Nothing is fed any more when it returns; the actors end by themselves.
  void stop();

  void subscribe(const std::string& channel, const std::string& consumer, const std::string& after,
                 const reply_to& reply) override;
  void acknowledge(const std::string& channel, const std::string& consumer,
                   const std::string& cursor, const reply_to& reply) override;
  void unsubscribe(std::uint64_t outbox) override;

  const feed_counters& counters() const;

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace switchboard
