#include "runtime/store/record_format.hpp"

#include <bit>
#include <cstring>

#include "runtime/base/hash.hpp"

namespace switchboard::store {
namespace {

static_assert(std::endian::native == std::endian::little, "the format is little-endian");

template <class T> void store_at(char* base, std::size_t offset, T value) {
  std::memcpy(base + offset, &value, sizeof value);
}

template <class T> T load_at(const char* base, std::size_t offset) {
  T value;
  std::memcpy(&value, base + offset, sizeof value);
  return value;
}

std::string_view position_bytes(const position& at) {
  return {reinterpret_cast<const char*>(&at), sizeof at};
}

tl::unexpected<error> damaged(position at, const char* how) {
  return fail(errc::internal, "journal record " + std::to_string(at) + " is damaged: " + how);
}

}  // namespace

void encode_record(const record& r, std::string& out, bool erased) {
  SB_INVARIANT(r.key.size() <= 0xffff && r.channel.size() <= 0xffff);
  SB_INVARIANT(r.events.size() < (std::size_t{1} << 30));
  const std::size_t begin = out.size();
  const std::size_t size = record_header + r.key.size() + r.channel.size() + r.events.size();
  char header[record_header];
  store_at<std::uint8_t>(header, 4, record_version);
  store_at<std::uint8_t>(header, 5, static_cast<std::uint8_t>(r.kind));
  store_at<std::uint8_t>(header, 6, r.shard);
  store_at<std::uint8_t>(header, 7, erased ? 1 : 0);
  store_at<std::uint32_t>(header, 8, r.epoch);
  store_at<std::uint64_t>(header, 12, r.entity_seq);
  store_at<std::int64_t>(header, 20, unix_ms(r.at));
  store_at<std::uint16_t>(header, 28, static_cast<std::uint16_t>(r.key.size()));
  store_at<std::uint16_t>(header, 30, static_cast<std::uint16_t>(r.channel.size()));
  store_at<std::uint32_t>(header, 32, static_cast<std::uint32_t>(r.events.size()));
  out.append(header, record_header).append(r.key).append(r.channel).append(r.events);
  char* bytes = out.data() + begin;
  store_at<std::uint32_t>(bytes, 0, crc32c({bytes + 4, size - 4}));
}

void seal_record(char* bytes, position at) {
  store_at<std::uint32_t>(bytes, 0, crc32c(position_bytes(at), load_at<std::uint32_t>(bytes, 0)));
}

result<void> decode_record(std::string_view bytes, position at, placed_record& into, bool verify) {
  if (bytes.size() < record_header) return damaged(at, "too short");
  const char* p = bytes.data();
  if (verify) {
    auto sum = crc32c(position_bytes(at), crc32c(bytes.substr(4)));
    if (sum != load_at<std::uint32_t>(p, 0)) return damaged(at, "wrong checksum");
  }
  if (auto version = load_at<std::uint8_t>(p, 4); version != record_version) {
    return fail(errc::failed_precondition, "journal record " + std::to_string(at) +
                                               " has format version " + std::to_string(version) +
                                               ", which this program does not know");
  }
  const std::size_t key = load_at<std::uint16_t>(p, 28);
  const std::size_t channel = load_at<std::uint16_t>(p, 30);
  const std::size_t events = load_at<std::uint32_t>(p, 32);
  if (bytes.size() != record_header + key + channel + events) return damaged(at, "wrong length");
  into.at = at;
  record& r = into.body;
  r.kind = static_cast<entity_kind>(load_at<std::uint8_t>(p, 5));
  r.shard = load_at<std::uint8_t>(p, 6);
  r.epoch = load_at<std::uint32_t>(p, 8);
  r.entity_seq = load_at<std::uint64_t>(p, 12);
  r.at = from_unix_ms(load_at<std::int64_t>(p, 20));
  r.key.assign(p + record_header, key);
  r.channel.assign(p + record_header + key, channel);
  r.events.assign(p + record_header + key + channel, events);
  return {};
}

timestamp record_time(std::string_view bytes) {
  if (bytes.size() < record_header) return timestamp{};
  return from_unix_ms(load_at<std::int64_t>(bytes.data(), 20));
}

}  // namespace switchboard::store
