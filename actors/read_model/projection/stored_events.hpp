#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "actors/session/session_codec.hpp"
#include "runtime/codec/byte_reader.hpp"
#include "runtime/codec/kind_number.hpp"

/// Session events as they lie in records and transcript chunks, looked at without being decoded.
namespace switchboard::projecting {

template <class Event>
inline constexpr std::uint8_t kind_of = codec::kind_number<Event, session_payload::kinds>;
inline constexpr std::uint8_t message_kind = kind_of<event::message>;
inline constexpr std::uint8_t read_kind = kind_of<event::read>;
static_assert(message_kind == 10 && read_kind == 12, "numbers of a file format never change");

using codec::byte_reader;
using session_codec::event_cursor;

/// All a projection wants of a message or a read mark: whose it is, and of which message it speaks.
struct quick_look {
  std::uint64_t message_seq = 0;
  std::string_view role;
  std::uint32_t left = 0;  // of a read mark
};
std::optional<quick_look> look_at(const session_codec::stored_event& e);

/// The event with its content taken out: {message_seq, recalled: true} is what remains of a
/// message. Its idempotency key stays, for the sender may still repeat the call.
std::string tombstone_of(const session_codec::stored_event& e);
/// The chunk with those messages made tombstones; nothing where there is no such message in it.
std::optional<std::string> without_message(std::string_view chunk, std::uint64_t message_seq);

}  // namespace switchboard::projecting
