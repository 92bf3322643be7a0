#include "actors/identification/identification_actor.hpp"

#include <map>
#include <optional>
#include <unordered_map>

#include <caf/send.hpp>

#include "runtime/codec/pack.hpp"
#include "runtime/hosting/hosted_actor.hpp"

namespace switchboard {
namespace {

class identification_body {
 public:
  static inline const char* name = "identification";

  identification_body(identification_actor::pointer self, actor_probe& probe,
                      const identification_services& services, std::string key)
      : self_(self),
        services_(services),
        probe_(services.probes.enrol(probe, actor_kind::identification, key)),
        shard_(entity_shard('i', key)) {}

  identification_actor::behavior_type make_behavior() {
    return {
        [this](identify& m) { on_identify(m); },
        [this](member_answer& m) { on_member(m); },
        [this](tag_answer& m) { on_tags(m); },
        [this](open_orders_answer& m) { on_orders(m); },
        [this](trail_answer& m) { on_trail(m); },
        [this](const timer_fired& m) { on_timer(m); },
        [this](const status_request& m) { on_status(m); },
    };
  }

 private:
  enum unit : unsigned { member = 1, tags = 2, trail = 4, orders = 8 };
  struct inquiry {
    session_actor session;
    identify asked;
    findings found;
    unsigned open = member;  // units not heard from
    int open_orders = 0;
    bool told = false;  // the deadline passed: the session has what there was
    std::string told_findings;
  };
  timestamp now() const { return services_.clock.now(); }

  void on_identify(identify& m) {
    auto ticket = ++last_ticket_;
    auto& q = open_[ticket];
    q.session = caf::actor_cast<session_actor>(self_->current_sender());
    auto& r = m.request;
    q.found.source = r.entry.empty() ? r.channel : r.channel + ":" + r.entry;
    if (services_.attribute) services_.attribute(r, q.found);
    self_->send(services_.centers.member,
                member_query{ticket, r.customer.member_id, r.customer.union_id, r.customer.phone,
                             r.customer.email});
    q.asked = std::move(m);
    deadlines_.emplace(now() + services_.config()->session.identification_deadline, ticket);
    arm();
  }

  void on_member(member_answer& m) {
    auto it = open_.find(m.ticket);
    if (it == open_.end()) return;
    auto& q = it->second;
    auto& r = q.asked.request;
    if (!m.trouble.empty()) q.found.degraded.push_back("identity: " + m.trouble);
    q.found.member = std::move(m.member);
    auto id = q.found.member ? q.found.member->id : std::string{};
    auto who = services_.find_person ? services_.find_person(r, id) : stranger_or_member(r, id);
    q.found.person = std::move(who.person);
    q.found.conflicts = std::move(who.conflicts);
    q.open = tags | trail | (id.empty() ? 0u : orders);
    self_->send(services_.centers.tag, tag_query{m.ticket, id, r.channel, r.customer.id});
    if (!id.empty()) self_->send(services_.centers.trade, open_orders_query{m.ticket, id});
    self_->send(services_.directory.customers_of(q.found.person), ask_trail(m.ticket, q));
  }

  /// The person hears what the request shows with the question, so that it has recorded it before
  /// the session records the person. Long past the deadline the session may have left, and the
  /// person be erased: then nothing of it may come back.
  trail_query ask_trail(std::uint64_t ticket, const inquiry& q) const {
    trail_query t;
    t.ticket = ticket;
    t.person = q.found.person;
    t.session = q.asked.session;
    if (t.person.empty() || (q.told && !services_.directory.sessions.find(t.session))) return t;
    auto& r = q.asked.request;
    t.channel = r.channel;
    t.seen_as = r.customer;
    if (auto& member = q.found.member) {
      t.member_id = member->id;
      t.member_name = member->name;
      t.member_attributes = member->attributes;
    }
    return t;
  }

  static known_person stranger_or_member(const consultation_request& r, const std::string& member) {
    return {person_id{member.empty() ? "c:" + r.channel + ":" + r.customer.id : "m:" + member}, {}};
  }

  void on_tags(tag_answer& m) {
    auto it = open_.find(m.ticket);
    if (it == open_.end()) return;
    if (!m.trouble.empty()) it->second.found.degraded.push_back("tags: " + m.trouble);
    it->second.found.tags = std::move(m.tags);
    heard(it->first, it->second, tags);
  }

  void on_orders(open_orders_answer& m) {
    auto it = open_.find(m.ticket);
    if (it == open_.end()) return;
    if (!m.trouble.empty()) it->second.found.degraded.push_back("orders: " + m.trouble);
    it->second.open_orders = m.count;
    heard(it->first, it->second, orders);
  }

  void on_trail(trail_answer& m) {
    auto it = open_.find(m.ticket);
    if (it == open_.end()) return;
    it->second.found.trail = std::move(m.trail);
    heard(it->first, it->second, trail);
  }

  void heard(std::uint64_t ticket, inquiry& q, unit u) {
    q.open &= ~u;
    if (q.open != 0) return;
    if (q.found.trail) q.found.trail->open_orders = q.open_orders;
    tell(q);
    open_.erase(ticket);
  }

  /// The last of the inquiry: it is over after that.
  void tell(inquiry& q) {
    if (!q.told) {
      if (!q.found.degraded.empty()) services_.degraded += 1;
      return hand_on(q, std::move(q.found), std::move(q.asked.request));
    }
    // What is said late and says nothing more would only send the session through its steps again.
    if (known_of(q.found) == q.told_findings) return;
    self_->send(q.session, identified_as{q.asked.session, std::move(q.found), true});
  }

  /// Forward, not back: a router plans for what was found, and the session hears of both at once.
  void hand_on(const inquiry& q, findings found, consultation_request request) {
    auto router = services_.directory.router_of(q.asked.session.shard);
    caf::send_as(q.session, router,
                 route_request{q.asked.session, std::move(request), std::move(found),
                               q.asked.weight, 0, true});
  }

  /// The findings without the reasons for what is missing; of a trail that was not heard of,
  /// nothing is known.
  static std::string known_of(findings f) {
    f.degraded.clear();
    if (f.trail && f.trail->last_agent.empty() && !f.trail->last_closed &&
        f.trail->sessions_30d == 0 && f.trail->open_orders == 0) {
      f.trail.reset();
    }
    return codec::pack(f);
  }

  /// The time is up: what is missing is named, and the session goes on.
  void time_is_up(std::uint64_t ticket) {
    auto it = open_.find(ticket);
    if (it == open_.end()) return;
    auto& q = it->second;
    if (q.told) {
      open_.erase(it);  // long past: a lost answer
      return;
    }
    auto partial = q.found;
    auto limit = std::to_string(services_.config()->session.identification_deadline.count());
    auto missing = [&](unit u, const char* what) {
      if (q.open & u)
        partial.degraded.push_back(std::string(what) + ": no answer within " + limit + " ms");
    };
    missing(member, "identity");
    missing(tags, "tags");
    missing(trail, "trail");
    missing(orders, "orders");
    auto& r = q.asked.request;
    if (partial.person.empty()) {
      partial.person = services_.find_person ? services_.find_person(r, {}).person
                                             : stranger_or_member(r, {}).person;
    }
    services_.degraded += 1;
    q.told_findings = known_of(partial);
    hand_on(q, std::move(partial), r);
    q.told = true;
    // Late answers are of use while the session waits; after that nobody needs them.
    deadlines_.emplace(now() + millis{60'000}, ticket);
  }

  void arm() {
    // Who has been answered needs no call.
    while (!deadlines_.empty() && !open_.contains(deadlines_.begin()->second))
      deadlines_.erase(deadlines_.begin());
    if (deadlines_.empty()) return timer_.cancel();
    timer_.arm(deadlines_.begin()->first);
  }

  void on_timer(const timer_fired& m) {
    if (!timer_.rang(m.generation)) return;
    auto t = now();
    while (!deadlines_.empty() && deadlines_.begin()->first <= t) {
      auto ticket = deadlines_.begin()->second;
      deadlines_.erase(deadlines_.begin());
      time_is_up(ticket);
    }
    arm();
  }

  void on_status(const status_request& m) {
    codec::packer p;
    p.map(1).str("open").uinteger(open_.size());
    m.reply.ok(0, p.take());
  }

  identification_actor::pointer self_;
  const identification_services& services_;
  probe_registry::enrolment probe_;
  shard_id shard_;
  std::unordered_map<std::uint64_t, inquiry> open_;
  /// Of two kinds, 300 ms and a minute long, so kept in order.
  std::multimap<timestamp, std::uint64_t> deadlines_;
  std::uint64_t last_ticket_ = 0;
  actor_timer timer_{*services_.directory.timers, self_};
};

}  // namespace

identification_actor spawn_identification(caf::actor_system& system,
                                          const identification_services& services,
                                          std::string name) {
  return system.spawn<hosted_actor<identification_actor, identification_body>>(std::cref(services),
                                                                               std::move(name));
}

}  // namespace switchboard
