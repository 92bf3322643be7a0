#include "tools/switchboard-channel/line_editor.hpp"

#include <cstdio>
#include <cstdlib>
#include <poll.h>
#include <string_view>
#include <unistd.h>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "tools/switchboard-channel/edit_line.hpp"

namespace switchboard::channel_tool {
namespace {

constexpr std::size_t longest_typed_line = 64 * 1024;

/// One that moves its cursor.
bool is_terminal() {
  const char* term = std::getenv("TERM");
  return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term && *term &&
         std::string_view(term) != "dumb";
}

}  // namespace

line_editor::line_editor(boost::asio::io_context& io, callbacks call)
    : io_(io), call_(std::move(call)) {
  if (is_terminal()) {
    edit_ = std::make_unique<edit_line>();
    reader_ = std::thread([this] { read_terminal(); });
    return;
  }
  if (pipe(stop_) != 0) stop_[0] = stop_[1] = -1;
  reader_ = std::thread([this] { read_plain(); });
}

line_editor::~line_editor() {
  if (edit_) edit_->stop();
  if (stop_[1] >= 0) close(stop_[1]);
  reader_.join();
  if (stop_[0] >= 0) close(stop_[0]);
}

void line_editor::read_terminal() {
  for (std::string line; edit_->read(line);) hand_over(std::move(line));
  end();
}

// On its own thread: a file on the standard input cannot be waited for by Asio.
void line_editor::read_plain() {
  std::string typed;
  for (;;) {
    pollfd watched[2] = {{STDIN_FILENO, POLLIN, 0}, {stop_[0], POLLIN, 0}};
    if (poll(watched, 2, -1) < 0 || watched[1].revents != 0) return;
    char bytes[4096];
    const auto count = read(STDIN_FILENO, bytes, sizeof bytes);
    if (count <= 0) break;
    for (char byte : std::string_view(bytes, static_cast<std::size_t>(count))) {
      if (byte == '\n')
        hand_over(std::exchange(typed, {}));
      else if (typed.size() < longest_typed_line)
        typed += byte;
    }
  }
  if (!typed.empty()) hand_over(std::move(typed));
  end();
}

void line_editor::hand_over(std::string line) {
  ++on_its_way_;
  boost::asio::post(io_, [this, line = std::move(line)] {
    --on_its_way_;
    call_.line(line);
  });
}

void line_editor::end() {
  boost::asio::post(io_, [this] { call_.end(); });
}

void line_editor::print(const std::string& text) {
  if (edit_) return edit_->print(text);
  std::fputs((text + '\n').c_str(), stdout);
  std::fflush(stdout);
}

void line_editor::set_prompt(std::string prompt) {
  if (edit_) edit_->set_prompt(std::move(prompt));
}

void line_editor::put_back(const std::string& text) {
  if (edit_) edit_->put_back(text);
}

void line_editor::resized() {
  if (edit_) edit_->resized();
}

bool line_editor::typing() const {
  return on_its_way_ > 0 || (edit_ && edit_->begun());
}

}  // namespace switchboard::channel_tool
