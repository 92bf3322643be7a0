#include "actors/customer/person_finder_actor.hpp"

#include <deque>

#include "actors/read_model/projection/person_lookup.hpp"
#include "runtime/hosting/hosted_actor.hpp"
#include "runtime/store/damage.hpp"

namespace switchboard {
namespace {

class person_finder_body {
 public:
  static inline const char* name = "person_finder";

  person_finder_body(person_finder_actor::pointer self, actor_probe& probe,
                     const customer_services& services)
      : self_(self),
        services_(services),
        probe_(services.probes.enrol(probe, actor_kind::customer_directory, "finder")) {}

  person_finder_actor::behavior_type make_behavior() {
    return {
        [this](customer_call& m) { on_call(m); },
        [this](const timer_fired& m) { on_timer(m); },
    };
  }

 private:
  struct waiting_call {
    customer_call call;
    store::position needs = 0;
  };
  static constexpr std::size_t most = 1'024;

  void on_call(customer_call& m) {
    const auto at = services_.journal.last();
    if (waiting_.size() >= most) {
      return m.reply.fail(
          at, error{errc::resource_exhausted, "the store is behind; try again", {}, {}, 0});
    }
    waiting_.push_back({std::move(m), at});
    look();
  }

  void on_timer(const timer_fired& m) {
    if (!timer_.rang(m.generation)) return;
    armed_ = false;
    look();
  }

  /// They came in the order of what they need. While the journal stands still the state is not
  /// behind what anybody may be told.
  void look() {
    const bool still = store::stands_still(services_.gate);
    while (!waiting_.empty() && (still || services_.state.projected() >= waiting_.front().needs)) {
      auto m = std::move(waiting_.front().call);
      waiting_.pop_front();
      if (auto why = named(m))
        m.reply.fail(services_.state.projected(), *why);
      else
        self_->send(services_.directory.customers_of(m.person), std::move(m));
    }
    if (waiting_.empty() || std::exchange(armed_, true)) return;
    const auto when = services_.clock.now() + services_.options.look_again;
    timer_.arm(when);
  }

  std::optional<error> named(customer_call& m) const {
    try {
      return resolve_persons(*services_.state.view(), m);
    } catch (const store::damaged_data& e) {
      return error{errc::internal, e.what(), {}, {}, 0};
    }
  }

  person_finder_actor::pointer self_;
  const customer_services& services_;
  probe_registry::enrolment probe_;
  std::deque<waiting_call> waiting_;
  actor_timer timer_{*services_.directory.timers, self_};
  bool armed_ = false;
};

/// What the caller gave the name in.
std::string field_of(const customer_call& m) {
  return m.method == customer_method::mine ? "session_id" : "customer_id";
}

std::optional<error> resolve(const store::state_view& view, std::string& name, std::string field) {
  auto found = projecting::find_named(view, name);
  if (!found.person.empty()) {
    name = std::move(found.person.value);
    return {};
  }
  if (found.several.empty())
    return error{errc::not_found, field + ": there is no such customer", field, {}, 0};
  auto why = field + ": belongs to several customers:";
  for (auto& p : found.several) why += " " + p.value;
  return error{errc::failed_precondition, std::move(why), std::move(field), {}, 0};
}

}  // namespace

std::optional<error> resolve_persons(const store::state_view& view, customer_call& m) {
  if (auto why = resolve(view, m.person.value, field_of(m))) return why;
  if (m.method != customer_method::merge) return {};
  return resolve(view, m.other, "into");
}

person_finder_actor spawn_person_finder(caf::actor_system& system,
                                        const customer_services& services) {
  return system.spawn<hosted_actor<person_finder_actor, person_finder_body>>(std::cref(services));
}

}  // namespace switchboard
