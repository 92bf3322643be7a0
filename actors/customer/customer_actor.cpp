#include "actors/customer/customer_actor.hpp"

#include <algorithm>

#include "actors/customer/customer_body.hpp"
#include "actors/read_model/projection/customer_reading.hpp"
#include "actors/read_model/projection/customer_search.hpp"
#include "actors/read_model/projection/person_finding.hpp"
#include "actors/read_model/projection/session_reading.hpp"
#include "runtime/hosting/hosted_actor.hpp"
#include "runtime/store/damage.hpp"

namespace switchboard {

using codec::packer;

namespace {

/// After which somebody may be found under another key than before, or be shown as somebody else.
bool may_move_identities(const customer_payload& e) {
  namespace event = customer_event;
  return std::holds_alternative<event::identity_linked>(e) ||
         std::holds_alternative<event::profile_changed>(e) ||
         std::holds_alternative<event::absorbed>(e) ||
         std::holds_alternative<event::given_back>(e) ||
         std::holds_alternative<event::merged_away>(e) ||
         std::holds_alternative<event::came_back>(e) || std::holds_alternative<event::erased>(e);
}

}  // namespace

customer_body::customer_body(customer_actor::pointer self, actor_probe& probe,
                             const customer_services& services, person_id person)
    : self_(self),
      services_(services),
      probe_(services.probes.enrol(probe, actor_kind::customer, person.value)),
      held_(services.options.held),
      last_touched_(services.clock.now()) {
  record_.person = std::move(person);
  read_back();
  arm(awake_ ? last_touched_ + services_.options.idle_after
             : last_touched_ + services_.options.look_again);
}

customer_actor::behavior_type customer_body::make_behavior() {
  return {
      [this](trail_query& m, caf::strong_actor_ptr& asker) {
        take(held_trail_query{std::move(m), std::move(asker)});
      },
      [this](trail_note& m) { take(std::move(m)); },
      [this](customer_call& m) { take(std::move(m)); },
      [this](customer_told& m) { take(std::move(m)); },
      [this](const call_answered& m) { on_answered(m); },
      [this](const timer_fired& m) { on_timer(m); },
      [this](const drain&) { on_drain(); },
      [this](const status_request& m) { on_status(m); },
  };
}

/// Reads the person from the state, unless that has not taken up yet what the journal held at the
/// start of the process.
void customer_body::read_back() {
  if (services_.state.projected() < services_.recovered_upto) return;
  try {
    auto view = services_.state.view();
    record_ = projecting::read_customer(*view, person());
    load_trail(*view);
    unreadable_.clear();
    finish_what_was_cut(*view);
  } catch (const store::damaged_data& e) {
    // Nothing may be built on half a person: everything is refused until it can be read.
    unreadable_ = e.what();
    probe_->state = "unreadable";
    for (auto& m : held_.take()) std::visit([this](auto& x) { refuse(x, unreadable_); }, m);
    return;
  }
  awake_ = true;
  if (services_.names) services_.names->note(record_);
  probe_->state = "awake";
  for (auto& m : held_.take()) std::visit([this](auto& x) { handle_readable(x); }, m);
}

void customer_body::refuse(customer_call& m, const std::string& why) {
  m.reply.fail(services_.journal.last(), error{errc::internal, why, {}, {}, 0});
}

template <class Message> void customer_body::handle_readable(Message& m) {
  try {
    handle(m);
  } catch (const store::damaged_data& e) {
    refuse(m, e.what());
  }
}

trail_summary customer_trail(const store::state_view& view, const customer_record& record) {
  trail_summary trail;
  auto shown = record.merged_into ? projecting::read_shown(view, record.person) : record;
  auto persons = customer_machine::shown_under(shown);
  if (std::ranges::find(persons, record.person) == persons.end()) persons.push_back(record.person);
  for (auto& p : persons) {
    std::size_t n = 0;
    projecting::for_each_in_trail(view, p, [&](const trail_entry& e) {
      trail.note(e);
      return ++n < trail_summary::most_sessions;
    });
  }
  return trail;
}

template <class Message> void customer_body::take(Message m) {
  last_touched_ = now();
  if (awake_)
    handle_readable(m);
  else if (!unreadable_.empty())
    refuse(m, unreadable_);
  else
    held_.add(std::move(m), services_.journal.last());
}

void customer_body::arm(timestamp when) {
  timer_.arm(when);
}

void customer_body::on_timer(const timer_fired& m) {
  if (!timer_.rang(m.generation)) return;
  auto& o = services_.options;
  if (!awake_) read_back();
  if (!awake_) return arm(now() + o.look_again);
  late_orders();
  mine_projected();
  if (draining_) return end_if_projected();
  if (!trails_.empty()) return arm(trails_.front().deadline);
  if (!to_mine_.empty()) return arm(now() + o.look_again);
  auto idle_at = last_touched_ + o.idle_after;
  if (now() < idle_at) return arm(idle_at);
  if (services_.journal.projected() < needed_) return arm(now() + o.look_again);
  // Said once: the directory answers with drain.
  probe_->state = "falling asleep";
  self_->send(directory(), customer_idle{person()});
}

void customer_body::on_drain() {
  draining_ = true;
  end_if_projected();
}

void customer_body::end_if_projected() {
  // Who asked for a trail just before is still answered.
  if (!trails_.empty()) return arm(trails_.front().deadline);
  if (services_.journal.projected() < needed_) return arm(now() + services_.options.look_again);
  if (services_.names) services_.names->forget(person());
  self_->send(directory(), customer_idle{person()});
  self_->quit();
}

void customer_body::handle(held_trail_query& m) {
  auto& q = m.what;
  if (!q.seen_as.id.empty()) {
    trail_note shown;
    shown.entry.channel = std::move(q.channel);
    shown.seen_as = std::move(q.seen_as);
    shown.member_id = std::move(q.member_id);
    shown.member_name = std::move(q.member_name);
    shown.member_attributes = std::move(q.member_attributes);
    take_note(shown);
  }
  auto asker = caf::actor_cast<identification_actor>(m.asker);
  if (asker)
    self_->send(asker, trail_answer{m.what.ticket, trail_.finding(wall(), m.what.session)});
}

/// Records what a request shows that is new.
void customer_body::take_note(const trail_note& m) {
  if (m.seen_as.id.empty()) return;
  auto config = this->config();
  auto policy = config ? field_policy(*config, {}) : field_policy();
  auto events = customer_machine::decide_note(record_, m, wall(), services_.options.limits, policy);
  if (!events.empty()) commit(std::move(events));
  if (services_.claims && services_.claims->claims() > 0)
    services_.claims->settle(person(), projecting::identity_keys(m.entry.channel, m.seen_as));
}

void customer_body::handle(trail_note& m) {
  trail_.note(m.entry);
  take_note(m);
  // The session wrote its record before it told: with this position the trail's row is projected
  // too.
  needed_ = std::max(needed_, services_.journal.last());
  if (m.entry.closed_at) note_close(m);
  if (!record_.merged_into) return;
  // Whom the person is shown as keeps count too; the identity stays this one's.
  trail_note passed;
  passed.person = record_.merged_into->survivor;
  passed.entry = std::move(m.entry);
  passed.seen_as_survivor = true;
  self_->send(services_.directory.customers_of(passed.person), std::move(passed));
}

store::position customer_body::commit(customer_machine::payloads events) {
  store::record r;
  r.kind = store::entity_kind::customer;
  r.shard = entity_shard('p', person().value);
  r.at = wall();
  r.key = person().value;
  bool was_blocked = record_.blocked.has_value();
  const bool reports = services_.claims && std::ranges::any_of(events, may_move_identities);
  const auto keys_before = reports ? projecting::identity_keys(record_) : identity_claims::keys{};
  const auto shown_before = record_.merged_into ? record_.merged_into->survivor : person_id{};
  for (auto& e : events) {
    apply(record_, e, r.at);
    encode(e, r.at, r.events);
  }
  r.entity_seq = record_.seq;
  needed_ = services_.journal.append(std::move(r));
  if (services_.blocks && (was_blocked || record_.blocked)) services_.blocks->note(record_);
  if (services_.names) services_.names->note(record_);
  if (reports) report(keys_before, shown_before);
  return needed_;
}

/// Who asks for this person by what it shows need not wait for the projector.
void customer_body::report(const identity_claims::keys& before, const person_id& shown_before) {
  auto& claims = *services_.claims;
  claims.recorded(person(), before, projecting::identity_keys(record_), needed_);
  const auto shown = record_.merged_into ? record_.merged_into->survivor : person_id{};
  if (shown != shown_before) claims.merged(person(), shown.empty() ? person() : shown, needed_);
  if (record_.blank()) claims.drop(person());
  claims.projected(services_.state.projected());
}

void customer_body::on_status(const status_request& m) {
  packer p;
  p.map(6);
  field(p, "state", std::string_view(probe_->state.load()));
  p.str("identities").uinteger(record_.identities.size());
  p.str("leads").uinteger(record_.leads.size());
  p.str("seq").uinteger(record_.seq);
  p.str("needs_position").uinteger(needed_);
  field(p, "last_touched", last_touched_);
  m.reply.ok(services_.journal.last(), p.take());
}

customer_actor spawn_customer(caf::actor_system& system, const customer_services& services,
                              person_id person) {
  return system.spawn<hosted_actor<customer_actor, customer_body>>(std::cref(services),
                                                                   std::move(person));
}

}  // namespace switchboard
