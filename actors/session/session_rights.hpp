#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/access/rights.hpp"
#include "actors/session/group_places.hpp"
#include "actors/session/roster.hpp"
#include "actors/session/session_machine.hpp"

namespace switchboard {

/// What ties accounts to a session, and what the rights table allows them by that: asked at every
/// call, and of everybody who goes on hearing (docs/decisions/0016). Made where it is needed: it
/// refers to what it is given. Most calls are an agent's about its own session, which the session
/// knows by itself: they cost no look at the configuration. Pure.
class session_rights {
 public:
  /// `standing`: the queues it waits in.
  session_rights(const session_state& s, const group_places& standing, const roster& known,
                 timestamp now)
      : s_(s), standing_(standing), known_(known), now_(now) {}

  bool allows(const std::string& account, std::string_view method) const;
  /// May `by` call the method? `account` is the role it has logged in with. A channel may of its
  /// own session, and so may the console. Makes a supervisor of `by` who does not act as an agent
  /// of this session.
  result<void> permit(participant& by, account_role account, std::string_view method) const;
  /// A supervisor watches as long as they lead who serves it; whoever holds room is there by the
  /// session's own word.
  bool may_watch(const party& p) const;
  /// Who watches and may not any more is out.
  session_machine::payloads part_strangers() const;

 private:
  struct standing {
    account_role role = account_role::agent;
    ties has = tie::nothing;
  };
  /// Ties that the method does not ask for may be missing.
  standing of(const std::string& account, std::string_view method) const;
  ties to_server(const std::string& account, account_role role) const;
  std::vector<group_id> groups_concerned() const;

  const session_state& s_;
  const group_places& standing_;
  const roster& known_;
  timestamp now_;
};

}  // namespace switchboard
