#pragma once

#include <array>
#include <map>
#include <memory>
#include <set>

#include "actors/agent/agent_state.hpp"
#include "actors/configuration/config_version.hpp"
#include "actors/session/session_codec.hpp"
#include "actors/session/session_state.hpp"
#include "config/account_index.hpp"
#include "config/dispatch_config.hpp"
#include "runtime/store/journal.hpp"
#include "tools/simulation/verdict.hpp"

namespace switchboard::simulation {

/// The truth of a run: what the journal says, record by record, applied apart from the actors.
/// Checks at every record that no agent has more than its limit (I1), that a session is offered and
/// served one at a time (I2), that sequence numbers have no hole and times do not run back (I5),
/// and that every step of a session's life is one that exists (I7).
class journal_checker {
 public:
  struct entry {
    std::uint64_t seq = 0;
    std::uint8_t kind = 0;
    request_key key;
    std::string open_part;
  };
  /// What identification said last of a session, and of which request.
  struct identity {
    channel_customer shown;
    findings found;
    /// Read back after a crash: what was recorded behind it may be lost.
    bool before_crash = false;
  };
  struct session_page {
    session_state state;
    std::vector<entry> transcript;    // by seq − 1
    std::vector<agent_id> served_by;  // in the order of assignments
    /// When it was opened and came into its phase, whatever its stamps say: the clock may have been
    /// set.
    timestamp opened, since;
    timestamp last_stamp;
    std::optional<identity> who;
  };

  journal_checker(const config::dispatch_config& config, verdict& found)
      : found_(found),
        first_config_(std::make_shared<const config::dispatch_config>(config)),
        config_(first_config_) {
    for (auto& a : config.agents) limits_[a.id] = a.capacity;
  }

  void take(const store::placed_record& r, timestamp when);
  /// As of the record's own stamp.
  void take(const store::placed_record& r) { take(r, r.body.at); }
  /// A process takes up what there is: how long that has waited it can only tell by its stamps.
  void process_begins(timestamp now, timestamp wall);
  /// What is durable, from the beginning: after a crash. Offers that were open are over then and
  /// hold no room, though their sessions have yet to say so.
  void reread(const store::journal& journal);

  const std::map<session_id, session_page>& sessions() const { return sessions_; }
  const session_page* find(const session_id& id) const;
  const std::map<agent_id, agent_record>& agents() const { return agents_; }
  /// Units of capacity the records say are in use.
  int used(const agent_id& agent) const;
  /// The newest version.
  const config::dispatch_config& config() const { return *config_; }
  bool closed_by_hand(const group_id& group) const { return closed_groups_.contains(group); }
  std::array<std::int64_t, 7> by_phase() const;
  std::uint64_t records() const { return records_; }

 private:
  void take_session(const store::placed_record& r, timestamp when);
  void take_configuration(const store::placed_record& r);
  void take_event(session_page& page, const session_codec::stored_event& stored);
  void check_step(const session_state& before, const session_event& e);
  static std::set<agent_id> holders_of(const session_state& s, bool offers);
  void note_holders(const session_state& s);
  void check_capacity(const agent_id& agent, const std::string& when);

  verdict& found_;
  using config_ptr = std::shared_ptr<const config::dispatch_config>;
  const config_ptr first_config_;
  config_ptr config_;
  /// By text: most versions are of texts read before, and after each crash all are read again.
  std::map<std::string, config_ptr, std::less<>> read_before_;
  config_ptr read_config(const config_version& v);
  std::map<agent_id, int> limits_;
  std::map<session_id, session_page> sessions_;
  std::map<agent_id, agent_record> agents_;
  std::set<group_id> closed_groups_;
  std::optional<config_version> version_;
  config::account_index accounts_;
  /// Who holds room for which session, and its weight.
  std::map<agent_id, std::map<session_id, int>> held_;
  std::map<session_id, std::set<agent_id>> holders_;
  std::map<store::position, timestamp> when_;
  std::uint64_t records_ = 0;
};

}  // namespace switchboard::simulation
