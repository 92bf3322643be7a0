#include "actors/catalog/catalog_actor.hpp"

#include "actors/catalog/catalog_projection.hpp"
#include "runtime/base/wall_time.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/hosting/hosted_actor.hpp"
#include "runtime/hosting/unless_known.hpp"

namespace switchboard {
namespace {

class catalog_body {
 public:
  static inline const char* name = "catalog";

  catalog_body(catalog_actor::pointer self, actor_probe& probe, const catalog_services& services)
      : self_(self),
        services_(services),
        probe_(services.probes.enrol(probe, actor_kind::catalog, "catalog")),
        // What is damaged is named by the state; the rest of the node starts.
        catalog_(read_catalog(*services.state.lenient_view())) {
    publish();
  }

  catalog_actor::behavior_type make_behavior() {
    return {
        [this](const catalog_call& m) { on_call(m); },
        [this](const status_request& m) { on_status(m); },
    };
  }

 private:
  void publish() {
    auto shown = std::make_shared<catalog>();
    shown->sales_channels = catalog_.sales_channels;
    shown->campaigns = catalog_.campaigns;
    shown->segments = catalog_.segments;
    shown->seq = catalog_.seq;
    services_.board.put(std::move(shown));
  }

  void on_call(const catalog_call& m) {
    if (m.method == catalog_method::list) return list(m);
    auto before = answered_before(catalog_.answered, m.known_by, wall_time(services_.clock));
    if (!before) return m.reply.fail(services_.journal.last(), before.error());
    if (*before) return m.reply.again(services_.journal.last(), std::move(**before));
    if (refused_as_new(m.reply)) return;
    auto by = m.by.role + ':' + m.by.id;
    auto change = m.method == catalog_method::put
                      ? decide_put(catalog_, m.kind, m.id, m.fields, m.fresh, by)
                      : decide_remove(catalog_, m.kind, m.id, by);
    if (!change) return m.reply.fail(services_.journal.last(), change.error());
    codec::packer p;
    field(p.map(1), "id", m.id);
    auto answer = p.take();
    if (const auto& key = m.known_by.key; key.key != 0)
      change->answered = answer_recorded{key.key, key.content, {answer}};
    store::record r;
    r.kind = store::entity_kind::catalog;
    r.at = wall_time(services_.clock);
    r.key = "catalog";
    r.events = encode(*change, r.at);
    apply(catalog_, *change, r.at);
    r.entity_seq = catalog_.seq;
    const auto at = written_ = services_.journal.append(std::move(r));
    publish();
    m.reply.ok(at, std::move(answer));
  }

  void list(const catalog_call& m) {
    codec::packer p;
    p.map(1).str("items");
    if (m.kind == "sales_channel")
      codec::pack_value(p, catalog_.sales_channels, codec::audience::client);
    else if (m.kind == "campaign")
      codec::pack_value(p, catalog_.campaigns, codec::audience::client);
    else
      codec::pack_value(p, catalog_.segments, codec::audience::client);
    m.reply.ok(written_, p.take());
  }

  void on_status(const status_request& m) {
    codec::packer p;
    p.map(3).str("sales_channels").uinteger(catalog_.sales_channels.size());
    p.str("campaigns").uinteger(catalog_.campaigns.size());
    p.str("segments").uinteger(catalog_.segments.size());
    m.reply.ok(written_, p.take());
  }

  catalog_actor::pointer self_;
  const catalog_services& services_;
  probe_registry::enrolment probe_;
  catalog catalog_;
  /// Its latest record: what is told of it waits for this, and not for others' records.
  store::position written_ = 0;
};

}  // namespace

catalog_actor spawn_catalog(caf::actor_system& system, const catalog_services& services) {
  return system.spawn<hosted_actor<catalog_actor, catalog_body>>(std::cref(services));
}

}  // namespace switchboard
