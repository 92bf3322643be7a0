#include "actors/router/router_actor.hpp"

#include <map>

#include "runtime/base/wall_time.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/hosting/hosted_actor.hpp"

namespace switchboard {
namespace {

using codec::packer;

/// Versions kept beside the active one: what still waits was planned by these.
constexpr std::size_t most_kept = 8;

class router_body {
 public:
  static inline const char* name = "router";

  router_body(router_actor::pointer self, actor_probe& probe, const router_services& services,
              std::string key)
      : self_(self),
        services_(services),
        key_(std::move(key)),
        probe_(services.probes.enrol(probe, actor_kind::router, key_)) {
    active();
    probe_->state = "ready";
  }

  router_actor::behavior_type make_behavior() {
    return {
        [this](route_request& m) { on_route(m); },
        [this](const step_request& m) { on_step(m); },
        [this](const transfer_request& m) { on_transfer(m); },
        [this](const group_report& m) { on_report(m); },
        [this](const status_request& m) { on_status(m); },
    };
  }

 private:
  using snapshot = std::shared_ptr<const routing_rules>;

  /// What conditions and calendars read.
  timestamp now() const { return wall_time(services_.clock); }

  session_actor asker() const { return caf::actor_cast<session_actor>(self_->current_sender()); }

  template <class Message> void answer(Message&& m) {
    if (auto who = asker()) self_->send(who, std::forward<Message>(m));
  }

  void on_route(route_request& m) {
    const auto t = now();
    ++plans_;
    const auto rules = of_version(m.rules_version);
    auto made =
        rules->plan({m.session, m.request, m.found, m.weight}, board_, t, &active()->groups());
    routed out{m.session, std::move(made.plan), std::move(made.first), {}};
    if (m.first_heard) out.found = std::move(m.found);
    answer(std::move(out));
  }

  void on_step(const step_request& m) {
    const auto t = now();
    ++steps_;
    const int weight = m.plan.steps.empty() ? 1 : m.plan.steps.front().need.weight;
    auto choice = of_version(m.plan.rules_version)
                      ->choose_step(m.plan, {m.session, m.request, m.found, weight, m.standing},
                                    board_, m.from_step, t, &active()->groups());
    answer(step_chosen{m.session, std::move(choice)});
  }

  void on_transfer(const transfer_request& m) {
    const auto t = now();
    ++transfers_;
    auto made = active()->transfer({m.to_group, m.to_agent, m.by_rules, m.from_group, m.priority},
                                   {m.session, m.request, m.found, m.weight}, board_, t);
    transfer_routed out{.session = m.session};
    if (made) {
      out.plan = std::move(made->plan);
      out.first = std::move(made->first);
    } else {
      out.refusal = std::move(made.error().message);
      out.refused_field = std::move(made.error().field);
    }
    answer(std::move(out));
  }

  void on_report(const group_report& m) {
    // Only groups that there are, so that the snapshot cannot grow.
    if (!active()->groups().find(m.group.value)) return;
    board_.put(m.group,
               {m.waiting, m.online, m.available, m.oldest, m.service_level, m.eta, m.open});
  }

  void on_status(const status_request& m) {
    const auto rules = active();
    packer p;
    p.map(8);
    field(p, "name", key_);
    field(p, "rules_version", static_cast<std::int64_t>(rules->version()));
    field(p, "rules", static_cast<std::int64_t>(rules->size()));
    p.str("kept_versions").array(static_cast<std::uint32_t>(kept_.size()));
    for (const auto& [version, old] : kept_) p.integer(version);
    field(p, "groups_reported", static_cast<std::int64_t>(board_.size()));
    field(p, "plans", static_cast<std::int64_t>(plans_));
    field(p, "steps", static_cast<std::int64_t>(steps_));
    field(p, "transfers", static_cast<std::int64_t>(transfers_));
    // It depends on nothing the journal holds.
    m.reply.ok(store::position{}, p.take());
  }

  snapshot active() {
    auto rules = services_.rules();
    SB_INVARIANT(rules != nullptr);
    if (kept_.contains(rules->version()) && kept_[rules->version()] == rules) return rules;
    board_.keep_only(
        [&](std::string_view group) { return rules->groups().find(group) != nullptr; });
    kept_.insert_or_assign(rules->version(), rules);
    while (kept_.size() > most_kept) {
      // Versions rise; should an older one be made active again, it stays all the same.
      auto oldest = kept_.begin();
      if (oldest->second == rules) ++oldest;
      kept_.erase(oldest);
    }
    return rules;
  }

  /// The snapshot of that version, or the active one where it is gone, or for 0.
  snapshot of_version(int version) {
    auto rules = active();
    if (version == 0 || version == rules->version()) return rules;
    const auto at = kept_.find(version);
    if (at != kept_.end()) return at->second;
    auto old = services_.rules_of ? services_.rules_of(version) : nullptr;
    return old ? old : rules;
  }

  router_actor::pointer self_;
  const router_services& services_;
  std::string key_;
  probe_registry::enrolment probe_;
  queue_snapshot board_;
  std::map<int, snapshot> kept_;
  std::uint64_t plans_ = 0, steps_ = 0, transfers_ = 0;
};

}  // namespace

router_actor spawn_router(caf::actor_system& system, const router_services& services,
                          std::string name) {
  return system.spawn<hosted_actor<router_actor, router_body>>(std::cref(services),
                                                               std::move(name));
}

}  // namespace switchboard
