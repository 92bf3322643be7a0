#include "adapters/password/password_hash.hpp"

#include <array>
#include <stdexcept>

#include <sodium.h>

namespace switchboard::password {
namespace {

// The least that OWASP's password storage cheat sheet recommends.
constexpr unsigned long long passes = 2;
constexpr std::size_t memory = 19u << 20;

void make_ready() {
  static const bool ready = sodium_init() >= 0;
  if (!ready) throw std::runtime_error("libsodium does not start");
}

}  // namespace

std::string hash_of(std::string_view secret) {
  make_ready();
  std::array<char, crypto_pwhash_STRBYTES> out{};
  const int failed = crypto_pwhash_str_alg(out.data(), secret.data(), secret.size(), passes, memory,
                                           crypto_pwhash_ALG_ARGON2ID13);
  return failed ? std::string() : std::string(out.data());
}

bool matches(std::string_view secret, const std::string& hash) {
  make_ready();
  return crypto_pwhash_str_verify(hash.c_str(), secret.data(), secret.size()) == 0;
}

std::string fresh_token() {
  make_ready();
  std::array<unsigned char, 16> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out;
  for (auto b : bytes) {
    out += hex[b >> 4];
    out += hex[b & 15];
  }
  return out;
}

}  // namespace switchboard::password
