#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"

namespace switchboard::center {

enum class credential_kind : std::uint8_t { none, bearer, hmac };

/// What a service knows us by. Never printed.
struct credential {
  credential_kind kind = credential_kind::none;
  /// Which key signed; with hmac only.
  std::string key_id;
  std::string secret;
};

using header_fields = std::vector<std::pair<std::string, std::string>>;

/// The headers that prove who asks. Bearer: `Authorization: Bearer <secret>` (RFC 6750). HMAC:
/// `X-Key-Id`, `X-Timestamp` (seconds since 1970) and `X-Signature`, the hexadecimal HMAC-SHA-256
/// under the secret of "GET\n<target>\n<timestamp>".
header_fields proof_of(const credential& c, std::string_view target, timestamp now);

/// The secret in an environment variable, or in a file that only its owner may read (mode 0600 or
/// less); a line end after it is no part of it. One of the two is named.
result<std::string> read_secret(const std::string& variable, const std::string& file);

}  // namespace switchboard::center
