#include "actors/mining/miner_actor.hpp"

#include "actors/mining/mining_rules.hpp"
#include "runtime/base/wall_time.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/hosting/hosted_actor.hpp"

namespace switchboard {
namespace {

class miner_body {
 public:
  static inline const char* name = "miner";

  miner_body(miner_actor::pointer self, actor_probe& probe, const miner_services& services)
      : self_(self),
        services_(services),
        probe_(services.probes.enrol(probe, actor_kind::miner, "miner")) {}

  miner_actor::behavior_type make_behavior() {
    return {
        [this](const mine_session& m) { on_mine(m); },
        [this](const status_request& m) { on_status(m); },
    };
  }

 private:
  /// Compiled anew when the configuration is another one.
  const mining_rules* rules() {
    auto now = services_.config();
    if (now != compiled_from_) {
      auto compiled = mining_rules::compile(*now);
      rules_ = compiled ? *compiled : nullptr;
      compiled_from_ = std::move(now);
    }
    return rules_.get();
  }

  void on_mine(const mine_session& m) {
    customer_told told;
    told.what = customer_told::step::mined;
    told.person = m.person;
    told.by = m.by;
    told.reply = m.reply;
    told.key = m.key;
    std::vector<suggestion> all;
    auto facts = facts_of(*services_.state.view(), m.session, wall_time(services_.clock));
    auto* by_rules = rules();
    if (facts && by_rules) all = by_rules->suggest(*facts, wall_time(services_.clock));
    told.content.bytes = codec::pack(all);
    self_->send(services_.directory.customers_of(m.person), std::move(told));
  }

  void on_status(const status_request& m) {
    codec::packer p;
    p.map(1).str("handled").uinteger(probe_->handled);
    m.reply.ok(0, p.take());
  }

  miner_actor::pointer self_;
  const miner_services& services_;
  probe_registry::enrolment probe_;
  std::shared_ptr<const config::dispatch_config> compiled_from_;
  std::shared_ptr<const mining_rules> rules_;
};

}  // namespace

miner_actor spawn_miner(caf::actor_system& system, const miner_services& services,
                        miner_thread on) {
  using shell = hosted_actor<miner_actor, miner_body>;
  if (on == miner_thread::own) return system.spawn<shell, caf::detached>(std::cref(services));
  return system.spawn<shell>(std::cref(services));
}

}  // namespace switchboard
