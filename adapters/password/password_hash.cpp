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

std::string base64_of(std::string_view bytes) {
  constexpr int variant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
  std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), variant);
  out.pop_back();  // its terminating zero
  return out;
}

/// BLAKE2b; `use` keeps what is made of one key apart.
template <std::size_t Size> std::string digest_of(std::string_view use, std::string_view key) {
  make_ready();
  const auto all = std::string(use) + '\0' + std::string(key);
  std::string out(Size, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(),
                     reinterpret_cast<const unsigned char*>(all.data()), all.size(), nullptr, 0);
  return out;
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

std::string hash_of(std::string_view secret, const std::string& salt) {
  make_ready();
  if (salt.size() != crypto_pwhash_SALTBYTES) throw std::invalid_argument("a salt has 16 bytes");
  std::array<unsigned char, 32> out{};
  const int failed = crypto_pwhash(out.data(), out.size(), secret.data(), secret.size(),
                                   reinterpret_cast<const unsigned char*>(salt.data()), passes,
                                   memory, crypto_pwhash_ALG_ARGON2ID13);
  if (failed) return {};
  // As crypto_pwhash_str writes it, for crypto_pwhash_str_verify to read.
  return "$argon2id$v=19$m=" + std::to_string(memory / 1024) + ",t=" + std::to_string(passes) +
         ",p=1$" + base64_of(salt) + "$" +
         base64_of({reinterpret_cast<const char*>(out.data()), out.size()});
}

std::string salt_of(std::string_view key) {
  return digest_of<crypto_pwhash_SALTBYTES>("salt", key);
}

std::string sealed(std::string_view secret, std::string_view key) {
  const auto under = digest_of<crypto_secretbox_KEYBYTES>("seal", key);
  std::string out(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + secret.size(), '\0');
  auto* bytes = reinterpret_cast<unsigned char*>(out.data());
  randombytes_buf(bytes, crypto_secretbox_NONCEBYTES);
  crypto_secretbox_easy(bytes + crypto_secretbox_NONCEBYTES,
                        reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), bytes,
                        reinterpret_cast<const unsigned char*>(under.data()));
  return out;
}

std::string unsealed(std::string_view bytes, std::string_view key) {
  constexpr std::size_t around = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (bytes.size() < around) return {};
  const auto under = digest_of<crypto_secretbox_KEYBYTES>("seal", key);
  const auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
  std::string out(bytes.size() - around, '\0');
  const int failed = crypto_secretbox_open_easy(
      reinterpret_cast<unsigned char*>(out.data()), from + crypto_secretbox_NONCEBYTES,
      bytes.size() - crypto_secretbox_NONCEBYTES, from,
      reinterpret_cast<const unsigned char*>(under.data()));
  return failed ? std::string() : out;
}

}  // namespace switchboard::password
