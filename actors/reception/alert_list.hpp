#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/base/ids.hpp"
#include "runtime/codec/described.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard {

/// A session's word to an agent or leader about one customer. `what` is new_message, unanswered,
/// waiting or cleared; the latest of a session replaces the one before.
struct agent_alert {
  session_id session;
  person_id customer;
  std::string customer_name, channel;
  group_id group;
  agent_id serving;
  std::string what, level;
  timestamp since;
  std::uint32_t times = 0, unread = 0;
};
template <class V> void describe(V& v, agent_alert& x) {
  v("session_id", x.session);
  v("customer_id", x.customer);
  v("customer_name", x.customer_name);
  v("channel", x.channel);
  v("group", x.group);
  v("serving", x.serving);
  v("what", x.what);
  v("level", x.level);
  v("since", x.since);
  v("times", x.times);
  v("unread", x.unread);
}

/// An agent's alerts, one a customer over all channels. Bounded: past `most` the longest standing
/// one goes. Not thread-safe.
class alert_list {
 public:
  static constexpr std::size_t most = 1000;

  /// Takes it in; the customer whose merged alert has changed.
  person_id take(const agent_alert& alert);
  /// Packs a customer's merged alert: {customer_id, customer_name, unread, level, since, alerts[]},
  /// or with `cleared` when there is none any more. `rev` goes in as it is.
  void pack(codec::packer& p, const person_id& customer, std::uint64_t rev) const;
  std::vector<person_id> customers() const;
  bool empty() const { return by_customer_.empty(); }
  std::size_t size() const { return by_customer_.size(); }

 private:
  using of_customer = std::map<session_id, agent_alert>;
  void make_room();
  std::map<person_id, of_customer> by_customer_;
};

}  // namespace switchboard
