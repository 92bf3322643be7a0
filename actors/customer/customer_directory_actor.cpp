#include <unordered_map>

#include "actors/customer/customer_actor.hpp"
#include "actors/customer/held_messages.hpp"
#include "actors/customer/person_finder_actor.hpp"
#include "runtime/hosting/hosted_actor.hpp"
#include "runtime/store/damage.hpp"

namespace switchboard {
namespace {

class customer_directory_body {
 public:
  static inline const char* name = "customer_directory";

  customer_directory_body(customer_directory_actor::pointer self, actor_probe& probe,
                          const customer_services& services)
      : self_(self),
        services_(services),
        probe_(services.probes.enrol(probe, actor_kind::customer_directory, "customers")) {
    probe_->state = "open";
  }

  customer_directory_actor::behavior_type make_behavior() {
    return {
        [this](trail_query& m) {
          take(held_trail_query{std::move(m),
                                caf::actor_cast<caf::strong_actor_ptr>(self_->current_sender())});
        },
        [this](trail_note& m) { take(std::move(m)); },
        [this](customer_call& m) { on_call(std::move(m)); },
        [this](customer_told& m) { take(std::move(m)); },
        [this](const customer_idle& m) { on_idle(m); },
        [this](const status_request& m) { on_status(m); },
    };
  }

 private:
  /// Persons awake at once, beyond whom a call wakes nobody: sessions' own words always do.
  static constexpr std::size_t most_awake = 20'000;

  /// `held` is there from drain to the person's last word.
  struct entry {
    customer_actor who;
    std::unique_ptr<held_messages> held;
  };

  static const person_id& person_of(const held_message& m) {
    if (auto* query = std::get_if<held_trail_query>(&m)) return query->what.person;
    if (auto* note = std::get_if<trail_note>(&m)) return note->person;
    if (auto* told = std::get_if<customer_told>(&m)) return told->person;
    return std::get<customer_call>(m).person;
  }

  /// What comes from outside has no sender, and names its customer as people do; actors name a
  /// person by its id. Erasing knows whom it speaks of, also when nothing is left of them.
  void on_call(customer_call m) {
    const bool from_outside =
        !self_->current_sender() && m.method < customer_method::erase_sessions;
    if (!from_outside) return take(std::move(m));
    const auto why = why_nobody(m);
    if (!why) return self_->send(services_.directory.customers_of(m.person), std::move(m));
    const bool new_here = m.method != customer_method::merge && persons_.contains(m.person);
    if (new_here) return pass_on(std::move(m));
    const bool behind = services_.state.projected() < services_.journal.last() &&
                        !store::stands_still(services_.gate);
    if (why->code != errc::not_found || !behind)
      return m.reply.fail(services_.state.projected(), *why);
    if (!finder_) {
      finder_ = spawn_person_finder(self_->home_system(), services_);
      self_->link_to(finder_);
    }
    self_->send(finder_, std::move(m));
  }

  std::optional<error> why_nobody(customer_call& m) const {
    try {
      return resolve_persons(*services_.state.view(), m);
    } catch (const store::damaged_data& e) {
      return error{errc::internal, e.what(), {}, {}, 0};
    }
  }

  void take(held_message m) { pass_on(std::move(m)); }

  void pass_on(held_message m) {
    auto& person = person_of(m);
    auto* call = std::get_if<customer_call>(&m);
    if (call && persons_.size() >= most_awake && !persons_.contains(person)) {
      return call->reply.fail(services_.journal.last(),
                              error{errc::resource_exhausted,
                                    "as many customers are looked at as may be; try again",
                                    {},
                                    {},
                                    0});
    }
    auto [it, fresh] = persons_.try_emplace(person);
    if (fresh) it->second.who = spawn_customer(self_->home_system(), services_, person);
    if (it->second.held) return it->second.held->add(std::move(m), services_.journal.last());
    forward(it->second.who, m);
  }

  void forward(const customer_actor& who, held_message& m) {
    if (auto* query = std::get_if<held_trail_query>(&m))
      self_->send(who, std::move(query->what), std::move(query->asker));
    else if (auto* note = std::get_if<trail_note>(&m))
      self_->send(who, std::move(*note));
    else if (auto* told = std::get_if<customer_told>(&m))
      self_->send(who, std::move(*told));
    else
      self_->send(who, std::move(std::get<customer_call>(m)));
  }

  void on_idle(const customer_idle& m) {
    auto it = persons_.find(m.person);
    if (it == persons_.end()) return;
    auto& e = it->second;
    if (!e.held) {
      e.held = std::make_unique<held_messages>(services_.options.held);
      self_->send(e.who, drain{});
      return;
    }
    // Its last word: whoever reads it from the state now finds everything.
    auto held = e.held->take();
    persons_.erase(it);
    for (auto& message : held) pass_on(std::move(message));
  }

  void on_status(const status_request& m) {
    codec::packer p;
    p.map(2).str("awake").uinteger(persons_.size());
    p.str("handled").uinteger(probe_->handled);
    m.reply.ok(0, p.take());
  }

  customer_directory_actor::pointer self_;
  const customer_services& services_;
  probe_registry::enrolment probe_;
  std::unordered_map<person_id, entry> persons_;
  person_finder_actor finder_;  // from when it is needed first
};

}  // namespace

customer_directory_actor spawn_customer_directory(caf::actor_system& system,
                                                  const customer_services& services) {
  return system.spawn<hosted_actor<customer_directory_actor, customer_directory_body>>(
      std::cref(services));
}

}  // namespace switchboard
