#pragma once

#include "actors/messages/dispatch_messages.hpp"

namespace switchboard {

/// An offer as its agent sees it: one map.
inline void pack_offer(codec::packer& p, const offer_made& o, std::uint64_t rev) {
  p.map(7);
  field(p, "offer_id", o.offer.value);
  field(p, "session_id", o.session.text());
  field(p, "group", o.group.value);
  field(p, "expires_at", o.expires_at);
  codec::pack_value(p.str("identification"), o.found, codec::audience::client);
  field(p, "why", o.why);
  p.str("rev").uinteger(rev);
}

}  // namespace switchboard
