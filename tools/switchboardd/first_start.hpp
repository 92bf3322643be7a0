#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.hpp"

namespace switchboard {

/// What a daemon is started by that is given no file: `--config` and `--set` as they would be
/// typed.
struct first_start {
  std::string options_file;
  std::vector<std::string> settings;
  /// What people are told once it takes work: `clients` is where, as "127.0.0.1:7701".
  std::function<std::string(std::string_view clients)> welcome;
};

/// A shop with one group, one channel and nobody in it, in $XDG_STATE_HOME/switchboard or else in
/// ./switchboard-data: made the first time, found there afterwards.
result<first_start> start_of_empty_shop();

/// The demo, in $XDG_STATE_HOME/switchboard-demo or else in ./switchboard-demo-data. Its centers
/// are filled the first time; what an earlier start left is gone on with, or filled anew where that
/// was cut short, and both are said.
result<first_start> start_of_demo();

}  // namespace switchboard
