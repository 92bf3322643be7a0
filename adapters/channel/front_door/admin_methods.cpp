#include "adapters/channel/front_door/fan_out.hpp"
#include "adapters/channel/front_door/front_door.hpp"

namespace switchboard {

using codec::packer;

void front_door::admin_status(call& c) {
  packer p;
  services_.host_status(p);
  c.reply.ok(0, p.take());
}

namespace {

/// Asks every actor of a list for its status and answers with all of it.
template <class Handles>
void ask_all(const Handles& handles, const reply_to& to, const char* name) {
  if (handles.empty()) {
    packer p;
    p.map(1).str(name).array(0);
    return to.ok(0, p.take());
  }
  auto gather = std::make_shared<fan_out>(to, name, handles.size());
  for (auto& [id, handle] : handles) caf::anon_send(handle, status_request{{gather, 0}, false});
}

}  // namespace

void front_door::admin_sessions(call& c) {
  auto limit = static_cast<std::size_t>(c.p.maybe_integer("limit", 1, 10'000).value_or(100));
  auto state = c.p.text_or_empty("state", 16);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  std::vector<std::pair<session_id, session_actor>> some;
  // The probes say the state without asking; only what is shown is asked.
  std::unordered_map<std::string, bool> wanted;
  if (!state.empty()) {
    for (auto& row : services_.probes.top(actor_kind::session, 200'000)) {
      if (state == row.state && wanted.size() < limit) wanted.emplace(row.key, true);
    }
  }
  services_.directory.sessions.for_each([&](const session_id& id, const session_actor& who) {
    if (state.empty() || wanted.contains(id.text())) some.emplace_back(id, who);
    return some.size() < limit;
  });
  ask_all(some, c.reply, "sessions");
}

void front_door::admin_session(call& c) {
  auto id = session_id::parse(c.p.text("session_id", 64));
  if (c.p.ok() && !id) c.p.reject("session_id", "is no session's id");
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  session_call m;
  m.method = session_method::status;
  m.session = *id;
  m.by = {"system", c.by.id, {}};
  m.reply = c.reply;
  to_session(std::move(m));
}

void front_door::admin_agents(call& c) { ask_all(services_.directory.all_agents(), c.reply, "agents"); }
void front_door::admin_groups(call& c) { ask_all(services_.directory.all_groups(), c.reply, "groups"); }

void front_door::admin_centers(call& c) {
  auto& all = services_.centers;
  std::vector<std::pair<std::string_view, center_actor>> centers{
      {"member", all.member}, {"tag", all.tag}, {"product", all.product}, {"trade", all.trade}};
  ask_all(centers, c.reply, "centers");
}

void front_door::admin_backup(call& c) {
  auto dir = c.p.text("dir", 4096);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  if (!services_.backup)
    return c.reply.fail(0, error{errc::unimplemented, "this node makes no backups", {}, {}, 0});
  services_.backup(dir, c.reply);
}

void front_door::admin_actors(call& c) {
  auto limit = static_cast<std::size_t>(c.p.maybe_integer("limit", 1, 1'000).value_or(50));
  auto kind = c.p.text_or_empty("kind", 32);
  std::optional<actor_kind> only;
  for (std::size_t k = 0; k < actor_kinds; ++k) {
    if (to_string(static_cast<actor_kind>(k)) == kind) only = static_cast<actor_kind>(k);
  }
  if (!kind.empty() && !only) c.p.reject("kind", "there is no such kind of actor");
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  auto rows = services_.probes.top(only, limit);
  packer p;
  p.map(2).str("actors").array(static_cast<std::uint32_t>(rows.size()));
  for (auto& r : rows) {
    p.map(6);
    field(p, "kind", to_string(r.kind));
    field(p, "key", r.key);
    field(p, "handled", static_cast<std::int64_t>(r.handled));
    field(p, "failed", static_cast<std::int64_t>(r.failed));
    field(p, "last_ms", r.last_ms);
    field(p, "state", r.state);
  }
  auto counts = services_.probes.counts();
  p.str("counts").map(static_cast<std::uint32_t>(counts.size()));
  for (std::size_t k = 0; k < counts.size(); ++k) {
    field(p, to_string(static_cast<actor_kind>(k)), static_cast<std::int64_t>(counts[k]));
  }
  c.reply.ok(0, p.take());
}

}  // namespace switchboard
