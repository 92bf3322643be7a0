#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/session/consultation_request.hpp"
#include "runtime/codec/described.hpp"

/// What sessions tell of themselves to the person they belong to.
namespace switchboard {

/// One line of a person's service trail: a session, told at its start (identified), on assignment
/// and at its end.
struct trail_entry {
  session_id session;
  std::string channel, customer;
  timestamp opened_at;
  std::optional<timestamp> closed_at;
  std::string outcome;
  agent_id agent;
  group_id group;
  int rating = 0;
  std::uint32_t messages = 0;
  /// Where the customer came in: kept from the start, for a session forgets it when it is over.
  std::string entry, page, sales_channel, campaign;
};
template <class V> void describe(V& v, trail_entry& x) {
  v("session", x.session);
  v("channel", x.channel);
  v("customer", x.customer);
  v("opened_at", x.opened_at);
  v("closed_at", x.closed_at);
  v("outcome", x.outcome);
  v("agent", x.agent);
  v("group", x.group);
  v("rating", x.rating);
  v("messages", x.messages);
  v("entry", x.entry);
  v("page", x.page);
  v("sales_channel", x.sales_channel);
  v("campaign", x.campaign);
}

struct trail_note {
  person_id person;
  trail_entry entry;
  channel_customer seen_as;  // filled at the start
  std::string member_id, member_name;
  codec::packed_value member_attributes;
  std::vector<std::string> tags;
  /// At the start: the rest is what the centers know now, and not what was left out.
  bool start = false;
  /// Passed on by one who is merged into the person; it has done the rest.
  bool seen_as_survivor = false;
};
template <class V> void describe(V& v, trail_note& x) {
  v("person", x.person);
  v("entry", x.entry);
  v("seen_as", x.seen_as);
  v("member_id", x.member_id);
  v("member_name", x.member_name);
  v("member_attributes", x.member_attributes);
  v("tags", x.tags);
  v("start", x.start);
  v("seen_as_survivor", x.seen_as_survivor);
}

}  // namespace switchboard
