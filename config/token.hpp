#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/clock.hpp"

namespace switchboard::config {

/// SHA-256 (FIPS 180-4) of `token` as 64 lower-case hexadecimal digits: the form in which tokens
/// are stored.
std::string sha256_hex(std::string_view token);

/// Whether `token` is the one whose digest is `stored_hex`. Takes the same time wherever they
/// differ; false when nothing is stored, so that an account without a token cannot log in.
bool token_matches(std::string_view token, std::string_view stored_hex);

/// 64 hexadecimal digits, lower case.
bool is_sha256_hex(std::string_view text);

/// "$argon2id$v=19$m=19456,t=2,p=1$salt$hash", with bounds to what checking it may cost.
bool is_password_hash(std::string_view text);

/// "2026-03-01T10:20:30Z", seconds and no zone but UTC; and back.
std::optional<timestamp> parse_utc(std::string_view text);
std::string utc_text(timestamp at);

}  // namespace switchboard::config
