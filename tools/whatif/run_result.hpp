#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tools/whatif/wait_record.hpp"

/// What a simulation measured. Definitions are those of the product's reports: *wait* opened to
/// accepted; *service level* accepted within the target / (accepted + abandoned after it);
/// *abandonment* left while waiting / opened; *occupancy* time with work / time staffed.
namespace switchboard::whatif {

/// Sessions of the whole contact center, of one group or of one kind of request.
struct traffic {
  std::uint64_t opened = 0;  // of a group: entered its queue, once for each visit
  std::uint64_t accepted = 0;
  std::uint64_t in_time = 0;
  std::uint64_t abandoned = 0;
  std::uint64_t abandoned_late = 0;  // after the target
  std::uint64_t left_message = 0;
  std::uint64_t refused = 0;     // the queue was full
  std::uint64_t moved_on = 0;    // of a group: to other groups, or accepted there
  std::uint64_t unfinished = 0;  // still waiting when the run ended
  wait_record wait;              // of the accepted
  wait_record gave_up;           // of the abandoned

  double service_level() const { return share(in_time, accepted + abandoned_late); }
  double abandonment() const { return share(abandoned, opened); }

  static double share(std::uint64_t part, std::uint64_t of) {
    return of == 0 ? 0 : static_cast<double>(part) / static_cast<double>(of);
  }
};

/// How often waits end by the time told, among those told one when they had to wait. Who abandons
/// or goes elsewhere earlier was observed so far and no further: their part is taken by the
/// product-limit estimate (Kaplan and Meier 1958) in 200 steps, without which waits that are long
/// would count too little.
class calibration {
 public:
  void add(std::int64_t waited_ms, std::int64_t told_ms, bool accepted);
  std::uint64_t told() const { return told_; }
  double within() const;

 private:
  static constexpr std::size_t steps = 200;
  std::array<std::uint64_t, steps> ended_{}, censored_{};
  std::uint64_t told_ = 0;
};

struct group_result {
  std::string id;
  traffic sessions;
  calibration p50, p90;
  double longest_queue = 0;
  double mean_queue = 0;
  double occupancy = 0;
  /// Of accepted sessions per staffed hour over the group's agents (Jain, Chiu, Hawe 1984): 1 all
  /// alike, 1/n one has all.
  double fairness = 1;
  double target = 0;
  std::int64_t within_ms = 0;
};

struct agent_result {
  std::string id;
  std::vector<std::string> groups;
  std::uint64_t accepted = 0, missed = 0, declined = 0;
  double staffed_ms = 0;
  double busy_ms = 0;      // with work
  double units_ms = 0;     // capacity in use × time
  double capacity_ms = 0;  // capacity × time staffed
  double occupancy() const { return staffed_ms > 0 ? busy_ms / staffed_ms : 0; }
  double load() const { return capacity_ms > 0 ? units_ms / capacity_ms : 0; }
};

struct class_result {
  std::string name;
  traffic sessions;
};

/// One group over one interval.
struct interval_figures {
  double queue_ms = 0;  // waiting × time
  std::uint64_t accepted = 0;
  double wait_ms = 0;  // sum
};

struct run_result {
  std::string name;
  std::uint64_t seed = 0;
  std::int64_t start_ms = 0;  // Unix
  int start_minute = 0;
  std::int64_t length_ms = 0, warm_up_ms = 0;
  std::uint64_t simulated = 0;  // sessions, with those of the warm-up
  std::uint64_t events = 0;
  traffic all;
  calibration p50, p90;
  double occupancy = 0;
  std::vector<group_result> groups;
  std::vector<agent_result> agents;
  std::vector<class_result> classes;
  std::int64_t interval_ms = 0;
  std::vector<std::vector<interval_figures>> series;  // by group, by interval
};

/// (Σx)² / (n Σx²); 1 of nothing.
double jain_index(const std::vector<double>& x);

}  // namespace switchboard::whatif
