#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/codec/described.hpp"

namespace switchboard {

struct member_finding {
  std::string id;
  int level = 0;
  std::string name;
  timestamp since{};
  codec::packed_value attributes;
};
template <class V> void describe(V& v, member_finding& x) {
  v("id", x.id);
  v("level", x.level);
  v("name", x.name);
  v("since", x.since);
  v("attributes", x.attributes);
}

struct trail_finding {
  agent_id last_agent;
  group_id last_group;
  std::optional<timestamp> last_closed;
  int sessions_30d = 0;
  int open_orders = 0;
};
template <class V> void describe(V& v, trail_finding& x) {
  v("last_agent", x.last_agent);
  v("last_group", x.last_group);
  v("last_closed", x.last_closed);
  v("sessions_30d", x.sessions_30d);
  v("open_orders", x.open_orders);
}

/// What identification found out about who is asking. A unit that failed or was late is named in
/// `degraded`, with its reason: "tags: no answer within 300 ms".
struct findings {
  person_id person;
  std::string source;  // "app:home" : channel and entry
  std::optional<member_finding> member;
  std::vector<std::string> tags;
  std::optional<trail_finding> trail;
  std::vector<std::string> degraded;
  /// What the session is attributed to: managed objects of the catalog, by id; empty: none fits.
  std::string sales_channel, campaign;
  /// What the request shows that belongs to another customer. Nobody is merged for that.
  std::vector<std::string> conflicts;

  /// The person has heard what the request shows: it recorded that before it told of its trail.
  bool heard_by_person() const { return trail.has_value(); }
  /// Nobody was asked: the session went on by itself, and takes an answer still.
  bool guessed() const { return !degraded.empty() && degraded.front().starts_with(unasked); }
  static constexpr const char* unasked = "identification: ";
};
template <class V> void describe(V& v, findings& x) {
  v("person", x.person);
  v("source", x.source);
  v("member", x.member);
  v("tags", x.tags);
  v("trail", x.trail);
  v("degraded", x.degraded);
  v("sales_channel", x.sales_channel);
  v("campaign", x.campaign);
  v("conflicts", x.conflicts);
}

}  // namespace switchboard
