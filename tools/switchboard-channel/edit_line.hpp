#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace switchboard::channel_tool {

/// One line in a terminal, edited by libedit: its keys, its history, its search (Ctrl-R). What is
/// pasted with line breaks stays one line, shown with a sign for each. Others print above it, from
/// any thread; all of libedit runs on the thread that reads.
class edit_line {
 public:
  edit_line();
  /// Gives the terminal back as it was. Not while `read` runs.
  ~edit_line();
  edit_line(const edit_line&) = delete;
  edit_line& operator=(const edit_line&) = delete;

  /// Waits for the next line; false at the end of input, or once `stop` was called.
  bool read(std::string& line);

  // From any thread.
  void print(std::string text);
  void set_prompt(std::string prompt);
  /// Puts a text that was refused back into the line, unless another is begun: the history has it.
  void put_back(std::string text);
  void resized();
  void stop();
  /// A line is begun.
  bool begun() const { return begun_; }

 private:
  struct terminal_parts;
  struct request {
    enum class kind { print, prompt, put_back, resized } what;
    std::string text;
  };

  void ask(request r);
  void carry_out();
  int next_byte(char& out);
  void take_paste();
  void clear_shown();
  void remember(const std::string& line);

  std::unique_ptr<terminal_parts> parts_;
  std::mutex lock_;
  std::deque<request> requests_;
  std::string prompt_ = "> ";
  std::atomic<bool> begun_{false}, stopped_{false};
  int wake_[2] = {-1, -1};
};

/// Line breaks as one line shows them, and back.
std::string on_one_line(std::string_view text);
std::string as_typed(std::string_view line);

}  // namespace switchboard::channel_tool
