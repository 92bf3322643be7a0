#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>

namespace switchboard::bench {

/// The baseline a benchmark runs on: agents, groups and their manner.
struct deployment_plan {
  int agents = 8;
  int capacity = 8;
  int groups = 1;
  bool wrap_up = false;
};

/// A real switchboardd in a directory of its own, configured for a benchmark. Channel "bench" has
/// the token "bench"; agent aN the token "aN".
class daemon_process {
 public:
  daemon_process(std::string directory, const deployment_plan& plan);
  /// SIGTERM, and waits.
  ~daemon_process();

  /// Starts it and waits until it is ready; answers how long that took, in seconds. Throws
  /// std::runtime_error.
  double start();
  void kill_hard();
  void terminate();
  std::uint16_t port() const { return port_; }
  std::string control() const { return directory_ + "/control.sock"; }
  /// Anonymous memory (RssAnon), bytes: LMDB's map inflates RSS.
  std::uint64_t anonymous_bytes() const;
  pid_t pid() const { return pid_; }

 private:
  std::string directory_;
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace switchboard::bench
