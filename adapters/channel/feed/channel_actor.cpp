#include "adapters/channel/feed/channel_actor.hpp"

#include "runtime/base/wall_time.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/codec/params.hpp"
#include "runtime/hosting/hosted_actor.hpp"

namespace switchboard {
namespace {

/// Why `c` cannot be one that was given out, or how it is understood.
result<feed_cursor> read_cursor(const std::string& text, const char* field, store::position end) {
  auto c = feed_cursor::parse(text);
  if (!c || c->at > end)
    return fail(errc::invalid_argument, std::string(field) + ": is no cursor of this feed", field);
  return *c;
}

class channel_body {
 public:
  static inline const char* name = "channel";

  channel_body(channel_actor::pointer, actor_probe& probe, const channel_feed_services& services,
               std::string channel, std::map<std::string, consumer_record> kept,
               std::shared_ptr<feed_pump> pump)
      : services_(services),
        channel_(std::move(channel)),
        pump_(std::move(pump)),
        probe_(services.probes.enrol(probe, actor_kind::adapter, "channel:" + channel_)) {
    for (auto& [consumer, record] : kept) consumers_[consumer].kept = record;
  }

  channel_actor::behavior_type make_behavior() {
    return {
        [this](const subscribe_consumer& m) { subscribe(m); },
        [this](const acknowledge_events& m) { acknowledge(m); },
        [this](const connection_gone& m) { forget_connection(m.outbox); },
        [this](const status_request& m) { tell_status(m); },
    };
  }

 private:
  struct consumer_state {
    consumer_record kept;
    /// Where `kept` was written; 0 when that was before the start.
    store::position written = 0;
    /// The connection it is fed on; 0: none.
    std::uint64_t outbox = 0;
  };

  void subscribe(const subscribe_consumer& m) {
    auto found = consumers_.find(m.consumer);
    auto end = services_.journal.durable() + 1;
    feed_cursor from{end, 0};
    if (found != consumers_.end()) from = found->second.kept.cursor;
    if (!m.after.empty()) {
      auto given = read_cursor(m.after, "after", end);
      if (!given) return refuse(m.reply, given.error());
      from = *given;
    }
    if (auto first = services_.journal.first(); from.at < first) {
      return refuse(m.reply, {errc::failed_precondition,
                              "after: the journal begins later; first_cursor is its beginning",
                              "after", "first_cursor", static_cast<std::int64_t>(first)});
    }
    if (found == consumers_.end()) {
      if (!make_room()) {
        auto most = std::to_string(services_.consumers);
        return refuse(m.reply, {errc::resource_exhausted,
                                "consumer: the channel has " + most + " already",
                                "consumer",
                                {},
                                0});
      }
      // It is kept at once, so that a consumer lost before its first ack misses nothing.
      found = consumers_.try_emplace(m.consumer).first;
      keep(m.consumer, found->second, from);
    }
    found->second.outbox = m.reply.out ? m.reply.out->id() : 0;
    m.reply.ok(found->second.written, codec::empty_map());
    if (m.reply.out) pump_->attach(channel_, m.consumer, from, m.reply.out);
  }

  void acknowledge(const acknowledge_events& m) {
    auto found = consumers_.find(m.consumer);
    if (found == consumers_.end()) {
      return refuse(m.reply,
                    {errc::not_found, "consumer: has never subscribed", "consumer", {}, 0});
    }
    auto given = read_cursor(m.cursor, "cursor", services_.journal.durable());
    if (!given) return refuse(m.reply, given.error());
    // An older one changes nothing; its answer must not overtake what it relies on.
    if (*given > found->second.kept.cursor) keep(m.consumer, found->second, *given);
    m.reply.ok(found->second.written, codec::empty_map());
  }

  void keep(const std::string& consumer, consumer_state& c, feed_cursor cursor) {
    c.kept = {c.kept.seq + 1, cursor, wall_time(services_.clock)};
    c.written = append(consumer, c.kept.seq, codec::pack(c.kept));
  }

  store::position append(const std::string& consumer, std::uint64_t seq, std::string events) {
    store::record r;
    r.kind = store::entity_kind::channel;
    r.shard = entity_shard('h', channel_);
    r.entity_seq = seq;
    r.at = wall_time(services_.clock);
    r.key = consumer_key(channel_, consumer);
    r.channel = channel_;
    r.events = std::move(events);
    return services_.journal.append(std::move(r));
  }

  // A consumer that nobody feeds and that could not go on from its cursor has nothing to lose.
  bool make_room() {
    if (consumers_.size() < services_.consumers) return true;
    auto first = services_.journal.first();
    for (auto at = consumers_.begin(); at != consumers_.end(); ++at) {
      if (at->second.outbox != 0 || at->second.kept.cursor.at >= first) continue;
      append(at->first, at->second.kept.seq + 1, {});
      consumers_.erase(at);
      return true;
    }
    return false;
  }

  void forget_connection(std::uint64_t outbox) {
    for (auto& [consumer, c] : consumers_) {
      if (c.outbox == outbox) c.outbox = 0;
    }
    pump_->detach(outbox);
  }

  void tell_status(const status_request& m) {
    std::int64_t connected = 0;
    for (auto& [consumer, c] : consumers_) connected += c.outbox != 0;
    codec::packer p;
    p.map(3);
    field(p, "channel", channel_);
    field(p, "consumers", static_cast<std::int64_t>(consumers_.size()));
    field(p, "connected", connected);
    m.reply.ok(0, p.take());
  }

  void refuse(const reply_to& to, const error& why) {
    probe_->note_failure();
    to.fail(0, why);
  }

  const channel_feed_services& services_;
  const std::string channel_;
  const std::shared_ptr<feed_pump> pump_;
  probe_registry::enrolment probe_;
  std::map<std::string, consumer_state> consumers_;
};

}  // namespace

channel_actor spawn_channel(caf::actor_system& system, const channel_feed_services& services,
                            std::string channel, std::map<std::string, consumer_record> consumers,
                            std::shared_ptr<feed_pump> pump) {
  return system.spawn<hosted_actor<channel_actor, channel_body>>(
      std::cref(services), std::move(channel), std::move(consumers), std::move(pump));
}

}  // namespace switchboard
