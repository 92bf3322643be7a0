#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tools/simulation/delivery_check.hpp"
#include "tools/simulation/simulated_node.hpp"
#include "tools/simulation/wire_map.hpp"

namespace switchboard::simulation {

/// What all players write into, for the checkers.
struct people_record {
  explicit people_record(verdict& found) : deliveries(found), acknowledged(found) {}
  delivery_check deliveries;
  acknowledgement_check acknowledged;
  std::uint64_t refused = 0;  // calls that were answered by an error
};

/// How lively players are, in percent of what they could do at each turn.
struct workload_profile {
  int rage_quit = 8;         // customers who close
  int repeat = 25;           // calls sent again though they were answered
  int repeat_otherwise = 6;  // with other content under their key, or on another way
  int line_loss = 4;
  int presence = 10;  // agents who change their state
  int hand_on = 10;   // agents who transfer
  int finish = 25;    // agents who close
  int participants =
      18;             // agents who ask somebody to join, put a session off, or take a message back
  int settle = 40;    // of transfers under way: completed or cancelled; of guests: who leave
  int claim = 8;      // agents who pick a waiter themselves
  int watch = 8;      // agents who look into somebody else's session
  int lead = 60;      // leaders who do something
  millis turn{1500};  // between two turns, at most twice this
};

/// A customer on a channel, with a connection of their own: opens sessions, writes, closes, rates,
/// loses the line, and repeats what was not answered under the same key.
class simulated_customer {
 public:
  /// `known`: what the channel knows of them beside name and id. Who shows a telephone, mail
  /// address or union id is no member.
  simulated_customer(simulated_node& node, people_record& book, const workload_profile& t,
                     std::string channel, std::string name, channel_customer known = {});

  timestamp next_turn() const { return next_turn_; }
  void take_turn();
  /// The server has gone and come back.
  void server_restarted();
  /// For tests that direct a customer by hand.
  void open(const std::string& intent = {});
  void close();
  /// The newest session.open once more, on a new line where the server has restarted.
  void repeat_last_open();
  const std::optional<session_id>& session() const { return session_; }
  const std::string& state() const { return state_; }
  void leak_line() { out_->leak(); }
  void write();
  void subscribe();

 private:
  struct pending {
    enum class kind { open, send, close, rate, subscribe } what = kind::open;
    session_id session;
    std::string key;
    open_session opening;  // without its reply
    std::string text;
    bool altered = false;  // must be refused: its key stands for something else
    bool again = false;    // was answered: it is however full the store may be
    timestamp first{};     // said, in true time
  };
  void connect();
  bool repeat_otherwise();
  void forget_old_calls();
  void receive(const line::arrival& a);
  void answered(const pending& p, const line::arrival& a);
  void shown(const line::arrival& a);
  void issue(pending p);
  void call(session_method method, pending p, std::uint64_t number = 0);
  consultation_request request(const std::string& key, const std::string& intent);

  simulated_node& node_;
  people_record& book_;
  const workload_profile& profile_;
  std::string channel_, name_;
  channel_customer known_;
  std::shared_ptr<line> out_;
  std::uint64_t life_ = 0;  // of the connection: what an old one still says counts no more
  std::uint32_t next_msgid_ = 1;
  int next_key_ = 1;
  std::map<std::uint32_t, pending> pending_;
  std::vector<pending> done_;  // some answered calls, to be repeated
  std::optional<session_id> session_;
  std::optional<open_session> last_open_;
  std::string state_;
  bool over_ = false, subscribed_ = false;
  std::map<session_id, delivery_check::cursor> cursors_;
  timestamp next_turn_;
};

/// An agent with one or two connections: comes and goes, answers offers in time, late or never,
/// writes, hands on, closes.
class simulated_agent {
 public:
  simulated_agent(simulated_node& node, people_record& book, const workload_profile& t,
                  const config::agent_config& who);

  timestamp next_turn() const { return next_turn_; }
  void take_turn();
  void server_restarted();
  void log_in();
  void lose_line();
  void set_state(const std::string& state);
  void close(const session_id& s);
  void transfer(const session_id& s, const std::string& to_group, const std::string& to_agent,
                const std::string& mode = "cold");
  void snooze(const session_id& s, millis length);
  void answer(const offer_id& offer, bool accept);
  const std::vector<offer_id>& offers() const { return offers_; }
  const std::vector<session_id>& serving() const { return serving_; }
  /// An agent who fills in what is past, and is told the rest like any reader.
  void subscribe(const session_id& s);
  /// The client's picture, from a snapshot and what was pushed since, against the server's. Nothing
  /// may be on its way.
  void compare(const agent_standing& server, verdict& found) const;
  const agent_id& id() const { return who_.id; }
  bool ignores_offers = false;
  std::map<std::string, int> answers;  // "ok" or an error's code, by method

 private:
  void connect();
  void receive(std::uint64_t life, const line::arrival& a);
  void take_snapshot(std::string_view packed);
  void shown(std::uint64_t life, const line::arrival& a);
  void take_event(std::uint64_t life, const wire_map& m);
  void ended(const session_id& id, std::uint64_t seq);
  void work_on(const session_id& s);
  void among_participants(const session_id& s);
  void settle_transfer();
  void claim_one();
  void watch_one();
  void ask(session_call m, const std::string& pending);
  session_call call_on(const session_id& s, session_method method);
  reply_to answer_to(const std::string& method);
  participant self() const { return {"agent", who_.id.value, who_.name}; }

  simulated_node& node_;
  people_record& book_;
  const workload_profile& profile_;
  const config::agent_config& who_;
  std::shared_ptr<line> out_;
  std::uint64_t life_ = 0;
  std::uint32_t next_msgid_ = 1;
  std::map<std::uint32_t, std::string> pending_;
  std::vector<offer_id> offers_;
  std::vector<session_id> serving_, joined_;
  std::vector<std::pair<session_id, std::string>> transfers_;  // begun, and perhaps over by now
  std::vector<std::pair<session_id, std::uint64_t>> said_;     // acknowledged messages
  /// Seen to end on this line: a snapshot that was under way meanwhile does not know it yet.
  std::set<session_id> ended_;
  std::map<session_id, std::uint64_t> assigned_at_;  // the event's seq
  std::string state_;
  bool has_snapshot_ = false;
  std::map<session_id, delivery_check::cursor> cursors_;
  int messages_ = 0;
  timestamp next_turn_;
};

/// A shift leader at the console: bumps who waits, moves what is served, forces agents' states,
/// sends guests out.
class simulated_leader {
 public:
  simulated_leader(simulated_node& node, people_record& book, const workload_profile& t);

  timestamp next_turn() const { return next_turn_; }
  void take_turn();

 private:
  void meddle_with(const session_id& s);
  void meddle_with(const config::agent_config& a);
  void switch_group(const std::string& group);
  reply_to answer();
  std::string some_group();
  std::string some_agent();

  simulated_node& node_;
  people_record& book_;
  const workload_profile& profile_;
  const participant self_{"admin", "xu", ""};
  timestamp next_turn_;
};

}  // namespace switchboard::simulation
