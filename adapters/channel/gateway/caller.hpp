#pragma once

#include <memory>
#include <set>
#include <string>

#include "actors/access/rights.hpp"
#include "actors/session/participant.hpp"
#include "config/dispatch_config.hpp"
#include "runtime/base/ids.hpp"

namespace switchboard {

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

  /// As sessions and agents know it.
  participant who() const { return {role == kind::channel ? "customer" : "agent", id, name}; }
  /// The same, an administrator's connection being an admin's.
  participant who_or_admin() const { return role == kind::admin ? as_admin() : who(); }
  /// Who decides over others, whatever the role it is let in with.
  participant as_admin() const { return {"admin", id, {}}; }
};

}  // namespace switchboard
