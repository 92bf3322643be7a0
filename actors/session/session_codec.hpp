#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/session/session_event.hpp"
#include "runtime/base/error.hpp"
#include "runtime/codec/byte_reader.hpp"

/// How a session's events are written: once, for the journal, for transcripts and for every reader.
///
/// One event is a MessagePack array [kind, seq, at, visibility, customer_prev, agent_prev, key,
/// content, public, hidden, answer?]: `public` a bin holding what a client gets under the type's
/// name (a packed map), `hidden` a bin with the whole payload where it has fields clients do not
/// get, else empty, `answer` a bin with what the call of that key was answered, where that is not
/// {seq, at} of the event. A journal record's events, and a transcript chunk, are such arrays one
/// after the other. Golden files keep it readable.
namespace switchboard::session_codec {

/// An event as it lies in a record or transcript, without being decoded.
struct stored_event {
  std::uint8_t kind = 0;
  std::uint64_t seq = 0;
  timestamp at;
  visibility seen_by = visibility::everyone;
  std::uint64_t customer_prev = 0, agent_prev = 0;
  request_key key;
  std::string_view open_part;    // packed map for clients
  std::string_view hidden_part;  // packed map, whole; or empty
  std::string_view answer{};     // as in session_event
};

/// Appends the event to `out`.
void encode(const session_event& e, std::string& out);
/// Steps through encoded events without building them. The bytes outlive it.
class event_cursor {
 public:
  explicit event_cursor(std::string_view events) : events_(events), reader_(events) {}

  /// False at the end, and where the bytes are damaged.
  bool next();
  bool damaged() const { return damaged_; }
  const stored_event& event() const { return event_; }
  /// The event whole, as it lies there.
  std::string_view bytes() const { return bytes_; }

 private:
  bool read_one();

  std::string_view events_;
  codec::byte_reader reader_;
  stored_event event_;
  std::string_view bytes_;
  bool damaged_ = false;
};

/// Visits the stored events in order; false where the bytes are damaged (those before were
/// visited).
template <class Visit> bool for_each(std::string_view events, Visit&& visit) {
  event_cursor at(events);
  while (at.next()) visit(at.event());
  return !at.damaged();
}
/// The event itself; nothing where it is of a kind unknown here (written by a newer version) or
/// damaged.
std::optional<session_event> decode(const stored_event& e);

/// The complete `session.event` notification for that kind of reader.
std::string notification(const session_id& session, reader who, const stored_event& e);
/// The same map alone, as it stands in the answer to session.events.
void append_event_map(std::string& out, const session_id& session, reader who,
                      const stored_event& e);
/// For a customer's channel, with the cursor of its durable feed.
std::string feed_notification(const session_id& session, const stored_event& e,
                              std::string_view cursor);
/// A notification that is not stored: typing, position.
std::string fleeting_notification(const session_id& session, std::string_view type,
                                  std::string_view packed_fields);

}  // namespace switchboard::session_codec
