#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/base/error.hpp"
#include "runtime/store/journal.hpp"

namespace switchboard::store {

/// The bytes of one journal record, version 1 (docs/journal_format.md; golden bytes in
/// tests/store). Little-endian.
///
///   offset size
///   0      4    checksum: CRC-32C of bytes 4 to the end, then of the record's position as 8 bytes
///   4      1    version, 1
///   5      1    entity kind
///   6      1    shard
///   7      1    flags: bit 0 set when the events were erased, and nothing but the envelope is left
///   8      4    epoch
///   12     8    entity sequence
///   20     8    time, milliseconds since the Unix epoch, signed
///   28     2    length of the key, k
///   30     2    length of the channel, c
///   32     4    length of the events, e
///   36     k    key
///   36+k   c    channel
///   36+k+c e    events
///
/// The position is in the checksum, and not in the bytes, so that a record found under another's
/// key is seen.
constexpr std::size_t record_header = 36;
constexpr std::uint8_t record_version = 1;

/// Appends the record to `out`, with a checksum that still lacks the position. Key and channel have
/// at most 65535 bytes, the events less than 1 GiB; more is a broken invariant.
void encode_record(const record& r, std::string& out, bool erased = false);
/// Completes the checksum of the record that begins at `bytes`.
void seal_record(char* bytes, position at);
/// Fills `into` (its strings keep their storage) from a sealed record. Without `verify` the
/// checksum is not looked at: for bytes that never left memory. `internal` when the bytes are
/// damaged, naming the position.
result<void> decode_record(std::string_view bytes, position at, placed_record& into,
                           bool verify = true);
/// The time of a sealed record, for trimming; nothing else of it is looked at.
timestamp record_time(std::string_view bytes);

}  // namespace switchboard::store
