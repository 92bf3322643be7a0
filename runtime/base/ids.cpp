#include "runtime/base/ids.hpp"

#include <cstring>

namespace switchboard {
namespace {

// Crockford's base 32, as the ULID specification has it.
constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view hex = "0123456789abcdef";

constexpr std::array<std::int8_t, 256> make_reverse() {
  std::array<std::int8_t, 256> reverse{};
  for (auto& r : reverse) r = -1;
  for (int i = 0; i < 32; ++i)
    reverse[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
  return reverse;
}
constexpr auto reverse = make_reverse();

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

shard_id session_shard(std::string_view channel, std::string_view customer) {
  auto h = fnv1a(channel);
  h = fnv1a(std::string_view("\0", 1), h);
  return static_cast<shard_id>(fnv1a(customer, h) % shard_count);
}

shard_id entity_shard(char kind, std::string_view id) {
  return session_shard(std::string_view(&kind, 1), id);
}

// 26 digits of 5 bits are 130 bits: the two topmost are zero.
std::string session_id::text() const {
  std::uint64_t high = 0, low = 0;
  for (std::size_t i = 0; i < 8; ++i) high = high << 8 | ulid[i], low = low << 8 | ulid[8 + i];
  std::string out(29, '0');
  out[0] = 's';
  out[1] = hex[shard >> 4];
  out[2] = hex[shard & 15];
  for (std::size_t i = 28; i > 2; --i) {
    out[i] = alphabet[low & 31];
    low = low >> 5 | high << 59;
    high >>= 5;
  }
  return out;
}

std::optional<session_id> session_id::parse(std::string_view text) {
  if (text.size() != 29 || text[0] != 's') return {};
  int shard_high = hex_digit(text[1]), shard_low = hex_digit(text[2]);
  if (shard_high < 0 || shard_low < 0) return {};
  std::uint64_t high = 0, low = 0;
  for (std::size_t i = 3; i < 29; ++i) {
    int digit = reverse[static_cast<unsigned char>(text[i])];
    if (digit < 0 || (i == 3 && digit > 7)) return {};
    high = high << 5 | low >> 59;
    low = low << 5 | static_cast<std::uint64_t>(digit);
  }
  session_id id;
  id.shard = static_cast<shard_id>(shard_high << 4 | shard_low);
  for (std::size_t i = 8; i > 0; --i, high >>= 8, low >>= 8) {
    id.ulid[i - 1] = static_cast<std::uint8_t>(high);
    id.ulid[7 + i] = static_cast<std::uint8_t>(low);
  }
  return id;
}

session_id make_session_id(shard_id shard, timestamp now, std::uint64_t r1, std::uint64_t r2) {
  session_id id;
  id.shard = shard;
  auto ms = static_cast<std::uint64_t>(unix_ms(now));
  for (int i = 0; i < 6; ++i)
    id.ulid[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  std::memcpy(id.ulid.data() + 6, &r1, 8);
  std::memcpy(id.ulid.data() + 14, &r2, 2);
  return id;
}

std::optional<session_id> session_of(std::string_view offer_or_transfer) {
  return session_id::parse(offer_or_transfer.substr(0, 29));
}

std::string to_string(const session_id& id) {
  return id.text();
}

}  // namespace switchboard
