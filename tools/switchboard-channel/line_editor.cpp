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
    : io_(io), call_(std::move(call)) {
  auto saved = std::make_unique<saved_terminal>();
  interactive_ = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
                 tcgetattr(STDIN_FILENO, &saved->as_it_was) == 0;
  if (interactive_) {
    auto raw = saved->as_it_was;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    saved_ = std::move(saved);
    redraw();
  }
  if (pipe(stop_) != 0) stop_[0] = stop_[1] = -1;
  reader_ = std::thread([this] { read_input(); });
}

line_editor::~line_editor() {
  if (stop_[1] >= 0) close(stop_[1]);
  reader_.join();
  if (stop_[0] >= 0) close(stop_[0]);
  if (!saved_) return;
  tcsetattr(STDIN_FILENO, TCSANOW, &saved_->as_it_was);
  put("\r\x1b[K");
}

// On its own thread: a file on the standard input cannot be waited for by Asio.
void line_editor::read_input() {
  for (;;) {
    pollfd watched[2] = {{STDIN_FILENO, POLLIN, 0}, {stop_[0], POLLIN, 0}};
    if (poll(watched, 2, -1) < 0 || watched[1].revents != 0) return;
    char bytes[4096];
    auto count = read(STDIN_FILENO, bytes, sizeof bytes);
    if (count <= 0) break;
    ++on_its_way_;
    boost::asio::post(io_, [this, text = std::string(bytes, static_cast<std::size_t>(count))] {
      --on_its_way_;
      take(text);
    });
  }
  boost::asio::post(io_, [this] {
    if (!typed_.empty()) submit();
    if (!std::exchange(ended_, true)) call_.end();
  });
}

void line_editor::take(const std::string& bytes) {
  for (char byte : bytes) {
    if (ended_) return;
    take_key(byte);
  }
  redraw();
}

void line_editor::take_key(char byte) {
  if (byte == '\n' || (interactive_ && byte == '\r')) return submit();
  if (!interactive_) {
    if (typed_.size() < longest_line) typed_ += byte;
    return;
  }
  if (escape_ > 0) {
    // "ESC x" or "ESC [ ... letter".
    bool opens = escape_ == 1 && (byte == '[' || byte == 'O');
    escape_ = opens || (escape_ == 2 && (byte < '@' || byte > '~')) ? 2 : 0;
    return;
  }
  constexpr char ctrl_c = 3, ctrl_d = 4, backspace = 8, ctrl_u = 21, escape = 27, rubout = 127;
  if (byte == escape) {
    escape_ = 1;
  } else if (byte == rubout || byte == backspace) {
    erase_character();
  } else if (byte == ctrl_u) {
    typed_.clear();
  } else if (byte == ctrl_c || (byte == ctrl_d && typed_.empty())) {
    ended_ = true;
    call_.end();
  } else if (static_cast<unsigned char>(byte) >= 0x20 && typed_.size() < longest_line) {
    typed_ += byte;
  }
}

void line_editor::erase_character() {
  while (!typed_.empty()) {
    auto last = static_cast<unsigned char>(typed_.back());
    typed_.pop_back();
    if ((last & 0xC0) != 0x80) return;
  }
}

void line_editor::submit() {
  auto line = std::exchange(typed_, {});
  if (interactive_) put("\r\x1b[K");
  call_.line(line);
}

void line_editor::print(const std::string& text) {
  if (!interactive_) return put(text + '\n');
  put("\r\x1b[K" + text + '\n');
  redraw();
}

void line_editor::set_prompt(std::string prompt) {
  prompt_ = std::move(prompt);
  redraw();
}

void line_editor::redraw() {
  if (!interactive_ || ended_) return;
  auto room = columns() - 1;
  auto prompt = terminal::clipped(prompt_, room / 2);
  room -= terminal::width(prompt);
  // Of a long line the end is shown, where one types.
  std::size_t from = 0;
  while (terminal::width(std::string_view(typed_).substr(from)) > room) {
    terminal::next_point(typed_, from);
  }
  put("\r\x1b[K" + prompt + terminal::printable(std::string_view(typed_).substr(from)));
}

}  // namespace switchboard::channel_tool
