#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tools/simulation/simulated_people.hpp"

namespace switchboard::simulation {

/// Which faults a run may meet, per thousand turns of its loop.
struct fault_rates {
  int crash = 2;
  int slow_center = 3;  // and other actors that are held up
  int dead_center = 3;
  int leap = 4;  // time goes on over unread mailboxes
  int projector_stops = 3;
  int reload = 4;         // a changed configuration is applied
  int store_fills = 2;    // nearly, or altogether; it has room again some moments later
  int clock_set = 3;      // the machine's, forward or back, by a second or by hours
  int failed_commit = 2;  // per thousand commits: the process ends, as the daemon does
};

struct run_plan {
  std::uint64_t seed = 1;
  millis length{60'000};
  std::size_t customers = 24;
  /// How often several customers open at one instant who show the same telephone, mail address or
  /// union id.
  int meetings = 6;
  fault_rates faults;
  /// A planted fault: customers' connections let out what is not durable.
  bool leaky_gates = false;
  /// Told every record, fault, and what clients are shown, as lines of text.
  std::function<void(const std::string&)> trace;
};

/// One run: a contact center, its people, faults, and all checkers; everything from one seed.
class seeded_run {
 public:
  explicit seeded_run(const run_plan& plan);

  /// False: something is wrong, `report` says what.
  bool play();
  std::string report() const;
  /// What the first thing wrong has in common with others of its kind; after a `play` that answered
  /// false.
  std::string kind() const;
  struct figures {
    std::uint64_t messages = 0, records = 0, sessions = 0, acknowledged = 0, shown = 0, crashes = 0,
                  checks = 0, assigned = 0, refused = 0, reloads = 0, fillings = 0;
    figures& operator+=(const figures& x);
    std::string text() const;
  };
  figures count() const;
  const verdict& found() { return node_.found(); }

 private:
  void turn();
  void quiet_moment();
  void check_deployment();
  void commit(std::size_t n);
  void meet_faults();
  void heal();
  void reload();
  void crash();
  void end_well();
  void meet();

  run_plan plan_;
  simulated_node node_;
  people_record book_;
  workload_profile profile_;
  deployment_check deployment_;
  std::vector<std::unique_ptr<simulated_customer>> customers_;
  std::vector<std::unique_ptr<simulated_agent>> agents_;
  simulated_leader leader_;
  timestamp healed_at_{}, last_check_{};
  bool projector_stopped_ = false;
  int meetings_ = 0;
  std::uint64_t crashes_ = 0, checks_ = 0, reloads_ = 0, looked_at_ = 0;
};

}  // namespace switchboard::simulation
