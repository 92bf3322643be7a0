#pragma once

#include <string>

#include "tools/demo/demo_director.hpp"
#include "tools/demo/live_screen.hpp"

namespace switchboard::demo {

/// A terminal that moves its cursor; not where TERM is dumb or unset.
bool has_screen();
/// Not where NO_COLOR is set (https://no-color.org).
bool has_colours();
/// What the terminal on the standard output holds; the default where it does not say.
screen_size terminal_size();

/// `ctl`: how switchboardctl is called from where the user is.
live_screen screen_of(const demo_stage& stage, const demo_director& director,
                      steady::time_point begun, const std::string& ctl);

/// One line of progress, for where there is no terminal.
std::string progress_line(const demo_stage& stage, steady::time_point begun);

/// The closing account. `good`: all of it happened, nothing was lost or doubled.
struct demo_summary {
  bool good = false;
  std::string text;
};
demo_summary summarize(const demo_stage& stage, steady::time_point begun);

/// Takes the terminal over while it lives: a screen of its own, no cursor.
class full_screen {
 public:
  full_screen();
  ~full_screen();
  full_screen(const full_screen&) = delete;
  full_screen& operator=(const full_screen&) = delete;
  void show(const std::string& drawn);
};

}  // namespace switchboard::demo
