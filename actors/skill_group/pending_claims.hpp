#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "runtime/base/clock.hpp"
#include "runtime/base/ids.hpp"
#include "runtime/hosting/outbox.hpp"

namespace switchboard {

/// Agents who chose a waiter by themselves and wait for the answer: until the session has it, or
/// the agent's own room says no. Every one is answered. Owned by one group.
class pending_claims {
 public:
  void add(const offer_id& offer, const reply_to& to, timestamp until) {
    all_.insert_or_assign(offer, claim{to, until});
  }
  bool holds(const offer_id& offer) const { return all_.contains(offer); }
  /// The session answers from here.
  std::optional<reply_to> take(const offer_id& offer) {
    auto found = all_.extract(offer);
    return found.empty() ? std::nullopt : std::optional(found.mapped().reply);
  }
  void refuse(const offer_id& offer, const std::string& why) {
    if (auto to = take(offer))
      to->fail(0, error{errc::aborted, "session_id: " + why, "session_id", {}, 0});
  }
  void expire(timestamp now) {
    std::erase_if(all_, [&](auto& c) {
      if (c.second.until > now) return false;
      c.second.reply.fail(
          0, error{errc::unavailable, "session_id: no answer in time", "session_id", {}, 0});
      return true;
    });
  }

 private:
  struct claim {
    reply_to reply;
    timestamp until;
  };
  std::unordered_map<offer_id, claim> all_;
};

}  // namespace switchboard
