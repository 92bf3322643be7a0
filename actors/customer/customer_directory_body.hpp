#pragma once

#include <deque>
#include <list>
#include <unordered_map>
#include <unordered_set>

#include <caf/typed_event_based_actor.hpp>

#include "actors/customer/customer_directory_actor.hpp"
#include "actors/customer/customer_merging.hpp"
#include "actors/customer/person_finder_actor.hpp"
#include "actors/customer/trail_summary.hpp"
#include "runtime/base/wall_time.hpp"

/// The inside of the directory of persons, shared by its sources; nobody else includes it.
namespace switchboard {

class customer_directory_body;

/// A person in use: its record and trail, read from the state, and what it does about what it is
/// asked. A plain object of its directory, which hands it one message at a time and is the only one
/// who knows it. Where a read meets damage, it throws store::damaged_data.
class awake_customer {
 public:
  awake_customer(customer_directory_body& home, const person_id& person);

  void handle(trail_query& m, const caf::strong_actor_ptr& asker);
  void handle(trail_note& m);
  void handle(customer_call& m);
  void handle(customer_told& m);

  const person_id& person() const { return record_.person; }
  /// The state must have come so far before this person may be read from it.
  store::position needs() const { return needed_; }

 private:
  /// What is recorded of a person is stamped with it, and blocks end by it.
  timestamp wall() const;
  std::shared_ptr<const config::dispatch_config> config() const {
    return services_.config ? services_.config() : nullptr;
  }

  // Records (awake_customer.cpp).
  void load_trail(const store::state_view& view);
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
  std::string packed_customer() const;
  std::string packed_leads(std::uint64_t limit) const;
  void erase(customer_call& m);

  // The service trail, with orders (customer_trail.cpp).
  void call_history(customer_call& m);

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

  customer_directory_body& home_;
  const customer_services& services_;
  customer_record record_;
  trail_summary trail_;
  store::position needed_ = 0;
};

/// Keeps the persons in use, and what they wait for: a person itself waits for nothing, so it may
/// be forgotten between any two messages once the state has it all.
class customer_directory_body {
 public:
  static inline const char* name = "customer_directory";

  customer_directory_body(customer_directory_actor::pointer self,
                          const customer_services& services);
  customer_directory_body(const customer_directory_body&) = delete;
  customer_directory_body& operator=(const customer_directory_body&) = delete;
  ~customer_directory_body();
  customer_directory_actor::behavior_type make_behavior();

 private:
  friend class awake_customer;

  /// A trail that waits for the trade center's orders.
  struct trail_call {
    std::uint32_t ticket = 0;
    timestamp deadline;
    std::size_t answers_due = 0;
    read_trail asked;
  };
  /// A session that is over: the miner looks at what was said once it is projected.
  struct closed_session {
    session_id session;
    person_id person;
    store::position upto = 0;
  };
  struct entry {
    entry(customer_directory_body& home, const person_id& person) : who(home, person) {}
    awake_customer who;
    timestamp touched;
    std::list<entry*>::iterator place;
  };

  timestamp now() const { return services_.clock.now(); }
  void note_failure();

  // Whom a message is for, and who is in use (customer_directory_actor.cpp).
  void on_call(customer_call& m);
  std::optional<error> why_nobody(customer_call& m) const;
  template <class Message, class... More> void take(Message& m, const More&... more);
  awake_customer& awake(const person_id& person);
  bool is_too_many(const customer_call& m) const;
  bool is_too_many(const auto&) const { return false; }
  void refuse(const auto& m, const error& why);
  void make_room();
  void let_sleep(int at_most);
  bool may_sleep(const entry& e) const;
  void put_longest_untouched_to_sleep();
  void count(std::int64_t by);
  void arm();
  void on_timer(const timer_fired& m);
  void on_status(const status_request& m);

  // What persons wait for (customer_trail.cpp, customer_merging_talk.cpp). Who calls these sees to
  // the timer.
  void ask_orders(read_trail asked, const std::vector<std::string>& members);
  void on_answered(const call_answered& m);
  void late_orders();
  void mine_later(const session_id& session, const person_id& person);
  void mine_projected();
  void mine_nothing_of(const person_id& person);

  customer_directory_actor::pointer self_;
  const customer_services& services_;
  std::shared_ptr<actor_probe> probe_;
  std::unordered_map<person_id, entry> persons_;
  std::list<entry*> by_touch_;  // longest untouched first
  person_finder_actor finder_;  // from when it is needed first

  std::deque<trail_call> trails_;  // by ticket and by deadline
  std::uint32_t last_ticket_ = 0;
  std::deque<closed_session> to_mine_;
  std::unordered_set<session_id> known_to_mine_;

  actor_timer timer_{*services_.directory.timers, self_};
  std::optional<timestamp> armed_for_;
};

}  // namespace switchboard
