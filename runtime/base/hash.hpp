#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace switchboard {

/// FNV-1a, 64 bit (http://www.isthe.com/chongo/tech/comp/fnv/). `seed` continues a running hash.
constexpr std::uint64_t fnv1a_offset = 0xcbf29ce484222325ull;
constexpr std::uint64_t fnv1a(std::string_view bytes, std::uint64_t seed = fnv1a_offset) {
  for (unsigned char c : bytes) {
    seed ^= c;
    seed *= 0x100000001b3ull;
  }
  return seed;
}

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4) of `bytes`, continuing `crc` (0 to begin).
/// Uses the SSE4.2 instruction where the processor has it.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t crc = 0);

}  // namespace switchboard
