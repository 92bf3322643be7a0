#pragma once

#include <memory>
#include <vector>

#include <tl/expected.hpp>

#include "actors/customer/customer_bonds.hpp"
#include "actors/mining/session_facts.hpp"
#include "config/config_error.hpp"
#include "config/dispatch_config.hpp"
#include "runtime/cel/environment.hpp"
#include "runtime/cel/program.hpp"

namespace switchboard {

/// What a session tells about its customer, by rules in CEL (`mining:`). Immutable, thread-safe.
///
///     session {id, channel, entry, page, intent, subject, outcome, rating, messages, lasted,
///     group, agent,
///              sales_channel, campaign, tags, disposition}
///     said, replied   texts of customer and agents      products   ids of the product cards shown
///     customer {...}  see customer_condition.hpp        tags       the customer's
///     trail {sessions_30d, last_agent, last_group}      now
class mining_rules {
 public:
  /// Every rule, or all that is wrong with them, with file and line.
  static tl::expected<std::shared_ptr<const mining_rules>, config::config_errors> compile(
      const config::dispatch_config& config);

  /// One suggestion for every rule that holds; its id is the session's and the rule's, so that the
  /// same finding is the same suggestion.
  std::vector<suggestion> suggest(const session_facts& f, timestamp now) const;
  bool empty() const { return rules_.empty(); }

 private:
  struct rule {
    config::mining_rule_config from;
    cel::program when;
  };
  std::vector<rule> rules_;
};

}  // namespace switchboard
