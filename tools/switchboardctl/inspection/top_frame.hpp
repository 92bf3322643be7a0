#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tools/switchboardctl/inspection/activity_reading.hpp"
#include "tools/switchboardctl/inspection/doctor.hpp"

/// What `switchboardctl top` shows: a pure function of the answers and the screen's size.
namespace switchboard::ctl {

struct top_model {
  checked_daemon daemon;
  json earlier_status;  // null at first: no rates then
  std::string clock;    // "03:12:07"
};

struct top_view {
  std::size_t columns = 80, rows = 24;
  enum class order { cpu, messages, waiting } by = order::cpu;
  bool paused = false;
};

/// Exactly `view.rows` lines at most, none wider than `view.columns`; without escape sequences.
std::vector<std::string> top_frame(const top_model& model, const top_view& view);

}  // namespace switchboard::ctl
