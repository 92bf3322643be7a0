#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace boost::asio {
class io_context;
}

namespace switchboard::channel_tool {

class edit_line;

/// Reads lines from the standard input while others print: in a terminal what is being typed stays
/// whole below what arrives (edit_line); elsewhere it is plain lines. Callbacks come on the
/// io_context's thread, and everything else here belongs to it.
class line_editor {
 public:
  struct callbacks {
    std::function<void(const std::string&)> line;
    /// End of input, or Ctrl-D in an empty line.
    std::function<void()> end;
  };

  line_editor(boost::asio::io_context& io, callbacks call);
  /// Gives the terminal back as it was.
  ~line_editor();
  line_editor(const line_editor&) = delete;
  line_editor& operator=(const line_editor&) = delete;

  void print(const std::string& text);
  void set_prompt(std::string prompt);
  /// A text that was refused stays in the line, to be mended; nothing where there is no terminal.
  void put_back(const std::string& text);
  void resized();
  bool interactive() const { return edit_ != nullptr; }
  /// A line is begun: something is typed, or was read and is on its way here.
  bool typing() const;

 private:
  void read_terminal();
  void read_plain();
  void hand_over(std::string line);
  void end();

  boost::asio::io_context& io_;
  callbacks call_;
  std::unique_ptr<edit_line> edit_;
  /// Lines read and not yet taken.
  std::atomic<int> on_its_way_{0};
  int stop_[2] = {-1, -1};
  std::thread reader_;
};

}  // namespace switchboard::channel_tool
