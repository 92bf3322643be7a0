#pragma once

#include <string>
#include <string_view>

namespace switchboard::config {

/// SHA-256 (FIPS 180-4) of `token` as 64 lower-case hexadecimal digits: the form in which tokens
/// are stored.
std::string sha256_hex(std::string_view token);

/// Whether `token` is the one whose digest is `stored_hex`. Takes the same time wherever they
/// differ; false when nothing is stored, so that an account without a token cannot log in.
bool token_matches(std::string_view token, std::string_view stored_hex);

/// 64 hexadecimal digits, lower case.
bool is_sha256_hex(std::string_view text);

}  // namespace switchboard::config
