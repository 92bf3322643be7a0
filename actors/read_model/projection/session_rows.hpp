#pragma once

#include <optional>

#include "runtime/codec/described.hpp"

/// Rows the session projection keeps beside the sessions themselves.
namespace switchboard::projecting {

/// An answered session.open: what a directory needs to give the same answer again. The session it
/// names answers for the rest.
struct open_request {
  session_id session;
  /// The digest of the request's content, as the event's own key has it.
  std::uint64_t content = 0;
  timestamp at;
  /// When its session was over, in record time (record_time.hpp); in rows of older versions the
  /// wall's, which is no earlier.
  std::optional<timestamp> closed_at;
  /// The digest of the key: the row's place is found by an open hash, which somebody may meet on
  /// purpose. 0 in rows of older versions.
  std::uint64_t key = 0;
};
template <class V> void describe(V& v, open_request& x) {
  v("session", x.session);
  v("content", x.content);
  v("at", x.at);
  v("closed_at", x.closed_at);
  v("key", x.key);
}

/// The last session of a customer on a channel to have ended: what a continuation goes on from.
struct last_close {
  session_id session;
  timestamp closed_at;
  agent_id last_agent;
  /// The same in record time: the row's expiry is found by it. Nothing in rows of older versions.
  std::optional<timestamp> on_record;
};
template <class V> void describe(V& v, last_close& x) {
  v("session", x.session);
  v("closed_at", x.closed_at);
  v("last_agent", x.last_agent);
  v("on_record", x.on_record);
}

/// A group's latest assignment: where its round robin goes on.
struct group_latest {
  agent_id agent;
  timestamp at;
};
template <class V> void describe(V& v, group_latest& x) {
  v("agent", x.agent);
  v("at", x.at);
}

/// A request_id is remembered so long past the close, where `session.closed_key_retention` does not
/// say otherwise.
inline constexpr millis open_keys_live{24 * 3'600'000};
/// The longest continue_within a configuration may ask for.
inline constexpr millis last_close_lives{30LL * 24 * 3'600'000};

}  // namespace switchboard::projecting
