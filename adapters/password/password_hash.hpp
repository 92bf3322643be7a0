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
/// The same with a salt of `salt_of`: one password and one salt have one hash.
std::string hash_of(std::string_view secret, const std::string& salt);
/// 16 bytes of a caller's own key, as different as keys are.
std::string salt_of(std::string_view key);
/// Whether `hash` was made of `secret`; compared in constant time.
bool matches(std::string_view secret, const std::string& hash);
/// A random token, 32 hexadecimal digits: 128 bits.
std::string fresh_token();
/// What is kept of a secret that only who knows `key` is to read again (XSalsa20-Poly1305 under a
/// hash of the key).
std::string sealed(std::string_view secret, std::string_view key);
/// Empty where the key is another, or the bytes were changed.
std::string unsealed(std::string_view bytes, std::string_view key);

}  // namespace switchboard::password
