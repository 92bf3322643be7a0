#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace switchboard::demo {

struct screen_size {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// What one screen of the live view shows. Names and texts are as people wrote them.
struct live_screen {
  struct waiter {
    std::string customer, group, about;
    std::string offered_to;  // empty: nobody is asked
    long long waited_ms = 0;
  };
  struct group {
    std::string name;
    std::size_t waiting = 0, served = 0;
  };
  struct agent {
    std::string name, state;
    int capacity = 0;
    std::vector<std::string> serves;
  };
  struct hint {
    std::string command, what;
  };

  long long elapsed_ms = 0;
  std::size_t to_come = 0, waiting = 0, offered = 0, active = 0, closed = 0, planned = 0;
  std::uint64_t messages = 0, transfers = 0, ratings = 0, lost = 0, doubled = 0;
  long long longest_wait_ms = 0;
  /// Who has waited longest comes first.
  std::vector<waiter> waiters;
  /// The latest comes last.
  std::vector<std::string> said;
  std::vector<group> groups;
  std::vector<agent> agents;
  /// Of these one is shown, each for some seconds.
  std::vector<hint> hints;
};

/// Who waits and what is said first, who serves after it: folded into a line where there is no
/// room. No line is wider than the terminal. `styled`: with colours. Pure.
std::string draw(const live_screen& what, screen_size size, bool styled);

}  // namespace switchboard::demo
