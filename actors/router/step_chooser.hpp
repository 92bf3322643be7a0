#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "actors/router/compiled_rule.hpp"
#include "actors/router/group_table.hpp"
#include "actors/router/plan_reasons.hpp"
#include "actors/router/queue_snapshot.hpp"
#include "actors/router/route_input.hpp"
#include "runtime/cel/activation.hpp"

namespace switchboard {

/// Goes through a plan's steps for one customer at one moment. Refers to its arguments; for one
/// decision.
class step_chooser {
 public:
  /// `rule` is the one that made the plan; null where it is not known: nothing is skipped then, and
  /// groups are balanced by their wait.
  step_chooser(const routing_plan& plan, const compiled_rule* rule, const group_table& groups,
               const queue_snapshot& board, const cel::activation& host, const route_input& input,
               timestamp now)
      : plan_(plan),
        rule_(rule),
        groups_(groups),
        board_(board),
        host_(host),
        input_(input),
        now_(now) {}

  /// The first step from `step` on that can be entered.
  step_choice from(int step);

 private:
  std::string title(std::size_t step) const;
  bool skipped(std::size_t step, plan_reasons& why) const;
  std::vector<group_id> open_groups(std::size_t step, plan_reasons& why) const;
  std::vector<group_id> chosen(std::size_t step, const std::vector<group_id>& open,
                               plan_reasons& why) const;
  std::vector<group_id> kept_before(std::size_t step, std::size_t entered) const;

  const routing_plan& plan_;
  const compiled_rule* rule_;
  const group_table& groups_;
  const queue_snapshot& board_;
  const cel::activation& host_;
  const route_input& input_;
  timestamp now_;
};

}  // namespace switchboard
