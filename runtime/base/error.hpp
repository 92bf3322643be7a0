#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace switchboard {

/// The one error enumeration. Numbers are part of the wire between nodes: never renumbered.
/// The names are the gRPC canonical codes, as the wire contract has them.
enum class errc : std::uint8_t {
  invalid_argument = 1,
  unauthenticated = 2,
  permission_denied = 3,
  not_found = 4,
  already_exists = 5,
  failed_precondition = 6,
  aborted = 7,
  resource_exhausted = 8,
  deadline_exceeded = 9,
  unavailable = 10,
  unimplemented = 11,
  internal = 12,
};

/// "invalid_argument" and so on; the wire's `code`.
std::string_view to_string(errc code);

/// What went wrong, for the caller to act on. `field` names the offending input (dotted path), or
/// is empty.
struct error {
  errc code = errc::internal;
  std::string message;
  std::string field;
  /// A number some answers carry beside the message: `first_seq`, `retry_after_ms`; its name is in
  /// detail_name.
  std::string detail_name;
  std::int64_t detail = 0;
  /// The configured rule that was broken ("groups.vip.input.customer.text_length"), or empty.
  std::string rule;

  bool operator==(const error&) const = default;
};

template <class T> using result = tl::expected<T, error>;

/// Makes the unexpected side of a result.
tl::unexpected<error> fail(errc code, std::string message, std::string field = {});

/// Stops the process with its reason: a broken invariant must not be carried on. Stays in release
/// builds.
[[noreturn]] void broken_invariant(const char* condition, const char* file, int line);
#define SB_INVARIANT(condition) \
  ((condition) ? void() : ::switchboard::broken_invariant(#condition, __FILE__, __LINE__))

}  // namespace switchboard
