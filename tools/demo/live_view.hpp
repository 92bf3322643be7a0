#pragma once

#include <cstddef>
#include <string>

#include "tools/demo/demo_director.hpp"

namespace switchboard::demo {

struct screen_size {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// What the terminal on the standard output holds; the default where it does not say.
screen_size terminal_size();

/// Who waits, who serves whom, what is said: one screen, no line wider than it.
std::string draw(const demo_stage& stage, const demo_director& director, steady::time_point begun,
                 screen_size size);

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
