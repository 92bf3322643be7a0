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
  for (int i = 0; i < 32; ++i) reverse[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
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
  std::string out(29, '0');
  out[0] = 's';
  out[1] = hex[shard >> 4];
  out[2] = hex[shard & 15];
  int bit = -2;
  for (int i = 0; i < 26; ++i, bit += 5) {
    unsigned digit = 0;
    for (int b = bit; b < bit + 5; ++b) {
      digit = digit << 1 | (b < 0 ? 0u : (ulid[static_cast<std::size_t>(b) / 8] >> (7 - b % 8) & 1u));
    }
    out[static_cast<std::size_t>(3 + i)] = alphabet[digit];
  }
  return out;
}

std::optional<session_id> session_id::parse(std::string_view text) {
  if (text.size() != 29 || text[0] != 's') return {};
  int high = hex_digit(text[1]), low = hex_digit(text[2]);
  if (high < 0 || low < 0) return {};
  session_id id;
  id.shard = static_cast<shard_id>(high << 4 | low);
  int bit = -2;
  for (int i = 0; i < 26; ++i, bit += 5) {
    int digit = reverse[static_cast<unsigned char>(text[static_cast<std::size_t>(3 + i)])];
    if (digit < 0 || (i == 0 && digit > 7)) return {};
    for (int k = 0; k < 5; ++k) {
      int b = bit + k;
      if (b >= 0 && (digit >> (4 - k) & 1)) {
        id.ulid[static_cast<std::size_t>(b) / 8] |= static_cast<std::uint8_t>(1 << (7 - b % 8));
      }
    }
  }
  return id;
}

session_id make_session_id(shard_id shard, timestamp now, std::uint64_t r1, std::uint64_t r2) {
  session_id id;
  id.shard = shard;
  auto ms = static_cast<std::uint64_t>(unix_ms(now));
  for (int i = 0; i < 6; ++i) id.ulid[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  std::memcpy(id.ulid.data() + 6, &r1, 8);
  std::memcpy(id.ulid.data() + 14, &r2, 2);
  return id;
}

std::optional<session_id> session_of(std::string_view offer_or_transfer) {
  return session_id::parse(offer_or_transfer.substr(0, 29));
}

std::string to_string(const session_id& id) { return id.text(); }

}  // namespace switchboard
