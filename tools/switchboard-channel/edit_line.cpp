#include "tools/switchboard-channel/edit_line.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <histedit.h>
#include <langinfo.h>
#include <poll.h>
#include <string_view>
#include <unistd.h>
#include <utility>

#include "tools/switchboardctl/terminal_style.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::channel_tool {
namespace {

constexpr int history_lines = 500;
constexpr std::size_t longest_paste = 64 * 1024;
constexpr std::string_view break_sign = "↵";
constexpr auto paste_on = "\x1b[?2004h", paste_off = "\x1b[?2004l";
constexpr std::string_view paste_end = "\x1b[201~";

void put(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

/// Chinese is typed in any locale: where the environment names one without UTF-8, keys are read as
/// UTF-8 all the same.
void read_utf8() {
  std::setlocale(LC_CTYPE, "");
  if (std::string_view(nl_langinfo(CODESET)) != "UTF-8") std::setlocale(LC_CTYPE, "C.UTF-8");
}

std::string replaced(std::string_view text, std::string_view what, std::string_view by) {
  std::string out;
  for (std::size_t from = 0;;) {
    const auto at = text.find(what, from);
    out += text.substr(from, at == text.npos ? at : at - from);
    if (at == text.npos) return out;
    out += by;
    from = at + what.size();
  }
}

}  // namespace

std::string on_one_line(std::string_view text) {
  auto out = replaced(replaced(replaced(text, "\r\n", "\n"), "\r", "\n"), "\n", break_sign);
  return replaced(out, "\t", " ");
}

std::string as_typed(std::string_view line) {
  return replaced(line, break_sign, "\n");
}

struct edit_line::terminal_parts {
  EditLine* line = nullptr;
  History* history = nullptr;
  HistEvent event{};
  std::string shown_prompt;
};

edit_line::edit_line() : parts_(std::make_unique<terminal_parts>()) {
  read_utf8();
  if (pipe2(wake_, O_NONBLOCK | O_CLOEXEC) != 0) wake_[0] = wake_[1] = -1;
  auto& p = *parts_;
  p.line = el_init("switchboard-channel", stdin, stdout, stderr);
  p.history = history_init();
  history(p.history, &p.event, H_SETSIZE, history_lines);
  history(p.history, &p.event, H_SETUNIQUE, 1);
  el_set(p.line, EL_CLIENTDATA, this);
  el_set(p.line, EL_HIST, history, p.history);
  el_set(p.line, EL_EDITOR, "emacs");
  el_set(
      p.line, EL_PROMPT, +[](EditLine* line) -> char* {
        void* self = nullptr;
        el_get(line, EL_CLIENTDATA, &self);
        return static_cast<edit_line*>(self)->parts_->shown_prompt.data();
      });
  el_set(
      p.line, EL_GETCFN, +[](EditLine* line, wchar_t* out) -> int {
        void* self = nullptr;
        el_get(line, EL_CLIENTDATA, &self);
        auto& me = *static_cast<edit_line*>(self);
        std::mbstate_t state{};
        for (char byte = 0;;) {
          if (me.next_byte(byte) != 1) return 0;
          const auto done = std::mbrtowc(out, &byte, 1, &state);
          if (done == static_cast<std::size_t>(-2)) continue;  // more bytes belong to it
          if (done == static_cast<std::size_t>(-1)) {
            state = {};
            continue;  // no character; what follows may be one
          }
          return 1;
        }
      });
  el_set(
      p.line, EL_ADDFN, "take-paste", "Takes what is pasted as one line",
      +[](EditLine* line, int) -> unsigned char {
        void* self = nullptr;
        el_get(line, EL_CLIENTDATA, &self);
        static_cast<edit_line*>(self)->take_paste();
        return CC_REFRESH;
      });
  constexpr std::array<std::array<const char*, 2>, 9> keys{{{"\033[200~", "take-paste"},
                                                            {"^R", "em-inc-search-prev"},
                                                            {"\033[1;5D", "ed-prev-word"},
                                                            {"\033[1;5C", "em-next-word"},
                                                            {"\033[3~", "ed-delete-next-char"},
                                                            {"\033[1~", "ed-move-to-beg"},
                                                            {"\033[4~", "ed-move-to-end"},
                                                            {"\033[H", "ed-move-to-beg"},
                                                            {"\033[F", "ed-move-to-end"}}};
  for (auto& [key, does] : keys) el_set(p.line, EL_BIND, key, does, nullptr);
  put(paste_on);
}

edit_line::~edit_line() {
  el_end(parts_->line);
  history_end(parts_->history);
  put(paste_off);
  for (int end : wake_)
    if (end >= 0) close(end);
}

bool edit_line::read(std::string& line) {
  int count = 0;
  const char* got = el_gets(parts_->line, &count);
  if (!got || count <= 0 || stopped_) return false;
  std::string_view text(got, static_cast<std::size_t>(count));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  line = as_typed(text);
  remember(std::string(text));
  // What was typed is shown again as what became of it.
  const auto columns = std::max<std::size_t>(terminal::columns(), 1);
  const auto rows = (terminal::width(parts_->shown_prompt) + terminal::width(text)) / columns + 1;
  put("\x1b[" + std::to_string(rows) + "A\r\x1b[J");
  return true;
}

void edit_line::remember(const std::string& line) {
  if (!line.empty()) history(parts_->history, &parts_->event, H_ENTER, line.c_str());
}

/// 1, or 0 at the end.
int edit_line::next_byte(char& out) {
  for (;;) {
    carry_out();
    const auto* now = el_line(parts_->line);
    begun_ = now->lastchar > now->buffer;
    pollfd watched[2] = {{STDIN_FILENO, POLLIN, 0}, {wake_[0], POLLIN, 0}};
    if (poll(watched, 2, -1) < 0 && errno != EINTR) return 0;
    if (stopped_) {
      carry_out();  // the last words
      clear_shown();
      return 0;
    }
    if (watched[1].revents != 0) {
      char some[64];
      while (::read(wake_[0], some, sizeof some) > 0) {
      }
      continue;
    }
    if (watched[0].revents == 0) continue;
    begun_ = true;
    return ::read(STDIN_FILENO, &out, 1) == 1 ? 1 : 0;
  }
}

void edit_line::take_paste() {
  std::string text;
  for (char byte = 0; next_byte(byte) == 1;) {
    text += byte;
    if (!text.ends_with(paste_end)) continue;
    text.resize(text.size() - paste_end.size());
    break;
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (text.size() > longest_paste) text.resize(longest_paste);
  // What a paste may bring beside text must not be taken for keys, nor shown.
  el_insertstr(parts_->line, terminal::printable(on_one_line(text)).c_str());
}

/// The lines that the prompt and what is typed take, made blank; the cursor at their beginning.
void edit_line::clear_shown() {
  const auto* now = el_line(parts_->line);
  const std::string_view before(now->buffer, static_cast<std::size_t>(now->cursor - now->buffer));
  const auto columns = std::max<std::size_t>(terminal::columns(), 1);
  const auto at = terminal::width(parts_->shown_prompt) + terminal::width(before);
  std::string out;
  if (const auto up = at / columns; up > 0) out += "\x1b[" + std::to_string(up) + 'A';
  put(out + "\r\x1b[J");
}

void edit_line::carry_out() {
  std::deque<request> some;
  std::string prompt;
  {
    std::lock_guard hold(lock_);
    some.swap(requests_);
    prompt = prompt_;
  }
  auto& p = *parts_;
  prompt = terminal::clipped(prompt, std::max<std::size_t>(terminal::columns() / 2, 8));
  if (some.empty() && prompt == p.shown_prompt) return;
  clear_shown();
  p.shown_prompt = std::move(prompt);
  for (auto& r : some) {
    if (r.what == request::kind::print) put(replaced(r.text, "\n", "\r\n") + "\r\n");
    if (r.what == request::kind::resized) el_resize(p.line);
    if (r.what == request::kind::put_back) {
      const auto* now = el_line(p.line);
      if (now->lastchar == now->buffer) el_insertstr(p.line, on_one_line(r.text).c_str());
    }
  }
  el_set(p.line, EL_REFRESH);
}

void edit_line::ask(request r) {
  {
    std::lock_guard hold(lock_);
    requests_.push_back(std::move(r));
  }
  (void)!write(wake_[1], "", 1);
}

void edit_line::print(std::string text) {
  ask({request::kind::print, std::move(text)});
}
void edit_line::put_back(std::string text) {
  ask({request::kind::put_back, std::move(text)});
}
void edit_line::resized() {
  ask({request::kind::resized, {}});
}
void edit_line::set_prompt(std::string prompt) {
  {
    std::lock_guard hold(lock_);
    prompt_ = std::move(prompt);
  }
  ask({request::kind::prompt, {}});
}
void edit_line::stop() {
  stopped_ = true;
  (void)!write(wake_[1], "", 1);
}

}  // namespace switchboard::channel_tool
