#include "tools/switchboardctl/watching.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "tools/switchboardctl/language.hpp"
#include "tools/switchboardctl/live_commands.hpp"
#include "tools/switchboardctl/terminal_style.hpp"
#include "tools/switchboardctl/text_table.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::ctl {
namespace {

std::int64_t now_ms() {
  return std::chrono::duration_cast<millis>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string text_of(const outcome& what) {
  return what ? what->text : what.error().text + failure_text(what.error());
}

/// From the top left, what does not fit left out at the end.
void draw(const std::string& text, millis every) {
  const auto rows = std::max<std::size_t>(terminal::rows(), 3);
  auto head = tr("every {}, at {}; Ctrl-C ends it", terminal::span_text(every.count()),
                 moment_text(now_ms()));
  std::string out = "\x1b[H" + terminal::toned(terminal::clipped(head, terminal::columns()),
                                               terminal::tone::faint);
  std::size_t shown = 1;
  for (std::size_t from = 0; from < text.size() && shown + 1 < rows; ++shown) {
    const auto end = std::min(text.find('\n', from), text.size());
    out += "\x1b[K\r\n" + text.substr(from, end - from);
    from = end + 1;
  }
  out += "\x1b[K\r\n\x1b[J";
  std::fputs(out.c_str(), stdout);
}

}  // namespace

int show(const outcome& what, bool as_json) {
  if (as_json) {
    std::fputs(envelope(what).c_str(), stdout);
  } else if (what) {
    std::fputs(what->text.c_str(), stdout);
  } else {
    std::fputs(what.error().text.c_str(), stdout);
    std::fputs(failure_text(what.error()).c_str(), stderr);
  }
  return static_cast<int>(what ? exit_code::ok : what.error().exit);
}

int watch(const command_line& given) {
  const bool screen = !given.as_json && terminal::rows() > 0;
  for (bool first = true;; first = false) {
    const auto found = given.run();
    if (first && !found) return show(found, given.as_json);
    if (screen) {
      if (first) std::fputs("\x1b[2J", stdout);
      draw(text_of(found), given.every);
    } else {
      if (!first && !given.as_json) std::fputs("\n", stdout);
      show(found, given.as_json);
    }
    if (std::fflush(stdout) != 0) return static_cast<int>(exit_code::failed);
    std::this_thread::sleep_for(given.every);
  }
}

}  // namespace switchboard::ctl
