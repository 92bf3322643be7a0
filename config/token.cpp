#include "config/token.hpp"

#include <algorithm>
#include <cstdio>

#include <openssl/crypto.h>
#include <openssl/sha.h>

namespace switchboard::config {

std::string sha256_hex(std::string_view token) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest);
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out;
  out.reserve(2 * sizeof digest);
  for (unsigned char byte : digest) {
    out += hex[byte >> 4];
    out += hex[byte & 15];
  }
  return out;
}

bool token_matches(std::string_view token, std::string_view stored_hex) {
  auto given = sha256_hex(token);
  return stored_hex.size() == given.size() &&
         CRYPTO_memcmp(given.data(), stored_hex.data(), given.size()) == 0;
}

bool is_sha256_hex(std::string_view text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool is_password_hash(std::string_view text) {
  constexpr std::size_t longest = 127;  // what libsodium writes at most
  constexpr unsigned least_kib = 8 * 1024, most_kib = 256 * 1024, most_passes = 16;
  if (text.size() > longest || !text.starts_with("$argon2id$v=19$")) return false;
  unsigned kib = 0, passes = 0, lanes = 0;
  int read = 0;
  const std::string copy(text);
  if (std::sscanf(copy.c_str(), "$argon2id$v=19$m=%9u,t=%9u,p=%9u$%n", &kib, &passes, &lanes,
                  &read) != 3 ||
      read == 0) {
    return false;
  }
  if (kib < least_kib || kib > most_kib || passes < 1 || passes > most_passes || lanes != 1)
    return false;
  const auto rest = text.substr(static_cast<std::size_t>(read));
  const auto dollar = rest.find('$');
  auto base64 = [](std::string_view part) {
    return part.size() >= 16 && std::ranges::all_of(part, [](char c) {
             return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                    c == '+' || c == '/';
           });
  };
  return dollar != std::string_view::npos && base64(rest.substr(0, dollar)) &&
         base64(rest.substr(dollar + 1));
}

std::optional<timestamp> parse_utc(std::string_view text) {
  constexpr std::size_t length = 20;
  int year = 0, read = 0;
  unsigned month = 0, day = 0, hour = 0, minute = 0, second = 0;
  const std::string copy(text);
  if (text.size() != length ||
      std::sscanf(copy.c_str(), "%4d-%2u-%2uT%2u:%2u:%2uZ%n", &year, &month, &day, &hour, &minute,
                  &second, &read) != 6 ||
      read != static_cast<int>(length)) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return timestamp{std::chrono::sys_days{date}} + std::chrono::hours{hour} +
         std::chrono::minutes{minute} + std::chrono::seconds{second};
}

std::string utc_text(timestamp at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(at - day)};
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text;
}

}  // namespace switchboard::config
