#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Argon2id (RFC 9106) by libsodium. Each call takes tens of milliseconds and 19 MiB: never on a
/// thread that serves others. Thread-safe.
namespace switchboard::password {

inline constexpr std::size_t least_length = 8;
/// More is refused and not cut off.
inline constexpr std::size_t most_length = 512;

/// "$argon2id$v=19$m=19456,t=2,p=1$..." with a fresh salt; empty where there is no memory for it.
std::string hash_of(std::string_view secret);
/// Whether `hash` was made of `secret`; compared in constant time.
bool matches(std::string_view secret, const std::string& hash);
/// A random token, 32 hexadecimal digits: 128 bits.
std::string fresh_token();

}  // namespace switchboard::password
