#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "actors/session/request_key.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/base/ids.hpp"
#include "runtime/hosting/outbox.hpp"

namespace switchboard {

/// Agents who chose a waiter by themselves and wait for the answer: until the session has it, or
/// the agent's own room says no. Every one is answered. Owned by one group.
class pending_claims {
 public:
  struct claim {
    reply_to reply;
    request_key key;  // of the agent's call
    timestamp until;
  };
  void add(const offer_id& offer, claim c) { all_.insert_or_assign(offer, std::move(c)); }
  bool holds(const offer_id& offer) const { return all_.contains(offer); }
  /// The session answers from here.
  std::optional<claim> take(const offer_id& offer) {
    auto found = all_.extract(offer);
    return found.empty() ? std::nullopt : std::optional(std::move(found.mapped()));
  }
  void refuse(const offer_id& offer, const std::string& why) {
    if (auto c = take(offer))
      c->reply.fail(0, error{errc::aborted, "session_id: " + why, "session_id", {}, 0});
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
  std::unordered_map<offer_id, claim> all_;
};

}  // namespace switchboard
