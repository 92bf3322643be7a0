#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>

#include "actors/access/method_effects.hpp"
#include "actors/access/rights.hpp"
#include "actors/customer/block_list.hpp"
#include "actors/directory/directory_view.hpp"
#include "actors/session/session_actor.hpp"
#include "adapters/attachment/attachment_service.hpp"
#include "adapters/channel/gateway/connection_index.hpp"
#include "adapters/channel/transport/peer.hpp"
#include "runtime/codec/params.hpp"
#include "runtime/store/admission.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

class customer_jobs;
class worker_activity;
struct work_caller;
namespace password {
class password_verifier;
}

/// The durable feed of a channel's events to its consumers (channel.subscribe, channel.ack).
/// Thread-safe.
class channel_feed {
 public:
  virtual ~channel_feed() = default;
  /// Starts feeding from `after` (a cursor), or from where the consumer last acknowledged; answers
  /// through `reply`.
  virtual void subscribe(const std::string& channel, const std::string& consumer,
                         const std::string& after, const reply_to& reply) = 0;
  virtual void acknowledge(const std::string& channel, const std::string& consumer,
                           const std::string& cursor, const reply_to& reply) = 0;
  virtual void unsubscribe(std::uint64_t outbox) = 0;
};

struct gateway_services {
  store::journal& journal;
  connection_index& connections;
  const clock_source& clock;
  directory_view& directory;
  probe_registry& probes;
  session_counters& counters;
  center_handles centers;
  credit_actor credit;
  channel_feed* feed = nullptr;
  std::function<std::shared_ptr<const config::dispatch_config>()> config;
  /// Packs what admin.status adds of the host: {key: value...} pairs, their number first.
  /// `longest_wait`: of who waits in a group now; nothing where nobody does.
  std::function<void(codec::packer&, std::optional<millis> longest_wait)> host_status;
  std::string node;
  std::function<std::shared_ptr<const reception_rules>()> reception;
  attachment::attachment_service* attachments = nullptr;  // null: no files are taken
  /// Whom not to let in, what is known of sessions, and what takes long with customers; each may be
  /// missing where it is not needed.
  const block_list* blocks = nullptr;
  const store::state* state = nullptr;
  customer_jobs* work = nullptr;
  /// Copies all data into a folder of this machine, and answers when that is done.
  std::function<void(const std::string& dir, const reply_to&)> backup;
  /// Checks passwords; null: nobody logs in by one.
  password::password_verifier* passwords = nullptr;
  /// Under which repeated requests are known.
  codec::digest_secret secret{};
  /// Whether the store has room for work; null: always.
  const store::work_gate* gate = nullptr;
  /// What the threads that run actors do; null: they are not ours (a simulation).
  worker_activity* activity = nullptr;
};

/// Who a connection is, once it has said hello; `nobody` while its password is checked.
struct caller {
  enum class kind { nobody, channel, agent, admin };
  kind role = kind::nobody;
  std::string id, name;
  /// By the configuration as it was when last looked at; it may change while the connection lives.
  account_role account = account_role::customer;
  std::shared_ptr<const config::dispatch_config> known_in;
  std::set<session_id> subscribed;
  bool feeds = false;

  participant who() const { return {role == kind::channel ? "customer" : "agent", id, name}; }
};

/// The wire contract's methods: reads a call's fields, checks rights and limits, and sends one
/// message to an actor. Called on the peers' strands; shares no state between connections but what
/// is thread-safe.
class gateway final : public channel::rpc_service {
 public:
  /// `trusted`: connections come over the local socket, whose file mode is the proof; an admin
  /// needs no token there.
  gateway(caf::actor_system& system, const gateway_services& services, bool trusted);

  void on_call(const channel::peer_ptr& from, std::uint32_t msgid, std::string_view method,
               const msgpack::object& params) override;
  void on_notify(const channel::peer_ptr& from, std::string_view method,
                 const msgpack::object& params) override;
  void on_close(const channel::peer_ptr& gone) override;

 private:
  struct call {
    const channel::peer_ptr& from;
    caller& by;
    codec::params& p;
    reply_to reply;
    /// Of every method that writes; empty where the caller gave none.
    std::string op_id{};
  };
  using handler = void (gateway::*)(call&);
  /// Which function serves a method, and what it does to the store. Who may call it is the rights
  /// table's to say (actors/access/rights.cpp): a method needs a row in both, and in the table of
  /// effects.
  struct served {
    handler by;
    rights::method_effect effect;
  };
  static const served* find_method(std::string_view name);
  bool still_known(caller& by) const;
  /// By the rights table, beside what on_call has asked already.
  static bool allowed(const call& c, std::string_view right, ties has = tie::nothing) {
    return rights::allows(right, c.by.account, has);
  }

  // hello.cpp
  /// What a hello says besides who it is; what its answer needs.
  struct greeting {
    std::uint32_t msgid = 0;
    std::int64_t protocol = 1;
  };
  struct password_question;
  void hello(const channel::peer_ptr& from, std::uint32_t msgid, const msgpack::object& params);
  void hello_by_password(const channel::peer_ptr& from, greeting g, const std::string& id,
                         std::string password, std::string device_token);
  void password_checked(const channel::peer_ptr& from, const password_question& what, int verdict,
                        millis wait);
  void let_in(const channel::peer_ptr& from, const std::shared_ptr<caller>& who,
              connection_owner as, greeting g);
  void pack_device_token(codec::packer& p, const connection_owner& of) const;
  void turn_away(const channel::peer_ptr& from, std::uint32_t msgid, const error& why);

  bool admits(const rights::method_effect& of, call& c) const;
  /// By what the call is known if it comes again: nothing where it has no op_id. `m` is as it will
  /// be sent, but for this.
  template <class Message>
  repeatable known_by(const call& c, key_kind kind, const Message& m) const {
    return c.op_id.empty()
               ? repeatable{}
               : repeatable_request(services_.secret, kind, m.by, c.op_id, codec::call_content(m));
  }
  void to_session(session_call&& m);

  // session_methods.cpp
  void open(call& c);
  void send(call& c);
  void recall(call& c);
  void read(call& c);
  void typing(call& c);
  void close(call& c);
  void rate(call& c);
  void events(call& c);
  void subscribe(call& c);
  void channel_subscribe(call& c);
  void channel_ack(call& c);
  void note(call& c);
  void tag(call& c);
  void wrap_up(call& c);
  session_call session_params(call& c, session_method method);
  void forward(call& c, session_call&& m);

  // company_methods.cpp
  void transfer(call& c);
  void transfer_cancel(call& c);
  void transfer_complete(call& c);
  void end_of_transfer(call& c, session_method method);
  void leave(call& c);
  void remove(call& c);
  void snooze(call& c);
  void wake(call& c);
  void monitor(call& c);
  void whisper(call& c);
  void barge(call& c);
  void takeover(call& c);
  void team_list(call& c);

  // attachment_methods.cpp
  void attachment_begin(call& c);
  void attachment_chunk(call& c);
  void attachment_finish(call& c);
  void attachment_read(call& c);
  void send_with_attachment(send_message&& m);
  bool may_open(const consultation_request& r, const reply_to& to) const;
  void canned_list(call& c);
  void canned_search(call& c);
  void find_canned(call& c, std::string words);

  // customer_methods.cpp
  void customer_get(call& c);
  void customer_update(call& c);
  void customer_history(call& c);
  void customer_changes(call& c);
  void customer_tag(call& c);
  void customer_block(call& c);
  void customer_unblock(call& c);
  void customer_merge(call& c);
  void customer_unmerge(call& c);
  void customer_mine(call& c);
  void customer_settle(call& c);
  void lead_create(call& c);
  void lead_update(call& c);
  void lead_list(call& c);
  static std::string role_of(const caller& by);
  participant who_of(const caller& by) const;
  static person_id read_person(call& c, std::string_view field = "customer_id");
  void with_person(call& c, std::function<void(const person_id&)> go_on);
  customer_call customer_params(call& c, customer_method method);
  void to_customer(call& c, customer_call&& m);
  void from_session(call& c, customer_call& m, const session_id& session);

  // customer_list_methods.cpp
  void customer_search(call& c);
  void customer_export(call& c);
  void customer_dossier(call& c);
  void customer_erase(call& c);
  void customer_cancel(call& c);
  void customer_fields(call& c);
  template <int Kind, int Method> void catalog(call& c);
  bool has_work(call& c);
  work_caller work_caller_of(call& c, std::string_view right) const;

  // agent_methods.cpp
  void agent_state(call& c);
  void agent_snapshot(call& c);
  void agent_accept(call& c);
  void agent_decline(call& c);
  void agent_times(call& c);
  void product_search(call& c);
  void product_recommend(call& c);
  void order_list(call& c);
  void order_get(call& c);
  void product_clicked(call& c);
  void product_credit(call& c);
  void ask_centers(call& c, center_call&& m, const center_actor& center);
  void to_agent(call& c, agent_call&& m);
  repeatable known_by_self(const call& c, agent_call m) const;

  // admin_methods.cpp
  void admin_status(call& c);
  void admin_sessions(call& c);
  void admin_session(call& c);
  void admin_agents(call& c);
  void admin_groups(call& c);
  void admin_centers(call& c);
  void admin_backup(call& c);

  // inspection_methods.cpp
  void admin_activity(call& c);
  void admin_actor(call& c);
  void admin_actors(call& c);

  // configuration_methods.cpp
  void rules_check(call& c);
  void rules_diff(call& c);
  void rules_apply(call& c);
  void rules_history(call& c);
  void rules_show(call& c);
  void rules_rollback(call& c);
  void rules_edit(call& c);
  void rules_conflicts(call& c);
  void rules_keep(call& c);
  void group_close(call& c);
  void group_open(call& c);

  // account_methods.cpp
  template <configuration_order What> void order(call& c);
  configuration_call order_params(call& c, configuration_order what);
  void account_set_password(call& c);
  void account_new_token(call& c);
  void account_list(call& c);
  void account_export(call& c);
  void account_import(call& c);
  reply_to configuration_answer(call& c, std::function<void()> done = {});
  reply_to answer_ending_connections(call& c, const std::string& account,
                                     const std::optional<bool>& ends);

  // floor_methods.cpp
  void why(call& c);
  void admin_why(call& c);
  void ask_why(call& c, const participant& by);
  void bump(call& c);
  session_call order_on_session(call& c, session_method method);
  void admin_session_events(call& c);
  void admin_session_close(call& c);
  void admin_session_move(call& c);
  void admin_session_assign(call& c);
  void admin_agent_state(call& c);
  void admin_agent_move(call& c);
  void order_agent(call& c, agent_call&& m);
  void claim(call& c);

  // left_message_methods.cpp
  void message_list(call& c);
  void message_claim(call& c);
  void message_release(call& c);
  void message_dismiss(call& c);
  void message_answer(call& c);
  session_call left_message_params(call& c, session_method method);
  void to_configuration(call& c, configuration_call&& m);

  caf::actor_system& system_;
  const gateway_services& services_;
  bool trusted_;
};

}  // namespace switchboard
