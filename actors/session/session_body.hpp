#pragma once

#include <caf/typed_event_based_actor.hpp>

#include "actors/session/session_actor.hpp"
#include "actors/session/transcript_tail.hpp"

/// The inside of the session actor, shared by its sources; nobody else includes it.
namespace switchboard {

class session_body {
 public:
  static inline const char* name = "session";

  session_body(session_actor::pointer self, const session_services& services, session_state state,
               std::optional<session_id> continues, agent_id continue_with, bool fresh);

  session_actor::behavior_type make_behavior();

 private:
  /// One reader's connection: a subscription, or an agent's who serves.
  struct subscription {
    outbox_ptr out;
    reader as = reader::customer;
    std::uint64_t cursor = 0;
    bool catching_up = false;
  };
  struct history_request {
    std::uint64_t ticket = 0;
    enum { answer_events, feed_reader, load_keys } purpose = answer_events;
    session_call call;
    std::uint64_t outbox_id = 0;
    std::uint64_t after = 0;
    bool asked = false;  // else it waits until the state environment has caught up
  };

  void resume();

  // Handlers, in the order of the interface (session_actor.cpp).
  void on_open(open_session& m);
  void on_send(send_message& m);
  void on_call(session_call& m);
  void on_identified(identified_as& m);
  void on_routed(routed& m);
  void on_step_chosen(step_chosen& m);
  void on_transfer_routed(transfer_routed& m);
  void on_propose(propose_agent& m, const caf::strong_actor_ptr& agent);
  void on_queue_refused(const queue_refused& m);
  void on_position(const position_is& m);
  void on_offer_answer(offer_answer& m);
  void on_offer_query(const offer_query& m);
  void on_agent_readers(agent_readers& m);
  std::uint64_t served_from() const;
  void on_agent_lost(const agent_lost& m);
  void on_history(history_page& m);
  void on_wake(const wake& m);
  void on_drain();
  void on_status(const status_request& m);

  // What has happened becomes durable, applied, told (session_effects.cpp).
  store::position commit(session_machine::payloads events, request_key key = {});
  struct consequences;
  void effect(const session_event& e);
  void started(const event::opened& x);
  void waits(const event::queued& x);
  void is_offered(const event::offered& x);
  void offer_is_over(const event::offer_ended& x);
  void is_served(const event::assigned& x);
  void server_lost(const std::string& cause);
  void ended(const event::closed& x);
  void leave_groups(leave_cause cause, const std::vector<group_id>& except = {});
  void ask_router();
  void ask_next_step(int from);
  void tell_trail(bool start);
  claim make_claim() const;
  void push(std::uint64_t seq, store::position at, std::string_view encoded);
  void push_to(subscription& s, std::uint64_t seq, store::position at, const session_codec::stored_event& e);
  void push_fleeting(std::string_view type, std::string packed_fields, std::uint64_t except_outbox);
  session_machine::payloads with_farewell(session_machine::payloads events);
  void say(const char* moment, session_machine::payloads& out, const std::map<std::string, std::string>& extra = {});

  // Calls from the edge (session_calls.cpp).
  bool replayed(const request_key& key, const reply_to& to);
  bool admit(participant& by, const reply_to& to);
  void take_send(send_message& m);
  void take_call(session_call& m);
  bool keys_ready();
  template <class Message> void hold(std::vector<Message>& held, Message& m);
  void hold_open(open_session& m);
  void answer_seq(const reply_to& to, store::position after, std::uint64_t seq) const;
  void act(session_call& m, request_key key, result<session_machine::payloads> decided);
  void call_events(session_call& m);
  void call_subscribe(session_call& m);
  void call_unsubscribe(const session_call& m);
  void call_recall(session_call& m, request_key key);
  void call_transfer(session_call& m);
  void call_status(const session_call& m);
  void append_page(codec::packer& p, std::string_view events, reader as, std::uint64_t after, std::size_t& n, std::uint64_t& last);
  reader reader_of(const participant& by) const { return by.role == "customer" ? reader::customer : reader::agent; }
  void ask_history(history_request r, std::uint64_t after);
  void send_history(history_request& r);
  void send_held_history();
  /// Does the tail go on where this page of the archive ends? Else it was trimmed meanwhile, and is to be read again.
  bool joins(const history_request& r, const history_page& page) const { return tail_.covers(std::max(page.last, r.after)); }
  void feed_from_history(history_request& r, history_page& page);
  void go_live(subscription& s);

  // Deadlines (session_actor.cpp).
  void arm();
  std::optional<timestamp> next_deadline() const;
  timestamp now() const { return services_.clock.now(); }
  const directory_view& directory() const { return services_.directory; }
  bool quiet() const;
  void move_phase(session_phase from, bool fresh);

  session_actor::pointer self_;
  const session_services& services_;
  session_state s_;
  std::shared_ptr<actor_probe> probe_;
  std::optional<session_id> continues_;
  agent_id continue_with_;

  transcript_tail tail_;
  answered_requests answered_;
  bool keys_loaded_ = true;
  std::vector<open_session> held_opens_;
  std::vector<send_message> held_sends_;
  std::vector<session_call> held_calls_;
  std::vector<history_request> history_;
  std::uint64_t next_ticket_ = 1;

  std::vector<subscription> subscribers_;
  std::vector<subscription> agent_readers_;
  agent_actor agent_;  // who serves, or is offered
  std::vector<group_id> standing_in_;
  bool routing_ = false;
  bool told_position_ = false;
  boxed<session_call> transferring_;
  timestamp transfer_deadline_{};

  timestamp armed_for_{};
  std::uint64_t generation_ = 0;
  timestamp last_touched_;
  timestamp position_due_{};
  bool draining_ = false;
  bool told_idle_ = false;
  timestamp idle_retry_{};
  /// Offers this session has told an agent it knows nothing of; the newest few.
  std::vector<offer_id> disavowed_;
  static constexpr millis history_retry{50};
};

}  // namespace switchboard
