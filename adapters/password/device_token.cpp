#include "adapters/password/device_token.hpp"

#include <array>
#include <charconv>

#include <sodium.h>

#include "adapters/password/password_hash.hpp"

namespace switchboard::password {
namespace {

// "d1.<seconds>.<device>.<seal>"
constexpr std::string_view version = "d1.";
constexpr std::size_t device_digits = 32, seal_digits = 2 * crypto_auth_hmacsha256_BYTES;

std::string seal_of(std::string_view account, std::string_view said, const std::string& hash) {
  crypto_auth_hmacsha256_state state;
  auto bytes = [](std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); };
  crypto_auth_hmacsha256_init(&state, bytes(hash), hash.size());
  for (auto part :
       {std::string_view("switchboard device\n"), account, std::string_view("\n"), said})
    crypto_auth_hmacsha256_update(&state, bytes(part), part.size());
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
  crypto_auth_hmacsha256_final(&state, mac.data());
  std::array<char, seal_digits + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), mac.data(), mac.size());
  return hex.data();
}

}  // namespace

std::string device_token(std::string_view account, const std::string& password_hash,
                         timestamp ends) {
  auto said = std::string(version) + std::to_string(unix_ms(ends) / 1'000) + '.' + fresh_token();
  return said + '.' + seal_of(account, said, password_hash);
}

std::string device_of(std::string_view token, std::string_view account,
                      const std::string& password_hash, timestamp now) {
  constexpr auto tail = device_digits + 1 + seal_digits;
  if (password_hash.empty() || !token.starts_with(version) ||
      token.size() < version.size() + 2 + tail)
    return {};
  const auto said = token.substr(0, token.size() - seal_digits - 1);
  const auto seal = token.substr(said.size() + 1);
  if (token[said.size()] != '.') return {};
  const auto good = seal_of(account, said, password_hash);
  if (sodium_memcmp(seal.data(), good.data(), seal_digits) != 0) return {};
  const auto device = said.substr(said.size() - device_digits);
  const auto when = said.substr(version.size(), said.size() - version.size() - device_digits - 1);
  std::int64_t seconds = 0;
  const auto read = std::from_chars(when.data(), when.data() + when.size(), seconds);
  const bool lasts = read.ec == std::errc{} && now < from_unix_ms(seconds * 1'000);
  return lasts ? std::string(device) : std::string();
}

}  // namespace switchboard::password
