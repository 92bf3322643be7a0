#pragma once

#include <caf/typed_event_based_actor.hpp>

#include "actors/session/session_actor.hpp"
#include "actors/session/session_attendance.hpp"
#include "actors/session/session_attention.hpp"
#include "actors/session/session_dispatch.hpp"
#include "actors/session/session_participants.hpp"
#include "actors/session/session_readers.hpp"
#include "actors/session/session_requests.hpp"
#include "actors/session/session_rights.hpp"
#include "runtime/base/wall_time.hpp"
#include "runtime/hosting/unless_known.hpp"

/// The inside of the session actor, shared by its sources; nobody else includes it.
namespace switchboard {

/// Looks into the directory, and at the configuration only where that is asked for.
class live_roster final : public roster {
 public:
  live_roster(const directory_view& directory, const config_source& source)
      : directory_(directory), source_(source) {}
  bool has(const group_id& id) const override {
    return static_cast<bool>(directory_.find_group(id));
  }
  bool has(const agent_id& id) const override {
    return static_cast<bool>(directory_.find_agent(id));
  }
  group_id successor(const group_id& id) const override;
  const config::dispatch_config& config() const override;

 private:
  const directory_view& directory_;
  const config_source& source_;
  mutable std::shared_ptr<const config::dispatch_config> config_;
};

/// The key of a call, and what it is answered: empty where that is {seq, at} of the first event.
struct known_answer {
  request_key key;
  std::string packed;
  known_answer() = default;
  known_answer(request_key k) : key(k) {}
  known_answer(request_key k, std::string answer) : key(k), packed(std::move(answer)) {}
};
/// Under which requests events are recorded, and what of an offer among them is over.
struct recorded_as {
  known_answer known{};       // of the first event
  request_key message_key{};  // of the message among them, where that has one of its own
  bool missed = false;        // the offer that ends counts as a miss
};

class session_body {
 public:
  static inline const char* name = "session";
  using shown = session_shown;

  session_body(session_actor::pointer self, actor_probe& probe, session_shown& shows,
               const session_services& services, session_state state, agent_id continue_with,
               bool fresh);

  session_actor::behavior_type make_behavior();
  std::string key() const { return s_.id.text(); }

 private:
  void resume();
  void resume_service();

  // Coming and going (session_actor.cpp).
  template <class Message, class Handler> void take_up(Message& m, Handler handle);
  template <class Message> void left_behind(Message& m);
  void rest();

  // Handlers, in the order of the interface (session_actor.cpp).
  void on_open(open_session& m);
  void take_request(const consultation_request& r, const participant& customer, request_key key,
                    request_key message_key);
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
  void on_agent_lost(const agent_lost& m);
  void on_room_held(room_held& m);
  void refuse_history(history_request& r);
  void load_keys(history_request& r, const history_page& page);
  void events_from_history(history_request& r, const history_page& read);
  void on_history(history_page& m);
  void on_timer(const timer_fired& m);
  void on_status(const status_request& m);

  // What has happened becomes durable, applied, told (session_effects.cpp).
  store::position commit(session_machine::payloads events, recorded_as as = {});
  /// The same, with a word to a customer who is left with nobody by it.
  store::position commit_with_farewell(session_machine::payloads events);
  struct consequences;
  void started();
  void is_offered(const event::offered& x);
  void offer_is_over(const event::offer_ended& x, bool missed);
  void is_served(const event::assigned& x);
  void server_lost(const std::string& cause);
  void ended(const event::closed& x);
  store::position end_offer(std::string cause, known_answer known = {});
  void tell_trail(bool start);
  /// Does outside what a part of the session has decided.
  struct outside;
  void carry_out(session_effects& effects);
  void carry_out(session_decision decided);
  template <class Decide> void perform(const Decide& decide) {
    session_effects out;
    decide(out);
    carry_out(out);
  }
  queue_entry current_entry() const;
  queue_entry join_entry() const;
  queue_entry in_running_time(queue_entry c) const;
  std::optional<offered_transfer> offered_as() const;
  agent_actor agent_beside(const agent_id& who) const;
  void remember_beside(const agent_id& who, agent_actor agent);
  void forget_beside(const agent_id& who);
  void tell_fleeting(std::string_view type, std::string_view packed_fields,
                     std::uint64_t except_outbox);

  // Receiving the customer (session_reception.cpp).
  std::shared_ptr<const reception_rules> rules() const {
    return services_.reception ? services_.reception() : nullptr;
  }
  session_speech speech() const { return {s_, services_.config, services_.known_name}; }
  bool receive(const participant& from, session_machine::payloads& events, const reply_to& to);
  std::optional<error> wrong_disposition(const group_id& group, const std::string& given) const;
  void call_close(session_call& m, request_key key);
  void call_wrap_up(session_call& m, request_key key);
  void call_read(session_call& m, request_key key);
  void call_attachment(session_call& m);
  void call_canned(session_call& m);

  std::optional<timestamp> attention_deadline() const;
  void attend();
  void clear_alerts();

  // Calls from the edge (session_calls.cpp).
  /// What is answered by whose key no answer lies: what is said, and whatever older versions have
  /// recorded.
  enum class plain_answer { seq, seq_and_time, transfer };
  /// True where the call was answered before, or its key came with something else: answered here.
  bool replayed(const repeatable& r, std::string_view field, const reply_to& to,
                plain_answer plain);
  static plain_answer plain_answer_of(session_method m);
  repeatable repeatable_call(const session_call& m) const;
  bool admit(participant& by, const reply_to& to);
  void take_send(send_message& m);
  void take_call(session_call& m);
  bool keys_ready();
  /// Until it is known whether it was answered before.
  template <class Message> void hold(Message& m) {
    if (requests_.hold(m)) return;
    m.reply.fail(
        services_.journal.last(),
        error{errc::resource_exhausted, "the session is being read back; try again", {}, {}, 0});
  }
  /// Records what was decided, if anything, and answers; a repetition is answered the same.
  void settle(const reply_to& to, request_key key, session_machine::payloads events,
              std::string answer);
  void settle_seq(const reply_to& to, request_key key, session_machine::payloads events,
                  std::uint64_t seq);
  std::string packed_id() const;
  static std::string empty_answer() { return std::string(1, '\x80'); }
  void act(session_call& m, request_key key, result<session_machine::payloads> decided);
  void call_events(session_call& m);
  void call_subscribe(session_call& m);
  void call_unsubscribe(const session_call& m);
  void call_recall(session_call& m, request_key key);
  void call_transfer(session_call& m, request_key key);
  void call_whisper(session_call& m, request_key key);
  bool take_participant_call(session_call& m, request_key key);
  void call_move(session_call& m, request_key key);
  void call_why(session_call& m);
  void call_claim(const session_call& m, request_key key);
  void call_left_message(session_call& m, request_key key);
  void why_from_history(history_request& r, history_page& page);
  void answer_why(const session_call& m, session_explanation& account);
  void recall_found(session_call& m, request_key key, const recall_search& found);
  void release_gone() const;
  void on_recall_page(history_request& r, history_page& page);
  void call_status(const session_call& m);
  void call_ask_center(session_call& m);
  reader reader_of(const participant& by) const {
    return by.role == "customer" ? reader::customer : reader::agent;
  }
  void ask_history(history_request r, std::uint64_t after);
  void ask_archive();
  bool joins(const history_request& r, const history_page& page) const {
    return readers_.joins(page.last, r.after);
  }

  // Who may do what here, and who may hear it: by session_rights.
  bool allowed(const std::string& account, std::string_view method) const;
  /// Answers where not, and says who acts as a supervisor.
  bool permit(participant& by, account_role account, std::string_view method, const reply_to& to);
  bool permit_call(session_call& m);
  bool is_permitted(const session_call& m) const;
  bool may_take(const session_call& m) const;
  bool drop_strangers();
  void part_strangers();
  void review_readers();

  bool answer_to_join(offer_answer& m, request_key key);
  bool tell_of_join(const offer_query& m, const agent_actor& agent);

  live_roster known() const { return {services_.directory, services_.config}; }
  session_transfer::limits transfer_limits() const;
  session_participants::situation situation(const roster& known) const;
  session_dispatch::timing timing() const;
  auto permission() const {
    return [this](const session_call& m) { return is_permitted(m); };
  }

  // Deadlines (session_actor.cpp).
  void arm();
  timestamp identification_due() const;
  std::optional<timestamp> next_deadline() const;
  /// Of this session: what it waits for is in its own time, from its opening on.
  timestamp now() const { return own_.now(); }
  timestamp wall() const { return wall_time(services_.clock); }
  /// What has passed since something was recorded, in its own time or, of what came after the clock
  /// was set, by the wall.
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

  session_readers readers_;
  session_attention attention_;
  session_requests requests_;
  session_dispatch dispatch_;
  session_participants participants_;
  agent_actor agent_;  // who serves, or is offered
  /// Who has joined or is asked to: kept, for one whose account is gone is found nowhere any more.
  std::vector<std::pair<agent_id, agent_actor>> beside_;

  actor_timer timer_{*services_.directory.timers, self_};
  timestamp last_touched_;
  timestamp history_due_{};  // when what waits for the state is looked at again
  static constexpr millis history_retry{50};
};

}  // namespace switchboard
