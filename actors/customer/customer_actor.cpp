#include "actors/customer/customer_actor.hpp"

#include <algorithm>

#include "actors/customer/held_messages.hpp"
#include "actors/customer/trail_summary.hpp"
#include "actors/projection/customer_reading.hpp"
#include "actors/projection/session_reading.hpp"
#include "runtime/hosting/hosted_actor.hpp"

namespace switchboard {
namespace {

using codec::packer;

class customer_body {
 public:
  static inline const char* name = "customer";

  customer_body(customer_actor::pointer self, const customer_services& services, person_id person)
      : self_(self),
        services_(services),
        probe_(services.probes.enrol(actor_kind::customer, person.value)),
        held_(services.options.held),
        last_touched_(services.clock.now()) {
    record_.person = std::move(person);
    read_back();
    arm(awake_ ? last_touched_ + services_.options.idle_after
               : last_touched_ + services_.options.look_again);
  }

  customer_actor::behavior_type make_behavior() {
    return {
        [this](trail_query& m, caf::strong_actor_ptr& asker) {
          take(held_trail_query{std::move(m), std::move(asker)});
        },
        [this](trail_note& m) { take(std::move(m)); },
        [this](customer_call& m) { take(std::move(m)); },
        [this](const wake& m) { on_wake(m); },
        [this](const drain&) { on_drain(); },
        [this](const status_request& m) { on_status(m); },
    };
  }

 private:
  timestamp now() const { return services_.clock.now(); }
  const person_id& person() const { return record_.person; }
  customer_directory_actor directory() const { return services_.directory.customers_of(person()); }

  // ---- coming and going

  /// Reads the person from the state, unless that has not taken up yet what the journal held at the
  /// start of the process.
  void read_back() {
    if (services_.state.projected() < services_.recovered_upto) return;
    auto view = services_.state.view();
    record_ = projecting::read_customer(*view, person());
    std::vector<trail_entry> entries;
    projecting::for_each_in_trail(*view, person(), [&](const trail_entry& e) {
      entries.push_back(e);
      return entries.size() < trail_summary::most_sessions;
    });
    for (auto& e : entries) trail_.note(e);
    awake_ = true;
    probe_->state = "awake";
    for (auto& m : held_.take()) std::visit([this](auto& x) { handle(x); }, m);
  }

  template <class Message>
  void take(Message m) {
    last_touched_ = now();
    probe_->note(last_touched_);
    if (awake_)
      handle(m);
    else
      held_.add(std::move(m), services_.journal.last());
  }

  void arm(timestamp when) {
    self_->send(services_.directory.timekeeper_of(entity_shard('p', person().value)),
                arm_timer{when, ++generation_});
  }

  void on_wake(const wake& m) {
    if (m.generation != generation_) return;
    auto& o = services_.options;
    if (!awake_) read_back();
    if (!awake_) return arm(now() + o.look_again);
    if (draining_) return end_if_projected();
    auto idle_at = last_touched_ + o.idle_after;
    if (now() < idle_at) return arm(idle_at);
    if (services_.journal.projected() < needed_) return arm(now() + o.look_again);
    // Said once: the directory answers with drain.
    probe_->state = "falling asleep";
    self_->send(directory(), customer_idle{person()});
  }

  void on_drain() {
    draining_ = true;
    end_if_projected();
  }

  void end_if_projected() {
    if (services_.journal.projected() < needed_) return arm(now() + services_.options.look_again);
    self_->send(directory(), customer_idle{person()});
    self_->quit();
  }

  // ---- the trail

  void handle(held_trail_query& m) {
    auto asker = caf::actor_cast<identification_actor>(m.asker);
    if (asker) self_->send(asker, trail_answer{m.what.ticket, trail_.finding(now())});
  }

  void handle(trail_note& m) {
    trail_.note(m.entry);
    auto events = customer_machine::decide_note(record_, m, now(), services_.options.limits);
    if (!events.empty()) commit(std::move(events));
    // The session wrote its record before it told: with this position the trail's row is projected
    // too.
    needed_ = std::max(needed_, services_.journal.last());
  }

  // ---- calls

  void handle(customer_call& m) {
    switch (m.method) {
      case customer_method::get:
        return m.reply.ok(services_.journal.last(), packed_customer());
      case customer_method::history:
        self_->send(services_.directory.archive,
                    read_trail{person(), m.number == 0 ? 20 : m.number, std::move(m.reply)});
        return;
      case customer_method::lead_list:
        return m.reply.ok(services_.journal.last(), packed_leads(m.number));
      case customer_method::update:
        return change(m, [&] {
          return customer_machine::decide_update(record_, m.by, m.fields, services_.options.limits);
        });
      case customer_method::lead_create:
        return change(m, [&] {
          return customer_machine::decide_lead_create(record_, m.by, m.fields, fresh_lead_id(),
                                                      now(), services_.options.limits);
        });
      case customer_method::lead_update:
        return change(m, [&] {
          return customer_machine::decide_lead_update(record_, m.lead, m.fields, now(),
                                                      services_.options.limits);
        });
    }
  }

  template <class Decide>
  void change(customer_call& m, Decide decide) {
    auto content =
        std::to_string(static_cast<int>(m.method)) + '\n' + m.lead + '\n' + m.fields.bytes;
    auto key = session_machine::key_of("customer", m.by, m.op_id, content);
    auto before = customer_machine::answered_before(record_, key, now(), services_.options.limits);
    if (!before) return m.reply.fail(services_.journal.last(), before.error());
    if (*before) return m.reply.ok(services_.journal.last(), **before);
    auto decided = decide();
    if (!decided) {
      probe_->failed.store(probe_->failed.load(std::memory_order_relaxed) + 1,
                           std::memory_order_relaxed);
      return m.reply.fail(services_.journal.last(), decided.error());
    }
    if (key.key != 0)
      decided->events.push_back(
          customer_event::change_answered{key.key, key.content, {decided->answer}});
    auto at =
        decided->events.empty() ? services_.journal.last() : commit(std::move(decided->events));
    m.reply.ok(at, std::move(decided->answer));
  }

  std::string fresh_lead_id() {
    auto id = make_session_id(entity_shard('p', person().value), now(), services_.random(),
                              services_.random())
                  .text();
    id.front() = 'l';
    return id;
  }

  std::string packed_customer() const {
    packer p;
    p.map(6);
    field(p, "person", person().value);
    field(p, "member_id", record_.member_id);
    codec::pack_value(p.str("profile"), record_.profile, codec::audience::client);
    codec::pack_value(p.str("identities"), record_.identities, codec::audience::client);
    codec::pack_value(p.str("trail"), trail_.finding(now()), codec::audience::client);
    p.str("leads").uinteger(record_.leads.size());
    return p.take();
  }

  /// Newest first.
  std::string packed_leads(std::uint64_t limit) const {
    auto& leads = record_.leads;
    auto n = static_cast<std::size_t>(limit == 0 ? leads.size()
                                                 : std::min<std::uint64_t>(limit, leads.size()));
    packer p;
    p.map(2).str("leads").array(static_cast<std::uint32_t>(n));
    for (std::size_t i = 0; i < n; ++i)
      codec::pack_value(p, leads[leads.size() - 1 - i], codec::audience::client);
    p.str("more").boolean(n < leads.size());
    return p.take();
  }

  store::position commit(customer_machine::payloads events) {
    store::record r;
    r.kind = store::entity_kind::customer;
    r.shard = entity_shard('p', person().value);
    r.at = now();
    r.key = person().value;
    for (auto& e : events) {
      apply(record_, e, r.at);
      encode(e, r.at, r.events);
    }
    r.entity_seq = record_.seq;
    needed_ = services_.journal.append(std::move(r));
    return needed_;
  }

  void on_status(const status_request& m) {
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

  customer_actor::pointer self_;
  const customer_services& services_;
  std::shared_ptr<actor_probe> probe_;
  customer_record record_;
  trail_summary trail_;
  held_messages held_;
  bool awake_ = false;
  bool draining_ = false;
  /// The state must have come so far before this person may be read from it.
  store::position needed_ = 0;
  timestamp last_touched_;
  std::uint64_t generation_ = 0;
};

}  // namespace

customer_actor spawn_customer(caf::actor_system& system, const customer_services& services,
                              person_id person) {
  return system.spawn<hosted_actor<customer_actor, customer_body>>(std::cref(services),
                                                                   std::move(person));
}

}  // namespace switchboard
