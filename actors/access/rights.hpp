#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// Who may call what: one table of method × role × tie, and nothing else decides. `gateway` asks
/// whether a role may call a method at all, the session whether the caller's tie to it suffices. A
/// method without a row is refused to everybody.
namespace switchboard {

/// What a caller is: a channel speaks for customers, an account has its role from the
/// configuration, the console is a connection with an administrator's token. Travels between
/// actors: never renumbered.
enum class account_role : std::uint8_t {
  customer = 0,
  agent = 1,
  leader = 2,
  supervisor = 3,
  admin = 4,
  console = 5
};
constexpr std::size_t account_roles = 6;
std::string_view to_string(account_role r);

/// What ties a caller to the session (or other thing) a call is about: bits.
using ties = std::uint16_t;
namespace tie {
constexpr ties nothing = 0;
constexpr ties owner = 1;       // serves it
constexpr ties speaker = 2;     // has joined, and the customer knows
constexpr ties listener = 4;    // has joined, and the customer does not
constexpr ties offered = 8;     // is asked to serve or to join it
constexpr ties past = 16;       // served it last, and nobody does now
constexpr ties team = 32;       // leads who serves it, or who did last where nobody does
constexpr ties team_over = 64;  // the same of a session that is over
constexpr ties anyone = 128;    // everybody has this
}  // namespace tie

namespace rights {

struct row {
  std::string_view method;
  ties needs[account_roles];  // by role: any one of these bits will do; none: never
};

/// Every method of the wire but hello, by name.
std::span<const row> table();
/// Null where there is no such method.
const row* find(std::string_view method);

/// May this role call it at all?
bool may_call(std::string_view method, account_role role);
/// May it be called by that role with these ties?
bool allows(std::string_view method, account_role role, ties has);

}  // namespace rights
}  // namespace switchboard
