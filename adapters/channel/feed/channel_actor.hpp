#pragma once

#include <map>
#include <memory>
#include <string>

#include <caf/actor_system.hpp>

#include "actors/messages/interfaces.hpp"
#include "adapters/channel/feed/consumer_projection.hpp"
#include "adapters/channel/feed/feed_pump.hpp"
#include "runtime/hosting/probe.hpp"

namespace switchboard {

/// channel.subscribe: feed this connection from `after`, or from the consumer's kept cursor.
struct subscribe_consumer {
  std::string consumer, after;
  reply_to reply;
};
template <class V> void describe(V& v, subscribe_consumer& x) {
  v("consumer", x.consumer);
  v("after", x.after);
}

/// channel.ack: keep the cursor, durably, before it is answered.
struct acknowledge_events {
  std::string consumer, cursor;
  reply_to reply;
};
template <class V> void describe(V& v, acknowledge_events& x) {
  v("consumer", x.consumer);
  v("cursor", x.cursor);
}

struct connection_gone {
  std::uint64_t outbox = 0;
};
template <class V> void describe(V& v, connection_gone& x) {
  v("outbox", x.outbox);
}

using channel_actor = caf::typed_actor<
    // From connections.
    caf::reacts_to<subscribe_consumer>, caf::reacts_to<acknowledge_events>,
    caf::reacts_to<connection_gone>, caf::reacts_to<status_request>>;

struct channel_feed_services {
  store::journal& journal;
  const store::state& state;
  const clock_source& clock;
  probe_registry& probes;
  feed_limits limits = {};
  /// Of one channel; a new one is refused beyond, unless one whose cursor the journal no longer
  /// covers can be forgotten for it.
  std::size_t consumers = 64;
};

/// The only writer of a channel's consumers and their cursors. Services outlive it.
channel_actor spawn_channel(caf::actor_system& system, const channel_feed_services& services,
                            std::string channel, std::map<std::string, consumer_record> consumers,
                            std::shared_ptr<feed_pump> pump);

}  // namespace switchboard
