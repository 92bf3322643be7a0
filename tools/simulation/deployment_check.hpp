#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tools/simulation/journal_checker.hpp"

namespace switchboard::simulation {

/// An agent as its own snapshot tells (agent.snapshot).
struct agent_standing {
  agent_id id;
  std::string state;
  int capacity = 0, used = 0;
  std::vector<std::string> offers, offer_ids;  // sessions offered, and under which offer
  std::vector<std::string> sessions;           // sessions served
  std::size_t wrap_ups = 0;
  std::vector<std::string> joined;  // sessions of others
  bool gone = false;  // there is no such agent now: its account is disabled, and it has finished
};
agent_standing read_standing(const agent_id& id, std::string_view packed_snapshot);

/// The whole contact center at a moment when no message is under way: agents' own accounts against
/// sessions' records (I1, I6), live counters against the journal (I7), who waits although somebody
/// could take them (I3), and who was passed over (I4).
class deployment_check {
 public:
  explicit deployment_check(verdict& found) : found_(found) {}

  /// Two accounts of the same: whom agents say they serve, and who the sessions say serve them.
  void compare(const journal_checker& truth, const std::vector<agent_standing>& agents);
  /// A pair of a waiting session and an agent who could take it must not stand longer than
  /// `patience`. Groups that have been up for less than five seconds may still wait for their
  /// waiters.
  void work_conserving(const journal_checker& truth, const std::vector<agent_standing>& agents,
                       timestamp now, timestamp started);
  /// Nobody overtakes: whoever got an agent since the last look stood before all in that group whom
  /// the agent could have taken as well, who stood there then and still do. One overtaking may be
  /// sound, since nobody outside the group sees that a waiter was just being proposed to an agent
  /// who then refused; the same waiter at three looks is not.
  void in_order(const journal_checker& truth, const std::vector<agent_standing>& agents,
                timestamp now);
  /// Who only watches a session leads who serves it, by the configuration in force (R: no right
  /// outlives what it stands on), but for `patience`.
  void rights(const journal_checker& truth, timestamp now);
  void counters(const journal_checker& truth, const std::array<std::int64_t, 7>& live,
                std::int64_t opened);
  /// At the end, everybody healed and hours gone by: nothing transient is left (I6). What was put
  /// off until later by the wall, which may have been set back, still is.
  void settled(const journal_checker& truth, const std::vector<agent_standing>& agents,
               timestamp wall);
  void forget() {
    standing_since_.clear();
    waited_.clear();
    watching_since_.clear();
  }

  millis patience{50};

 private:
  static bool eligible(const session_state& s, const group_id& group, const agent_standing& at,
                       timestamp now, const journal_checker& truth);
  static bool could_ever(const session_state& s, const group_id& group, const agent_standing& at,
                         const journal_checker& truth);
  static std::int64_t rank(const journal_checker::session_page& page,
                           const config::group_config& group);
  static bool everybody_asked(const session_state& s, const group_id& group,
                              const std::vector<agent_standing>& agents,
                              const journal_checker& truth);

  verdict& found_;
  std::map<std::pair<session_id, agent_id>, timestamp> standing_since_, watching_since_;
  /// Who waited at the last look, after which event, and how often somebody got by since.
  struct place_held {
    std::uint64_t seq = 0;
    int overtaken = 0;
  };
  static constexpr int overtakings_tolerated = 3;
  std::map<session_id, place_held> waited_;
};

}  // namespace switchboard::simulation
