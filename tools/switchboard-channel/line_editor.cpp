#include "tools/switchboard-channel/line_editor.hpp"

#include <cstdio>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::channel_tool {
namespace {

constexpr std::size_t longest_line = 16 * 1024;

std::size_t columns() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

void put(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

struct line_editor::saved_terminal {
  termios as_it_was{};
};

line_editor::line_editor(boost::asio::io_context& io, callbacks call)
    : x_io(io), x_call(std::move(call)) {
  auto saved = std::make_unique<saved_terminal>();
  x_interactive = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
                  tcgetattr(STDIN_FILENO, &saved->as_it_was) == 0;
  if (x_interactive) {
    auto raw = saved->as_it_was;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    x_saved = std::move(saved);
    redraw();
  }
  if (pipe(x_stop) != 0) x_stop[0] = x_stop[1] = -1;
  x_reader = std::thread([this] { read_input(); });
}

line_editor::~line_editor() {
  if (x_stop[1] >= 0) close(x_stop[1]);
  x_reader.join();
  if (x_stop[0] >= 0) close(x_stop[0]);
  if (!x_saved) return;
  tcsetattr(STDIN_FILENO, TCSANOW, &x_saved->as_it_was);
  put("\r\x1b[K");
}

// On its own thread: a file on the standard input cannot be waited for by Asio.
void line_editor::read_input() {
  for (;;) {
    pollfd watched[2] = {{STDIN_FILENO, POLLIN, 0}, {x_stop[0], POLLIN, 0}};
    if (poll(watched, 2, -1) < 0 || watched[1].revents != 0) return;
    char bytes[4096];
    auto count = read(STDIN_FILENO, bytes, sizeof bytes);
    if (count <= 0) break;
    ++x_on_its_way;
    boost::asio::post(x_io, [this, text = std::string(bytes, static_cast<std::size_t>(count))] {
      --x_on_its_way;
      take(text);
    });
  }
  boost::asio::post(x_io, [this] {
    if (!x_typed.empty()) submit();
    if (!std::exchange(x_ended, true)) x_call.end();
  });
}

void line_editor::take(const std::string& bytes) {
  for (char byte : bytes) {
    if (x_ended) return;
    take_key(byte);
  }
  redraw();
}

void line_editor::take_key(char byte) {
  if (byte == '\n' || (x_interactive && byte == '\r')) return submit();
  if (!x_interactive) {
    if (x_typed.size() < longest_line) x_typed += byte;
    return;
  }
  if (x_escape > 0) {
    // "ESC x" or "ESC [ ... letter".
    bool opens = x_escape == 1 && (byte == '[' || byte == 'O');
    x_escape = opens || (x_escape == 2 && (byte < '@' || byte > '~')) ? 2 : 0;
    return;
  }
  constexpr char ctrl_c = 3, ctrl_d = 4, backspace = 8, ctrl_u = 21, escape = 27, rubout = 127;
  if (byte == escape) {
    x_escape = 1;
  } else if (byte == rubout || byte == backspace) {
    erase_character();
  } else if (byte == ctrl_u) {
    x_typed.clear();
  } else if (byte == ctrl_c || (byte == ctrl_d && x_typed.empty())) {
    x_ended = true;
    x_call.end();
  } else if (static_cast<unsigned char>(byte) >= 0x20 && x_typed.size() < longest_line) {
    x_typed += byte;
  }
}

void line_editor::erase_character() {
  while (!x_typed.empty()) {
    auto last = static_cast<unsigned char>(x_typed.back());
    x_typed.pop_back();
    if ((last & 0xC0) != 0x80) return;
  }
}

void line_editor::submit() {
  auto line = std::exchange(x_typed, {});
  if (x_interactive) put("\r\x1b[K");
  x_call.line(line);
}

void line_editor::print(const std::string& text) {
  if (!x_interactive) return put(text + '\n');
  put("\r\x1b[K" + text + '\n');
  redraw();
}

void line_editor::set_prompt(std::string prompt) {
  x_prompt = std::move(prompt);
  redraw();
}

void line_editor::redraw() {
  if (!x_interactive || x_ended) return;
  auto room = columns() - 1;
  auto prompt = terminal::clipped(x_prompt, room / 2);
  room -= terminal::width(prompt);
  // Of a long line the end is shown, where one types.
  std::size_t from = 0;
  while (terminal::width(std::string_view(x_typed).substr(from)) > room) {
    terminal::next_point(x_typed, from);
  }
  put("\r\x1b[K" + prompt + terminal::printable(std::string_view(x_typed).substr(from)));
}

}  // namespace switchboard::channel_tool
