#pragma once

#include <string>
#include <string_view>

#include "runtime/base/clock.hpp"

/// What a device is given after a log-in by password, and shows at the next one: whoever has it is
/// not shut out by others who guess (docs/decisions/0016). Nothing is kept of it: it says whose it
/// is and till when, authenticated (HMAC-SHA-256, RFC 2104) by the stored hash of the password,
/// which nobody outside knows. So it ends with the password. Thread-safe.
namespace switchboard::password {

inline constexpr millis device_token_lasts{90LL * 24 * 3'600'000};

/// A new one, good until `ends` (in whole seconds). At most 256 bytes.
std::string device_token(std::string_view account, const std::string& password_hash,
                         timestamp ends);
/// Which device it is, a number of its own; empty where the token is not good. Takes the same time
/// whatever is wrong with its seal.
std::string device_of(std::string_view token, std::string_view account,
                      const std::string& password_hash, timestamp now);

}  // namespace switchboard::password
