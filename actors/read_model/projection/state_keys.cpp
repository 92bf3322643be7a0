#include "actors/read_model/projection/state_keys.hpp"

#include <cstring>

#include "actors/session/journal_key.hpp"
#include "runtime/text/contact_form.hpp"

namespace switchboard::projecting {
namespace {

// The store takes keys up to 511 bytes; behind a person stand up to 101 of a contact, or 26 of a
// trail.
constexpr std::size_t longest_person = 384;
constexpr std::size_t longest_contact = 96;
// The offset basis itself hashed once: any other start would do.
constexpr std::uint64_t second_start = fnv1a("switchboard");

std::string hashed(std::initializer_list<std::string_view> parts) {
  std::uint64_t first = fnv1a_offset, second = second_start;
  for (auto part : parts) {
    first = fnv1a(std::string_view("\0", 1), fnv1a(part, first));
    second = fnv1a(std::string_view("\0", 1), fnv1a(part, second));
  }
  return big_endian(first) + big_endian(second);
}

}  // namespace

std::string big_endian(std::uint64_t n) {
  std::string out(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<char>(n >> (56 - 8 * i));
  return out;
}

std::uint64_t from_big_endian(std::string_view eight) {
  std::uint64_t n = 0;
  for (unsigned char c : eight.substr(0, 8)) n = n << 8 | c;
  return n;
}

std::string session_key(const session_id& id) {
  std::string key(session_key_size, '\0');
  std::memcpy(key.data(), id.ulid.data(), id.ulid.size());
  key.back() = static_cast<char>(id.shard);
  return key;
}

std::optional<session_id> session_of_state_key(std::string_view key) {
  if (key.size() < session_key_size) return {};
  session_id id;
  std::memcpy(id.ulid.data(), key.data(), id.ulid.size());
  id.shard = static_cast<shard_id>(key[session_key_size - 1]);
  return id;
}

std::string live_key(const session_id& id) {
  return journal_key(id);
}

std::optional<session_id> session_of_live_key(std::string_view key) {
  return session_of_journal_key(key);
}

std::string transcript_key(const session_id& id, std::uint64_t last_seq) {
  return session_key(id) + big_endian(last_seq);
}

std::string recalled_key(const session_id& id, std::uint64_t message_seq) {
  return session_key(id) + big_endian(message_seq);
}

std::optional<std::uint64_t> last_seq_of(std::string_view key, const session_id& id) {
  if (key.size() != session_key_size + 8 || session_of_state_key(key) != id) return {};
  return from_big_endian(key.substr(session_key_size));
}

std::string person_key(const person_id& person) {
  auto& id = person.value;
  if (id.size() <= longest_person) return id;
  return id.substr(0, longest_person - 16) + hashed({id});
}

std::string trail_prefix(const person_id& person) {
  return person_key(person) + '\0';
}

std::string trail_key(const person_id& person, timestamp opened_at, const session_id& session) {
  return trail_prefix(person) + big_endian(~static_cast<std::uint64_t>(unix_ms(opened_at))) +
         session_key(session);
}

bool in_trail(std::string_view key, std::string_view prefix) {
  return key.size() == prefix.size() + 8 + session_key_size && key.starts_with(prefix);
}

std::string caller_key(std::string_view channel, std::string_view customer) {
  return hashed({channel, customer});
}

std::string open_key(std::string_view channel, std::string_view customer,
                     std::string_view request_id) {
  return caller_key(channel, customer) + 'o' + hashed({request_id});
}

std::string last_close_key(std::string_view channel, std::string_view customer) {
  return caller_key(channel, customer) + 'c';
}

std::string expiry_key(timestamp due, expiring what, const session_id& session) {
  return big_endian(static_cast<std::uint64_t>(unix_ms(due))) + static_cast<char>(what) +
         session_key(session);
}

std::string contact_prefix(contact_kind kind, std::string_view value) {
  if (value.empty() || value.size() > longest_contact) return {};
  if (kind == contact_kind::identity) return std::string(value) + static_cast<char>(kind);
  std::string out(1, static_cast<char>(kind));
  out += value;
  out += '\0';
  return out;
}

std::string contact_form(contact_kind kind, std::string_view written) {
  if (kind == contact_kind::phone) return phone_form(written);
  if (kind == contact_kind::email) return email_form(written);
  if (kind == contact_kind::name) return name_form(written);
  // Blanks name nobody, and nobody who shows them is the same.
  if (kind == contact_kind::union_id && name_form(written).empty()) return {};
  return std::string(written);
}

std::string_view contact_table(contact_kind kind) {
  return kind == contact_kind::identity ? table::callers : table::contacts;
}

std::string contact_start(contact_kind kind, std::string_view beginning) {
  return std::string(1, static_cast<char>(kind)) + std::string(beginning);
}

std::string change_key(const person_id& person, timestamp at, std::uint64_t seq, std::uint8_t n) {
  return trail_prefix(person) + big_endian(~static_cast<std::uint64_t>(unix_ms(at))) +
         big_endian(~seq) + static_cast<char>(n);
}

std::string contact_key(contact_kind kind, std::string_view value, const person_id& person) {
  auto prefix = contact_prefix(kind, value);
  return prefix.empty() ? prefix : prefix + person_key(person);
}

}  // namespace switchboard::projecting
