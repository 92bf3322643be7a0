#pragma once

#include <deque>

#include <caf/typed_event_based_actor.hpp>

#include "actors/customer/customer_actor.hpp"
#include "actors/customer/customer_merging.hpp"
#include "actors/customer/held_messages.hpp"
#include "actors/customer/trail_summary.hpp"
#include "runtime/base/wall_time.hpp"

/// The inside of the customer actor, shared by its sources; nobody else includes it.
namespace switchboard {

/// The trail of everybody who is shown as one with this person.
trail_summary customer_trail(const store::state_view& view, const customer_record& record);

class customer_body {
 public:
  static inline const char* name = "customer";

  customer_body(customer_actor::pointer self, actor_probe& probe, const customer_services& services,
                person_id person);
  customer_actor::behavior_type make_behavior();

 private:
  timestamp now() const { return services_.clock.now(); }
  /// What is recorded of a person is stamped with it, and blocks end by it.
  timestamp wall() const { return wall_time(services_.clock); }
  const person_id& person() const { return record_.person; }
  customer_directory_actor directory() const { return services_.directory.customers_of(person()); }
  std::shared_ptr<const config::dispatch_config> config() const {
    return services_.config ? services_.config() : nullptr;
  }

  // Coming and going (customer_actor.cpp).
  void read_back();
  void load_trail(const store::state_view& view) { trail_ = customer_trail(view, record_); }
  template <class Message> void take(Message m);
  void arm(timestamp when);
  void on_timer(const timer_fired& m);
  void on_drain();
  void end_if_projected();
  void on_status(const status_request& m);
  void refuse(customer_call& m, const std::string& why);
  template <class Message> void refuse(Message&, const std::string&) {}
  /// Handles what may read the state; what is damaged there is said to who called.
  template <class Message> void handle_readable(Message& m);
  void handle(held_trail_query& m);
  void handle(trail_note& m);
  void handle(customer_call& m);
  void handle(customer_told& m);
  void take_note(const trail_note& m);
  store::position commit(customer_machine::payloads events);
  void report(const identity_claims::keys& before, const person_id& shown_before);

  // Calls from the edge (customer_calls.cpp).
  repeatable known_by_of(const customer_call& m) const;
  bool replayed(const repeatable& known_by, const reply_to& to) const;
  void settle(const reply_to& to, request_key key, customer_machine::payloads events,
              std::string answer);
  void act(customer_call& m, request_key key);
  template <class Decide> void change(customer_call& m, request_key key, Decide decide);
  customer_machine::lead_origin origin_of(const customer_call& m) const;
  result<customer_machine::decision> checked(result<customer_machine::decision> d) const;
  std::string fresh_lead_id();
  void read(const customer_call& m) const;
  std::string packed_customer(const customer_record& of, const trail_summary& trail) const;
  void erase(customer_call& m);

  // The service trail, with orders (customer_trail.cpp).
  struct trail_call {
    std::uint64_t ticket = 0;
    timestamp deadline;
    std::size_t answers_due = 0;
    read_trail asked;
  };
  void call_history(customer_call& m);
  void on_answered(const call_answered& m);
  void finish_trail(trail_call& t);
  void late_orders();

  // Persons among each other, and mining (customer_merging_talk.cpp).
  void call_merge(customer_call& m, request_key key);
  void call_unmerge(customer_call& m, request_key key);
  void tell(customer_told m);
  void absorb(customer_told& m);
  void absorbed(customer_told& m);
  void give_back(customer_told& m);
  void come_back(customer_told& m);
  void finish_what_was_cut(const store::state_view& view);
  void mined(customer_told& m);
  bool blocks_others_first(customer_call& m);
  void pass_block_on(customer_call& m);
  void note_close(const trail_note& m);
  void mine_projected();

  customer_actor::pointer self_;
  const customer_services& services_;
  probe_registry::enrolment probe_;
  customer_record record_;
  trail_summary trail_;
  held_messages held_;
  bool awake_ = false;
  /// Why the person cannot be read from the state; empty while it can. Tried again at each call.
  std::string unreadable_;
  bool draining_ = false;
  /// The state must have come so far before this person may be read from it.
  store::position needed_ = 0;
  timestamp last_touched_;
  actor_timer timer_{*services_.directory.timers, self_};

  std::deque<trail_call> trails_;
  std::uint64_t last_ticket_ = 0;
  struct closed_session {
    session_id session;
    store::position upto = 0;
  };
  std::deque<closed_session> to_mine_;
};

}  // namespace switchboard
