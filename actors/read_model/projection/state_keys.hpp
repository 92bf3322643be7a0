#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/clock.hpp"
#include "runtime/base/ids.hpp"

/// The tables of the state environment that hold sessions, agents and customers, and how their keys
/// are laid out. Part of the file format. Keys sort as their bytes do, hence big-endian numbers,
/// and they are found forward only: by the first key at or after the one looked for.
namespace switchboard::projecting {

/// Goes up when keys, tables or values change their layout; state_layouts.cpp says how a state of
/// the layout before comes to it.
inline constexpr std::uint32_t state_layout = 4;

/// Bytes of a session's key: its id and its shard.
inline constexpr std::size_t session_key_size = 17;

namespace table {
inline constexpr std::string_view live = "live";    // live_key -> packed session_state
inline constexpr std::string_view pulse = "pulse";  // live_key -> session_pulse, of live sessions
inline constexpr std::string_view over = "over";    // session key -> packed session_state
inline constexpr std::string_view transcript = "transcript";  // transcript_key -> encoded events
inline constexpr std::string_view trail = "trail";            // trail_key -> packed trail_entry
// What is kept by a customer of a channel, side by side: open_key -> packed open_request,
// last_close_key -> packed last_close, contact_key of an identity -> person id.
inline constexpr std::string_view callers = "callers";
inline constexpr std::string_view opens_of =
    "opens_of";  // session key -> its open keys, until it is over
inline constexpr std::string_view expiry = "expiry";  // expiry_key -> the keys that go then
inline constexpr std::string_view record_time = "record_time";  // "now" -> record time, last stamp
inline constexpr std::string_view recalled = "recalled";        // recalled_key -> nothing
inline constexpr std::string_view groups = "groups";            // group id -> packed group_latest
inline constexpr std::string_view agents = "agents";            // agent id -> packed agent_record
inline constexpr std::string_view customers = "customers";  // person_key -> packed customer_record
inline constexpr std::string_view contacts = "contacts";    // other contact_keys -> person id
inline constexpr std::string_view folding = "folding";  // table -> rebuild_mark, of its folded keys
inline constexpr std::string_view leads = "leads";      // lead id -> packed lead_row
inline constexpr std::string_view changes = "changes";  // change_key -> packed change_row
inline constexpr std::string_view blocked = "blocked";  // person_key -> person id
}  // namespace table

std::string big_endian(std::uint64_t n);
std::uint64_t from_big_endian(std::string_view eight);

/// 17 bytes, ULID and shard: what is written in one breath lies together, whatever the shards.
std::string session_key(const session_id& id);
/// 17 bytes, shard and ULID, for what is read shard by shard when a node starts.
std::string live_key(const session_id& id);
std::optional<session_id> session_of_live_key(std::string_view key);
std::optional<session_id> session_of_state_key(std::string_view key);

/// Session key and the *last* seq of the chunk: the first chunk at or after (session, n) is the one
/// that holds event n, which a forward search finds in one step.
std::string transcript_key(const session_id& id, std::uint64_t last_seq);
/// Session key and seq of a message that was taken back: who reads the journal, where its content
/// lies until it is trimmed, asks here.
std::string recalled_key(const session_id& id, std::uint64_t message_seq);
/// The last seq, where `key` is a chunk of that session.
std::optional<std::uint64_t> last_seq_of(std::string_view key, const session_id& id);

/// A person's key: the id, shortened by a hash where it would be too long for the store.
std::string person_key(const person_id& person);
/// Person key, a zero byte, the complement of opened_at, the session's key: newest first.
std::string trail_key(const person_id& person, timestamp opened_at, const session_id& session);
/// What every trail key of the person begins with. An id may hold a zero byte: `in_trail` tells
/// apart.
std::string trail_prefix(const person_id& person);
bool in_trail(std::string_view key, std::string_view prefix);

/// 16 bytes: FNV-1a 64 over channel and customer, and the same over them from another start. All
/// keys in `callers` begin with it.
std::string caller_key(std::string_view channel, std::string_view customer);
/// The caller's key, 'o', and 16 bytes of the request id likewise.
std::string open_key(std::string_view channel, std::string_view customer,
                     std::string_view request_id);
inline constexpr std::size_t open_key_size = 33;
/// The caller's key and 'c'.
std::string last_close_key(std::string_view channel, std::string_view customer);

enum class expiring : std::uint8_t { opens = 1, last_close = 2 };
/// Due in record time.
std::string expiry_key(timestamp due, expiring what, const session_id& session);

enum class contact_kind : char {
  phone = 'p',
  email = 'e',
  union_id = 'u',
  name = 'n',
  tag = 't',
  identity = 'i'
};
/// In which form a value lies in the index, and is looked for: telephone, mail address and name
/// folded (runtime/text/contact_form.hpp), the rest as it is. Empty for what is no such thing.
std::string contact_form(contact_kind kind, std::string_view written);
/// Identities lie among the callers, and their value is the caller's key; the rest among the
/// contacts.
std::string_view contact_table(contact_kind kind);
/// Kind, value, a zero byte, person key (of an identity: value, kind, person key): several persons
/// may share a telephone. Empty where the value is too long to be a contact.
std::string contact_key(contact_kind kind, std::string_view value, const person_id& person);
/// Empty likewise.
std::string contact_prefix(contact_kind kind, std::string_view value);
/// What the keys of all values begin with that begin so.
std::string contact_start(contact_kind kind, std::string_view beginning);

/// Person key, a zero byte, the complements of time and the person's event number, and the change's
/// place in it: newest first.
std::string change_key(const person_id& person, timestamp at, std::uint64_t seq, std::uint8_t n);

}  // namespace switchboard::projecting
