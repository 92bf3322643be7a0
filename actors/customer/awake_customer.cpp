#include <algorithm>

#include "actors/customer/customer_directory_body.hpp"
#include "actors/read_model/projection/customer_reading.hpp"
#include "actors/read_model/projection/customer_search.hpp"
#include "actors/read_model/projection/person_finding.hpp"
#include "actors/read_model/projection/session_reading.hpp"

namespace switchboard {

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

awake_customer::awake_customer(customer_directory_body& home, const person_id& person)
    : home_(home), services_(home.services_) {
  auto view = services_.state.view();
  record_ = projecting::read_customer(*view, person);
  load_trail(*view);
  finish_what_was_cut(*view);
  if (services_.names) services_.names->note(record_);
}

timestamp awake_customer::wall() const {
  return wall_time(services_.clock);
}

/// The trail of everybody who is shown as one with this person.
void awake_customer::load_trail(const store::state_view& view) {
  trail_ = {};
  auto shown = record_.merged_into ? projecting::read_shown(view, person()) : record_;
  auto persons = customer_machine::shown_under(shown);
  if (std::ranges::find(persons, person()) == persons.end()) persons.push_back(person());
  for (auto& p : persons) {
    std::size_t n = 0;
    projecting::for_each_in_trail(view, p, [&](const trail_entry& e) {
      trail_.note(e);
      return ++n < trail_summary::most_sessions;
    });
  }
}

void awake_customer::handle(trail_query& q, const caf::strong_actor_ptr& asker) {
  if (!q.seen_as.id.empty()) {
    trail_note shown;
    shown.entry.channel = std::move(q.channel);
    shown.seen_as = std::move(q.seen_as);
    shown.member_id = std::move(q.member_id);
    shown.member_name = std::move(q.member_name);
    shown.member_attributes = std::move(q.member_attributes);
    take_note(shown);
  }
  auto who = caf::actor_cast<identification_actor>(asker);
  if (who) home_.self_->send(who, trail_answer{q.ticket, trail_.finding(wall(), q.session)});
}

/// Records what a request shows that is new.
void awake_customer::take_note(const trail_note& m) {
  if (m.seen_as.id.empty()) return;
  auto config = this->config();
  auto policy = config ? field_policy(*config, {}) : field_policy();
  auto events = customer_machine::decide_note(record_, m, wall(), services_.options.limits, policy);
  if (!events.empty()) commit(std::move(events));
  if (services_.claims && services_.claims->claims() > 0)
    services_.claims->settle(person(), projecting::identity_keys(m.entry.channel, m.seen_as));
}

void awake_customer::handle(trail_note& m) {
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
  home_.self_->send(services_.directory.customers_of(passed.person), std::move(passed));
}

store::position awake_customer::commit(customer_machine::payloads events) {
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
void awake_customer::report(const identity_claims::keys& before, const person_id& shown_before) {
  auto& claims = *services_.claims;
  claims.recorded(person(), before, projecting::identity_keys(record_), needed_);
  const auto shown = record_.merged_into ? record_.merged_into->survivor : person_id{};
  if (shown != shown_before) claims.merged(person(), shown.empty() ? person() : shown, needed_);
  if (record_.blank()) claims.drop(person());
  claims.projected(services_.state.projected());
}

}  // namespace switchboard
