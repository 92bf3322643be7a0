#pragma once

#include "actors/messages/operations_messages.hpp"
#include "actors/skill_group/group_dispatcher.hpp"

namespace switchboard {

/// What routers are told of a group.
inline group_report report_of(const group_dispatcher& dispatcher, timestamp now) {
  const auto s = dispatcher.stats(now);
  group_report r;
  r.group = dispatcher.options().id;
  r.waiting = static_cast<int>(s.waiting);
  r.online = static_cast<int>(s.online);
  r.available = static_cast<int>(s.available);
  r.oldest = s.oldest.value_or(millis{0});
  r.service_level = s.service_level.value_or(1.0);
  if (s.eta) r.eta = time_estimate{s.eta->p50_ms, s.eta->p90_ms};
  r.open = dispatcher.open();
  return r;
}

/// The answer that all groups of an explanation have made together: one map.
inline std::string whole_of(const explain_waiter& m) {
  codec::packer p;
  p.map(m.pairs + 1).raw(m.answer).str("queues").array(m.queues_told).raw(m.queues);
  return p.take();
}

}  // namespace switchboard
