#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/router/routing_rules.hpp"
#include "actors/session/consultation_request.hpp"
#include "config/dispatch_config.hpp"
#include "tools/whatif/chance.hpp"

/// What is simulated, as plain values: docs/whatif.md names every key of the file it is read from.
namespace switchboard::whatif {

/// One kind of customer: how many come, what they ask, how long they take and wait.
struct request_class {
  std::string name;
  /// Sessions an hour, by the hour of the day at the contact center.
  std::array<double, 24> per_hour{};
  consultation_request request;
  /// Member levels with their shares (summing to 1); empty: nobody is a member. Level 0: no member.
  std::vector<std::pair<int, double>> levels;
  /// Each tag with its share.
  std::vector<std::pair<std::string, double>> tags;
  /// Who has been served by one of the agents before.
  double returning = 0;
  /// Who has an order on its way.
  double open_orders = 0;
  span_law handle{law_shape::exponential, 300'000};
  /// Nothing: they wait for ever.
  std::optional<span_law> patience;
};

/// One line of a record of real arrivals; what it leaves open is drawn from its class.
struct recorded_arrival {
  std::int64_t at_ms = 0;  // since the start
  std::uint32_t of = 0;    // its class
  double handle_ms = -1;
  double patience_ms = -1;
};

struct agent_habits {
  /// How long a manual offer rings before it is answered.
  span_law accept_after{law_shape::exponential, 4'000};
  /// Shares of manual offers.
  double decline = 0, miss = 0;
  /// Who was sent away by missed offers comes back after so long.
  millis back_after{300'000};
  /// After-contact work where the group's wrap-up is manual; its time is the longest.
  span_law wrap_up{law_shape::exponential, 20'000};
  /// Handle times are divided by it. By agent; 1 otherwise.
  std::map<std::string, double> speed;
};

/// When one agent is there: minutes of the day at the contact center, apart and rising.
using agent_hours = std::vector<config::calendar::span>;

struct deployment_model {
  std::string name;
  config::dispatch_config dispatch;
  std::shared_ptr<const routing_rules> rules;

  std::uint64_t seed = 1;
  timestamp start = from_unix_ms(1'793'577'600'000);  // 2026-11-02 00:00 UTC
  std::string timezone = "UTC";
  int start_minute = 0;  // of the day at the contact center
  millis length{24 * 3'600'000};
  /// Who opens before is served but not counted.
  millis warm_up{0};
  std::vector<request_class> requests;
  /// In order of time. Not empty: nobody else comes.
  std::vector<recorded_arrival> recorded;

  /// By agent as the dispatch file lists them.
  std::vector<agent_hours> hours;
  agent_habits habits;
};

}  // namespace switchboard::whatif
