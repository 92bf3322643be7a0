#include "runtime/codec/content_digest.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <sodium.h>

#include "runtime/codec/byte_reader.hpp"

namespace switchboard::codec {

digest_secret secret_of(std::string_view store_id) {
  static constexpr std::string_view purpose = "switchboard idempotency 1";
  digest_secret out;
  static_assert(sizeof out.bytes == crypto_shorthash_KEYBYTES &&
                sizeof out.bytes >= crypto_generichash_BYTES_MIN);
  crypto_generichash(out.bytes.data(), out.bytes.size(),
                     reinterpret_cast<const unsigned char*>(store_id.data()), store_id.size(),
                     reinterpret_cast<const unsigned char*>(purpose.data()), purpose.size());
  return out;
}

std::uint64_t digest(const digest_secret& secret, std::string_view bytes) {
  unsigned char hash[crypto_shorthash_BYTES];
  crypto_shorthash(hash, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                   secret.bytes.data());
  std::uint64_t n = 0;
  for (unsigned char c : hash) n = n << 8 | c;
  return n;
}

namespace {

/// Bounded by the wire's limit of depth. False where the bytes are no value; `out` is then as far
/// as it got.
bool append_value(std::string& out, std::string_view packed, byte_reader& r) {
  const auto from = r.offset();
  if (auto items = r.array()) {
    packer(out).array(*items);
    for (; *items > 0; --*items) {
      if (!append_value(out, packed, r)) return false;
    }
    return true;
  }
  auto pairs = r.map();
  if (!pairs) {
    if (!r.skip()) return false;
    out.append(packed.substr(from, r.offset() - from));
    return true;
  }
  std::vector<std::pair<std::string_view, std::string>> fields;
  for (std::uint32_t i = 0; i < *pairs; ++i) {
    const auto key = r.offset();
    if (!r.skip()) return false;
    auto& field = fields.emplace_back(packed.substr(key, r.offset() - key), std::string{});
    if (!append_value(field.second, packed, r)) return false;
  }
  std::ranges::sort(fields);
  packer(out).map(*pairs);
  for (auto& [key, value] : fields) out.append(key).append(value);
  return true;
}

}  // namespace

void append_in_order(std::string& out, std::string_view packed) {
  byte_reader r(packed);
  if (!append_value(out, packed, r) || !r.at_end()) out.append(packed);
}

}  // namespace switchboard::codec
