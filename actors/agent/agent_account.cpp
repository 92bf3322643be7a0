#include "actors/agent/agent_account.hpp"

namespace switchboard {

using codec::packer;

void pack_snapshot(packer& p, const agent_machine& m) {
  field(p, "state", to_string(m.status()));
  field(p, "reason", m.record().reason);
  field(p, "capacity", static_cast<std::int64_t>(m.config().capacity));
  field(p, "used", static_cast<std::int64_t>(m.used()));
  p.str("sessions").array(static_cast<std::uint32_t>(m.serving().size()));
  for (auto& [session, held] : m.serving()) {
    p.map(3);
    field(p, "session_id", session.text());
    field(p, "group", held.group.value);
    field(p, "since", held.since);
  }
  p.str("wrap_ups").array(static_cast<std::uint32_t>(m.record().wrap_ups.size()));
  for (auto& w : m.record().wrap_ups) {
    field(p.map(2), "session_id", w.session.text());
    field(p, "until", w.until);
  }
}

void pack_change(packer& p, const agent_machine& m, std::uint64_t rev) {
  p.map(4).str("rev").uinteger(rev);
  field(p, "state", to_string(m.status()));
  field(p, "capacity", static_cast<std::int64_t>(m.config().capacity));
  field(p, "used", static_cast<std::int64_t>(m.used()));
}

void pack_agent(packer& p, const agent_machine& m) {
  p.map(9);
  field(p, "id", m.config().id.value);
  field(p, "name", m.config().name);
  field(p, "state", to_string(m.status()));
  field(p, "reason", m.record().reason);
  field(p, "capacity", static_cast<std::int64_t>(m.config().capacity));
  field(p, "used", static_cast<std::int64_t>(m.used()));
  field(p, "serving", static_cast<std::int64_t>(m.serving().size()));
  field(p, "assigned_today", static_cast<std::int64_t>(m.record().assigned_today));
  p.str("groups").array(static_cast<std::uint32_t>(m.config().groups.size()));
  for (auto& g : m.config().groups) p.str(g.value);
}

}  // namespace switchboard
