#pragma once

#include <caf/typed_event_based_actor.hpp>

#include "actors/session/group_places.hpp"
#include "actors/session/session_account.hpp"
#include "actors/reception/message_template.hpp"
#include "actors/reception/silence_plan.hpp"
#include "actors/session/session_actor.hpp"
#include "actors/session/session_attendance.hpp"
#include "actors/session/transcript_tail.hpp"
#include "runtime/base/wall_time.hpp"

/// The inside of the session actor, shared by its sources; nobody else includes it.
namespace switchboard {

class session_body {
 public:
  static inline const char* name = "session";
  using shown = session_shown;

  session_body(session_actor::pointer self, session_shown& shows, const session_services& services, session_state state,
               std::optional<session_id> continues, agent_id continue_with, bool fresh);

  session_actor::behavior_type make_behavior();

 private:
  /// A message sought to be taken back, and who has read it.
  struct recall_search {
    std::optional<session_event> message;
    std::vector<participant> readers;
    void look_at(const session_codec::stored_event& e, std::uint64_t message_seq);
  };
  /// One reader's connection: a subscription, or an agent's who serves.
  struct subscription {
    outbox_ptr out;
    reader as = reader::customer;
    std::uint64_t cursor = 0;
    bool catching_up = false;
    agent_id who;  // empty for a customer's
  };
  /// The way to those who are there besides the owner, and a call that waits for a router's or an agent's answer. Rare, so
  /// behind one pointer.
  struct company_lines {
    struct guest {
      agent_id who;
      agent_actor agent;
      std::uint64_t from = 0;  // sees what came after
      std::vector<subscription> readers;
    };
    struct waiting_call {
      session_call call;
      request_key key;
      timestamp until;
      offer_id offer;  // room is asked for under this; empty: the router is asked
      agent_actor agent;
      routing_plan plan;
      step_choice first;
    };
    std::vector<guest> guests;
    group_places standing;  // queues that look for somebody to join
    agent_actor asked;               // to join
    offer_id asked_under;
    std::optional<waiting_call> call;
    bool empty() const { return guests.empty() && standing.none() && !asked && !call; }
  };
  struct history_request {
    std::uint64_t ticket = 0;
    enum { answer_events, feed_reader, load_keys, answer_why } purpose = answer_events;
    session_call call;
    std::uint64_t outbox_id = 0;
    std::uint64_t after = 0;
    std::shared_ptr<session_account> account{};  // of answer_why
    bool asked = false;  // else it waits until the state environment has caught up
    std::shared_ptr<recall_search> found;  // of a recall
    request_key key{};                     // of the call
  };
  /// What of alerts and viewers is not durable: who was told what, and which agents look on.
  struct desk_side {
    agent_alert last;
    std::vector<agent_id> told;
    std::vector<std::pair<std::uint64_t, participant>> viewers;  // by outbox
    std::size_t shown_viewers = 0;
  };

  /// The key of a call, and what it is answered: empty where that is {seq, at} of the first event.
  struct known_answer {
    request_key key;
    std::string packed;
    known_answer() = default;
    known_answer(request_key k) : key(k) {}
    known_answer(request_key k, std::string answer) : key(k), packed(std::move(answer)) {}
  };

  void resume();

  // Coming and going (session_actor.cpp).
  template <class Message, class Handler> void take_up(Message& m, Handler handle);
  template <class Message> void left_behind(Message& m);
  void rest();

  // Handlers, in the order of the interface (session_actor.cpp).
  void on_open(open_session& m);
  void take_request(const consultation_request& r, const participant& customer, request_key key, request_key message_key);
  void on_send(send_message& m);
  void on_call(session_call& m);
  void on_identified(identified_as& m);
  void on_routed(routed& m);
  void on_step_chosen(step_chosen& m);
  void on_transfer_routed(transfer_routed& m);
  void on_propose(propose_agent& m, const caf::strong_actor_ptr& agent);
  void on_queue_refused(const queue_refused& m);
  void on_queue_gone(const queue_gone& m);
  void on_reroute(const reroute& m);
  void on_ask_dispatch(const ask_dispatch& m);
  void on_position(const position_is& m);
  void on_offer_answer(offer_answer& m);
  void take_offer_answer(offer_answer& m, request_key key);
  void on_offer_query(const offer_query& m);
  void on_agent_readers(agent_readers& m);
  std::uint64_t served_from() const;
  void on_agent_lost(const agent_lost& m);
  void on_room_held(room_held& m);
  void refuse_history(history_request& r);
  void on_history(history_page& m);
  void on_wake(const wake& m);
  void on_status(const status_request& m);

  // What has happened becomes durable, applied, told (session_effects.cpp).
  /// `known` is the first event's; `message_key` that of the message among them, where that has one of its own.
  store::position commit(session_machine::payloads events, known_answer known = {}, request_key message_key = {});
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
  void ask_router(bool anew = false);
  void find_place();
  void nowhere_to_wait(int step);
  group_id successor_of(const group_id& id) const;
  bool follow_merger();
  store::position end_offer(std::string cause, known_answer known = {});
  void ask_next_step(int from);
  void tell_trail(bool start);
  void reclaim(const group_id& but = {});
  claim make_claim() const;
  void push(std::uint64_t seq, store::position at, std::string_view encoded);
  void push_to(subscription& s, std::uint64_t seq, store::position at, const session_codec::stored_event& e);
  void push_fleeting(std::string_view type, std::string packed_fields, std::uint64_t except_outbox);

  // Receiving the customer (session_reception.cpp).
  std::shared_ptr<const reception_rules> rules() const { return services_.reception ? services_.reception() : nullptr; }
  group_id group_in_charge() const;
  session_machine::payloads with_farewell(session_machine::payloads events);
  session_machine::payloads with_greeting(session_machine::payloads events);
  bool say(const char* moment, session_machine::payloads& out, const template_values& extra = {});
  std::string text_at(const char* moment, const template_values& extra = {}) const;
  std::string customer_called() const;
  std::string agent_called(const std::string& id, const std::string& before) const;
  void welcome(const consultation_request& r, const std::string& language, session_machine::payloads& out);
  bool receive(const participant& from, session_machine::payloads& events, const reply_to& to);
  void screen_opening(session_machine::payloads& events);
  std::optional<error> wrong_disposition(const group_id& group, const std::string& given) const;
  void ask_rating(session_machine::payloads& out);
  void call_close(session_call& m, request_key key);
  void call_wrap_up(session_call& m, request_key key);
  void call_read(session_call& m, request_key key);
  void call_attachment(session_call& m);
  void call_canned(session_call& m);
  std::uint32_t unread_after(const participant& by, std::uint64_t message_seq) const;

  // Who is told that the customer waits, and who else looks on (session_alerts.cpp).
  alert_view alerts_view() const;
  silence_view quiet_view() const;
  std::optional<timestamp> reception_deadline() const;
  void keep_reception_deadlines();
  void say_after_silence(const silence_plan& plan);
  void tell_due(const due_alert& due, const reception_rules& rules);
  bool may_be_alerted(const agent_id& who, const reception_rules& rules) const;
  void tell_alert(std::string what, std::string level, timestamp since, std::uint32_t times, const std::vector<agent_id>& to);
  void clear_alerts();
  void note_message(const event::message& x);
  void note_read(const event::read& x);
  void tell_unread();
  void note_viewer(const participant& by, const outbox_ptr& out, bool comes);
  void show_viewers();
  desk_side& desk();

  // Calls from the edge (session_calls.cpp).
  /// What is answered by whose key no answer lies: what is said, and whatever older versions have recorded.
  enum class plain_answer { seq, seq_and_time, transfer };
  /// True where the call was answered before, or its key came with something else: answered here.
  bool replayed(const repeatable& r, std::string_view field, const reply_to& to, plain_answer plain);
  static plain_answer plain_answer_of(session_method m);
  repeatable repeatable_call(const session_call& m) const;
  bool admit(participant& by, const reply_to& to);
  void take_send(send_message& m);
  void take_call(session_call& m);
  bool keys_ready();
  template <class Message> void hold(std::vector<Message>& held, Message& m);
  void hold_open(open_session& m);
  /// Records what was decided, if anything, and answers; a repetition is answered the same.
  void settle(const reply_to& to, request_key key, session_machine::payloads events, std::string answer);
  std::string packed_id() const;
  static std::string empty_answer() { return std::string(1, '\x80'); }
  void settle_seq(const reply_to& to, request_key key, session_machine::payloads events, std::uint64_t seq);
  void act(session_call& m, request_key key, result<session_machine::payloads> decided);
  void call_events(session_call& m);
  void call_subscribe(session_call& m);
  void call_unsubscribe(const session_call& m);
  void call_recall(session_call& m, request_key key);
  void call_transfer(session_call& m, request_key key);
  bool joins_the_call(const session_call& m, request_key key);
  void call_takeover(session_call& m, request_key key);
  void call_whisper(session_call& m, request_key key);
  bool take_company_call(session_call& m, request_key key);
  void call_move(session_call& m);
  void call_why(session_call& m);
  void call_claim(const session_call& m, request_key key);
  void call_left_message(session_call& m, request_key key);
  void why_from_history(history_request& r, history_page& page);
  void answer_why(const session_call& m, session_account& account);
  void recall_found(session_call& m, request_key key, const recall_search& found);
  void release_gone() const;
  void on_recall_page(history_request& r, history_page& page);
  session_codec::stored_event without_recalled(const session_codec::stored_event& e, std::string& hollow) const;
  void call_status(const session_call& m);
  void call_ask_center(session_call& m);
  void append_page(codec::packer& p, std::string_view events, reader as, std::uint64_t after, std::size_t& n, std::uint64_t& last);
  reader reader_of(const participant& by) const { return by.role == "customer" ? reader::customer : reader::agent; }
  void ask_history(history_request r, std::uint64_t after);
  void send_history(history_request& r);
  void send_held_history();
  /// Does the tail go on where this page of the archive ends? Else it was trimmed meanwhile, and is to be read again.
  bool joins(const history_request& r, const history_page& page) const { return tail_.covers(std::max(page.last, r.after)); }
  void feed_from_history(history_request& r, history_page& page);
  void go_live(subscription& s);

  // Who may do what here, and who may hear it (session_rights.cpp).
  struct standing {
    account_role role = account_role::agent;
    ties has = tie::nothing;
  };
  /// What the table goes by for this method; ties that the method does not ask for may be missing.
  standing standing_of(const std::string& account, std::string_view method) const;
  ties team_ties(const config::dispatch_config& c, const std::string& account, account_role role) const;
  std::vector<group_id> groups_concerned() const;
  bool allowed(const std::string& account, std::string_view method) const;
  /// By the rights table; answers where not, and says who acts as a supervisor.
  bool permit(participant& by, account_role account, std::string_view method, const reply_to& to);
  bool permit_call(session_call& m);
  bool still_permitted(const session_call& m) const;
  bool may_take(const session_call& m) const;
  bool may_watch(const party& p) const;
  bool drop_strangers();
  void part_strangers();
  void review_readers();

  // Those who join and what is under way with them (session_joining.cpp).
  company_lines& lines();
  void tidy_lines();
  company_lines::guest* find_guest(const agent_id& who);
  session_transfer::limits transfer_limits() const;
  session_transfer::wish wish_of(const session_call& m) const;
  void ask_for_room(company_lines::waiting_call w);
  void begin_transfer(session_call& call, request_key key, routing_plan plan, step_choice first);
  void give_up(company_lines::waiting_call& w, const error& why);
  bool propose_to_join(propose_agent& m, const caf::strong_actor_ptr& agent, const group_actor& group);
  bool answer_to_join(offer_answer& m, request_key key);
  bool tell_of_join(const offer_query& m, const agent_actor& agent);
  claim make_join_claim(const open_transfer& t) const;
  std::optional<offered_transfer> offered_as() const;
  void search_began(const event::transfer_started& x);
  void search_lost(const group_id& gone, bool removed);
  void search_ended();
  void asked_to_join(const event::join_offered& x);
  void not_joined(const event::join_offer_ended& x);
  void has_joined(const event::joined& x, std::uint64_t seq);
  void has_left(const event::parted& x);
  void has_new_owner(const event::assigned& x);
  void company_is_over();
  void resume_company();
  void company_wake(timestamp t);
  std::optional<timestamp> company_deadline() const;
  bool guest_readers(agent_readers& m);

  // Deadlines (session_actor.cpp).
  void arm();
  std::optional<timestamp> next_deadline() const;
  /// Of this session: what it waits for is in its own time, from its opening on.
  timestamp now() const { return own_.now(); }
  timestamp wall() const { return wall_time(services_.clock); }
  /// What has passed since something was recorded, in its own time or, of what came after the clock was set, by the wall.
  millis passed_since(timestamp stamp) const;
  const directory_view& directory() const { return services_.directory; }
  bool quiet() const;
  void move_phase(session_phase from, bool fresh);

  session_actor::pointer self_;
  session_stay& stay_;
  const session_services& services_;
  session_state s_;
  own_time own_;
  timestamp latest_stamp_;  // of what is recorded
  actor_probe& probe_;
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
  group_places standing_in_;
  bool missed_ = false;  // the offer that is just ending counts as a miss
  bool routing_ = false;
  bool route_anew_ = false;  // by the rules that hold now, as soon as it waits
  bool keeps_place_ = false;  // the queue it enters now took over the one it stood in: it keeps its place
  bool told_position_ = false;
  std::unique_ptr<company_lines> lines_;  // null while nobody else is there or asked

  actor_timer timer_{*services_.directory.timers, self_};
  timestamp last_touched_;
  timestamp position_due_{};
  std::unique_ptr<desk_side> desk_;
  /// Offers this session has told an agent it knows nothing of; the newest few.
  std::vector<offer_id> disavowed_;
  timestamp history_due_{};  // when what waits for the state is looked at again
  static constexpr millis history_retry{50};
};

}  // namespace switchboard
