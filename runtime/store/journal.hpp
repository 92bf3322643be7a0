#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/ids.hpp"

namespace switchboard::store {

/// The place of a record in the journal, from 1, without gaps. 0 is before everything.
using position = std::uint64_t;

/// Whose events a record holds. Part of the file format: never renumbered.
enum class entity_kind : std::uint8_t {
  session = 1,
  agent = 2,
  customer = 3,
  group = 4,
  rules = 5,
  channel = 6,
  catalog = 9,
};

/// All events of one command on one entity: durable together or not at all.
struct record {
  entity_kind kind = entity_kind::session;
  shard_id shard = 0;
  /// Fencing epoch of the shard's owner (1 on a single node).
  std::uint32_t epoch = 1;
  /// The entity's own event number after this record; rises by one or more with each record of the
  /// entity.
  std::uint64_t entity_seq = 0;
  timestamp at;
  /// The entity's key: 17 bytes (shard, ulid) for a session, its text id for the others.
  std::string key;
  /// The channel it concerns, where there is one (the channel feed selects by it), else empty.
  std::string channel;
  /// The encoded events, each kind of entity in a form of its own (docs/journal_format.md); opaque
  /// here.
  std::string events;
};

/// A record with its place, as the tap and the readers hand it out.
struct placed_record {
  position at = 0;
  record body;
};

/// What a record in the journal is rewritten to, to erase a customer. Its place, entity and time
/// stay.
struct record_edit {
  std::string events;
  /// Takes the place of the entity's key, where that names a person; empty: the key stays.
  std::string key;

  record_edit(std::string to, std::string named = {})
      : events(std::move(to)), key(std::move(named)) {}
};

/// Why new work is refused at the moment, or that it is not.
struct admission {
  bool open = true;
  std::string
      reason;  // "journal is 91 % of its map", "disk nearly full", "projector lags 1200000 events"
};

/// The order of everything durable. Thread-safe. `append` gives the position at once and never
/// waits for the disk; one writer thread commits what has piled up. Nothing may leave the node
/// before `durable()` has passed the positions it depends on. If a commit fails the process prints
/// why and exits.
class journal {
 public:
  virtual ~journal() = default;

  /// Enqueues; positions follow the order of the calls. Never refuses: admission is asked at the
  /// edge, before.
  virtual position append(record r) = 0;
  /// The last position given out.
  virtual position last() const = 0;
  /// Everything up to here is on disk.
  virtual position durable() const = 0;
  /// Everything up to here is folded into the state environment.
  virtual position projected() const = 0;
  virtual admission admits() const = 0;

  /// Called on the writer's thread after each commit with the new durable position; must be quick.
  /// Returns a handle for `unsubscribe`, after which (it waits) it is not called again.
  virtual int on_durable(std::function<void(position)> call) = 0;
  virtual void unsubscribe(int handle) = 0;

  /// Visits durable records from `from` (inclusive) in order until `visit` returns false or `limit`
  /// were visited. Answers the position after the last visited. `failed_precondition` with detail
  /// first_position when `from` was trimmed.
  virtual result<position> read(position from, std::size_t limit,
                                const std::function<bool(const placed_record&)>& visit) const = 0;
  /// The oldest position still kept.
  virtual position first() const = 0;
};

}  // namespace switchboard::store
