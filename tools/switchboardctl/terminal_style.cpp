#include "tools/switchboardctl/terminal_style.hpp"

#include <array>
#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace switchboard::terminal {
namespace {

bool colours = false;

winsize size() {
  winsize out{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &out) != 0) return {};
  return out;
}

}  // namespace

void use_colours_of_terminal() {
  const char *without = std::getenv("NO_COLOR"), *term = std::getenv("TERM");
  const bool refused = without && *without;
  colours = !refused && term && *term && std::string_view(term) != "dumb" && isatty(STDOUT_FILENO);
}

std::string toned(const std::string& text, tone as) {
  constexpr std::array codes{"", "1", "33", "31", "2"};
  if (!colours || as == tone::plain || text.empty()) return text;
  return std::string("\x1b[") + codes[static_cast<std::size_t>(as)] + 'm' + text + "\x1b[0m";
}

std::size_t columns() {
  const auto s = size();
  return s.ws_col > 0 ? s.ws_col : 120;
}
std::size_t rows() {
  return size().ws_row;
}

}  // namespace switchboard::terminal
