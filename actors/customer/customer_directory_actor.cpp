#include "actors/customer/customer_directory_actor.hpp"

#include <algorithm>

#include "actors/customer/customer_directory_body.hpp"
#include "runtime/hosting/hosted_actor.hpp"
#include "runtime/store/damage.hpp"

namespace switchboard {
namespace {

/// A message wakes one person, so that with two going at each they cannot pile up; the timer is for
/// when no message comes. Hundreds at once would hold up whoever comes next.
constexpr int asleep_at_a_message = 2, asleep_at_a_timer = 200;

}  // namespace

customer_directory_body::customer_directory_body(customer_directory_actor::pointer self,
                                                 const customer_services& services)
    : self_(self),
      services_(services),
      probe_(services.probes.enrol(actor_kind::customer_directory, "customers")) {
  probe_->state = "open";
}

customer_directory_body::~customer_directory_body() {
  count(-static_cast<std::int64_t>(persons_.size()));
}

customer_directory_actor::behavior_type customer_directory_body::make_behavior() {
  return {
      [this](trail_query& m) {
        take(m, caf::actor_cast<caf::strong_actor_ptr>(self_->current_sender()));
      },
      [this](trail_note& m) { take(m); },
      [this](customer_call& m) { on_call(m); },
      [this](customer_told& m) { take(m); },
      [this](const call_answered& m) { on_answered(m); },
      [this](const timer_fired& m) { on_timer(m); },
      [this](const status_request& m) { on_status(m); },
  };
}

/// What comes from outside has no sender, and names its customer as people do; actors name a person
/// by its id. Erasing knows whom it speaks of, also when nothing is left of them.
void customer_directory_body::on_call(customer_call& m) {
  const bool from_outside = !self_->current_sender() && m.method < customer_method::erase_sessions;
  if (!from_outside) return take(m);
  probe_->note(now());
  const auto why = why_nobody(m);
  if (!why) return self_->send(services_.directory.customers_of(m.person), std::move(m));
  const bool new_here = m.method != customer_method::merge && persons_.contains(m.person);
  if (new_here) return take(m);
  const bool behind = services_.state.projected() < services_.journal.last();
  if (why->code != errc::not_found || !behind) return m.reply.fail(services_.journal.last(), *why);
  if (!finder_) {
    finder_ = spawn_person_finder(self_->home_system(), services_);
    self_->link_to(finder_);
  }
  self_->send(finder_, std::move(m));
}

std::optional<error> customer_directory_body::why_nobody(customer_call& m) const {
  try {
    return resolve_persons(*services_.state.view(), m);
  } catch (const store::damaged_data& e) {
    return error{errc::internal, e.what(), {}, {}, 0};
  }
}

/// Nothing may be built on half a person: while it cannot be read everything is refused, and the
/// next message tries again.
template <class Message, class... More>
void customer_directory_body::take(Message& m, const More&... more) {
  probe_->note(now());
  make_room();
  if (is_too_many(m)) {
    refuse(m, {errc::resource_exhausted,
               "as many customers are looked at as may be; try again",
               {},
               {},
               0});
  } else {
    try {
      awake(m.person).handle(m, more...);
    } catch (const store::damaged_data& e) {
      refuse(m, {errc::internal, e.what(), {}, {}, 0});
    }
  }
  let_sleep(asleep_at_a_message);
  arm();
}

bool customer_directory_body::is_too_many(const customer_call& m) const {
  return persons_.size() >= services_.options.awake && !persons_.contains(m.person);
}

void customer_directory_body::refuse(const auto& m, const error& why) {
  if constexpr (requires { m.reply; }) m.reply.fail(services_.journal.last(), why);
}

awake_customer& customer_directory_body::awake(const person_id& person) {
  auto it = persons_.find(person);
  if (it == persons_.end()) {
    it = persons_.try_emplace(person, *this, person).first;
    it->second.place = by_touch_.insert(by_touch_.end(), &it->second);
    count(1);
  } else {
    by_touch_.splice(by_touch_.end(), by_touch_, it->second.place);
  }
  it->second.touched = now();
  return it->second.who;
}

/// Whoever is not spoken of is forgotten before somebody is refused.
void customer_directory_body::make_room() {
  for (int n = 0; n < asleep_at_a_message && !by_touch_.empty(); ++n) {
    if (persons_.size() < services_.options.awake || !may_sleep(*by_touch_.front())) return;
    put_longest_untouched_to_sleep();
  }
}

void customer_directory_body::let_sleep(int at_most) {
  for (int n = 0; n < at_most && !by_touch_.empty(); ++n) {
    auto& e = *by_touch_.front();
    if (e.touched + services_.options.idle_after > now() || !may_sleep(e)) return;
    put_longest_untouched_to_sleep();
  }
}

/// Whoever reads it from the state from now on finds everything.
bool customer_directory_body::may_sleep(const entry& e) const {
  return services_.state.projected() >= e.who.needs();
}

void customer_directory_body::put_longest_untouched_to_sleep() {
  const auto person = by_touch_.front()->who.person();
  by_touch_.pop_front();
  if (services_.names) services_.names->forget(person);
  persons_.erase(person);
  count(-1);
}

void customer_directory_body::count(std::int64_t by) {
  if (services_.in_use) services_.in_use->fetch_add(by, std::memory_order_relaxed);
}

/// For the first thing that time alone brings about. Rung too early it is armed anew, so what moves
/// to a later time leaves it alone.
void customer_directory_body::arm() {
  auto& o = services_.options;
  std::optional<timestamp> next;
  auto earlier = [&](timestamp t) { next = next ? std::min(*next, t) : t; };
  if (!trails_.empty()) earlier(trails_.front().deadline);
  if (!to_mine_.empty()) earlier(now() + o.look_again);
  if (!by_touch_.empty())
    earlier(std::max(by_touch_.front()->touched + o.idle_after, now() + o.look_again));
  if (!next || (armed_for_ && *armed_for_ <= *next)) return;
  armed_for_ = next;
  timer_.arm(*next);
}

void customer_directory_body::on_timer(const timer_fired& m) {
  if (!timer_.rang(m.generation)) return;
  armed_for_.reset();
  late_orders();
  mine_projected();
  let_sleep(asleep_at_a_timer);
  arm();
}

void customer_directory_body::note_failure() {
  probe_->failed.store(probe_->failed.load(std::memory_order_relaxed) + 1,
                       std::memory_order_relaxed);
}

void customer_directory_body::on_status(const status_request& m) {
  codec::packer p;
  p.map(4).str("awake").uinteger(persons_.size());
  p.str("handled").uinteger(probe_->handled);
  p.str("trails").uinteger(trails_.size());
  p.str("to_mine").uinteger(to_mine_.size());
  m.reply.ok(services_.journal.last(), p.take());
}

customer_directory_actor spawn_customer_directory(caf::actor_system& system,
                                                  const customer_services& services) {
  return system.spawn<hosted_actor<customer_directory_actor, customer_directory_body>>(
      std::cref(services));
}

}  // namespace switchboard
