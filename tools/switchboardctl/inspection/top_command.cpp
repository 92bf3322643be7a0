#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <thread>
#include <unistd.h>

#include "tools/switchboardctl/inspection/inspection_commands.hpp"
#include "tools/switchboardctl/inspection/top_frame.hpp"

namespace switchboard::ctl {
namespace {

std::string clock_text() {
  const auto now = std::time(nullptr);
  std::tm at{};
  localtime_r(&now, &at);
  std::array<char, 16> text{};
  std::strftime(text.data(), text.size(), "%H:%M:%S", &at);
  return text.data();
}

/// What does not come is left out: the others are shown.
json answer_or_null(control_client& daemon, const std::string& method) {
  auto answer = daemon.call(method, json::object());
  return answer ? std::move(*answer) : json();
}

tl::expected<top_model, failure> look(control_client& daemon, const top_model* before) {
  top_model m;
  auto status = daemon.call("admin.status", json::object());
  if (!status) return tl::unexpected(status.error());
  m.daemon.status = std::move(*status);
  m.daemon.activity_after = answer_or_null(daemon, "admin.activity");
  m.daemon.groups = answer_or_null(daemon, "admin.groups");
  m.daemon.agents = answer_or_null(daemon, "admin.agents");
  m.daemon.centers = answer_or_null(daemon, "admin.centers");
  if (before) {
    m.daemon.activity_before = before->daemon.activity_after;
    m.earlier_status = before->daemon.status;
  }
  m.clock = clock_text();
  return m;
}

volatile std::sig_atomic_t interrupted = 0;
void on_interrupt(int) {
  interrupted = 1;
}

/// The terminal as one screen with keys read one by one; as it was when this ends.
class screen {
 public:
  screen() {
    tcgetattr(STDIN_FILENO, &before_);
    auto raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    struct sigaction act {};
    act.sa_handler = on_interrupt;
    sigaction(SIGINT, &act, nullptr);
    sigaction(SIGTERM, &act, nullptr);
    put("\x1b[?1049h\x1b[?25l");
  }
  screen(const screen&) = delete;
  screen& operator=(const screen&) = delete;
  ~screen() {
    put("\x1b[?25h\x1b[?1049l");
    tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }
  static void show(const std::vector<std::string>& lines) {
    std::string out = "\x1b[H";
    for (std::size_t i = 0; i < lines.size(); ++i)
      out += (i > 0 ? "\r\n" : "") + lines[i] + "\x1b[K";
    put(out + "\x1b[J");
  }
  /// The key pressed within that time; 0 for none.
  static char key(int wait_ms) {
    pollfd in{STDIN_FILENO, POLLIN, 0};
    if (::poll(&in, 1, wait_ms) <= 0) return 0;
    char c = 0;
    return ::read(STDIN_FILENO, &c, 1) == 1 ? c : 'q';
  }

 private:
  static void put(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }
  termios before_{};
};

top_view size_of(const top_options& options) {
  top_view v;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    v.columns = size.ws_col;
    v.rows = size.ws_row;
  }
  if (options.columns > 0) v.columns = options.columns;
  if (options.rows > 0) v.rows = options.rows;
  return v;
}

std::string text_of(const std::vector<std::string>& lines) {
  std::string out;
  for (auto& l : lines) out += l + '\n';
  return out;
}

outcome one_frame(control_client& daemon, const top_options& options) {
  auto first = look(daemon, nullptr);
  if (!first) return tl::unexpected(first.error());
  std::this_thread::sleep_for(options.every);
  auto second = look(daemon, &*first);
  if (!second) return tl::unexpected(second.error());
  auto text = text_of(top_frame(*second, size_of(options)));
  return report{{{"status", second->daemon.status},
                 {"activity", second->daemon.activity_after},
                 {"groups", second->daemon.groups},
                 {"findings", findings_data(examine(second->daemon))}},
                std::move(text)};
}

}  // namespace

outcome show_top(control_client& daemon, const top_options& options) {
  if (options.once || !::isatty(STDOUT_FILENO) || !::isatty(STDIN_FILENO))
    return one_frame(daemon, options);
  auto model = look(daemon, nullptr);
  if (!model) return tl::unexpected(model.error());
  screen terminal;
  auto by = top_view::order::cpu;
  bool paused = false;
  auto next = std::chrono::steady_clock::now() + options.every;
  while (!interrupted) {
    auto view = size_of(options);
    view.by = by;
    view.paused = paused;
    terminal.show(top_frame(*model, view));
    const auto left = std::chrono::duration_cast<millis>(next - std::chrono::steady_clock::now());
    switch (screen::key(static_cast<int>(std::max<std::int64_t>(left.count(), 0)))) {
      case 'q':
        return report{json::object(), {}};
      case 'p':
        paused = !paused;
        break;
      case 's':
        by = static_cast<top_view::order>((static_cast<int>(by) + 1) % 3);
        break;
      default:
        break;
    }
    if (std::chrono::steady_clock::now() < next) continue;
    next = std::chrono::steady_clock::now() + options.every;
    if (paused) continue;
    auto later = look(daemon, &*model);
    if (!later) return tl::unexpected(later.error());
    model = std::move(*later);
  }
  return report{json::object(), {}};
}

outcome run_doctor(control_client& daemon) {
  auto first = look(daemon, nullptr);
  if (!first) return tl::unexpected(first.error());
  std::this_thread::sleep_for(millis{1'000});
  auto second = look(daemon, &*first);
  if (!second) return tl::unexpected(second.error());
  const auto found = examine(second->daemon);
  const bool failing =
      std::ranges::any_of(found, [](auto& f) { return f.state == health::failing; });
  if (failing) {
    return tl::unexpected(failure{exit_code::failed, "failed_precondition", "a check fails",
                                  findings_data(found), findings_text(found)});
  }
  return report{findings_data(found), findings_text(found)};
}

}  // namespace switchboard::ctl
