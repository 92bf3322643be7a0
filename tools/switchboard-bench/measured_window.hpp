#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <sys/types.h>

#include <nlohmann/json_fwd.hpp>

#include "tools/switchboard-bench/wire_session.hpp"

namespace switchboard::bench {

/// CPU seconds a process has used, by the name of its threads; threads of one name are added up.
using thread_seconds = std::map<std::string, double>;

/// The part of a run that counts: after a warm-up, for some seconds. It also reads what the server
/// and this client use meanwhile. A run shorter than 15 s ends before anything it made is cleared
/// away, so its CPU says too little.
class measured_window {
 public:
  struct plan {
    double warm_up = 0;  // seconds
    double seconds = 0;
    /// Whose CPU counts as the server's; this process itself where the baseline runs in it.
    pid_t server = 0;
  };

  explicit measured_window(const plan& p) : plan_(p) {}

  void start(steady::time_point now) { began_ = now; }
  /// True once: when the warm-up is over.
  bool opens(steady::time_point now);
  bool over(steady::time_point now) const {
    return now >= began_ + span(plan_.warm_up + plan_.seconds);
  }
  /// Ends it; what comes later does not count.
  void close(steady::time_point now);

  /// Of the window as it was.
  double seconds() const { return seconds_; }
  /// {server_us, client_us, threads{name: us}} for each of so many pieces of work.
  nlohmann::json cpu_of_each(std::uint64_t pieces) const;

 private:
  struct used {
    double server = 0, client = 0;
    thread_seconds threads;
  };
  used look() const;
  static steady::duration span(double seconds) {
    return std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>(seconds));
  }

  const plan plan_;
  steady::time_point began_{}, opened_{};
  bool open_ = false;
  double seconds_ = 0;
  used before_, spent_;
};

}  // namespace switchboard::bench
