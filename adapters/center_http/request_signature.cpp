#include "adapters/center_http/request_signature.hpp"

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sys/stat.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace switchboard::center {
namespace {

std::string hmac_sha256_hex(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data(), &size);
  constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += {digits[out[i] >> 4], digits[out[i] & 15]};
  return hex;
}

result<std::string> from_file(const std::string& file) {
  struct stat about {};
  if (stat(file.c_str(), &about) != 0) {
    return fail(errc::not_found, "the secret's file " + file + " cannot be read");
  }
  if ((about.st_mode & 077) != 0) {
    return fail(errc::permission_denied,
                "the secret's file " + file + " can be read by others: chmod 600 it");
  }
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (!in || text.empty()) return fail(errc::not_found, "the secret's file " + file + " is empty");
  return text;
}

}  // namespace

header_fields proof_of(const credential& c, std::string_view target, timestamp now) {
  if (c.kind == credential_kind::bearer) return {{"Authorization", "Bearer " + c.secret}};
  if (c.kind == credential_kind::none) return {};
  auto seconds = std::to_string(unix_ms(now) / 1000);
  auto text = "GET\n" + std::string(target) + "\n" + seconds;
  return {{"X-Key-Id", c.key_id},
          {"X-Timestamp", seconds},
          {"X-Signature", hmac_sha256_hex(c.secret, text)}};
}

result<std::string> read_secret(const std::string& variable, const std::string& file) {
  std::string text;
  if (!file.empty()) {
    auto read = from_file(file);
    if (!read) return read;
    text = std::move(*read);
  } else if (const char* set = std::getenv(variable.c_str()); set && *set) {
    text = set;
  } else {
    return fail(errc::not_found, "the secret's variable " + variable + " is not set");
  }
  // It becomes part of a header: a line end within would begin another.
  for (char c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == 127) {
      return fail(errc::invalid_argument, "the secret holds control characters");
    }
  }
  return text;
}

}  // namespace switchboard::center
