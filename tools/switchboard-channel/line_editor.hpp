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

/// Reads lines from the standard input while others print: in a terminal what is being typed stays
/// whole below what arrives; elsewhere it is plain lines. Callbacks come on the io_context's
/// thread, and `print` belongs to it.
class line_editor {
 public:
  struct callbacks {
    std::function<void(const std::string&)> line;
    /// End of input, Ctrl-C or Ctrl-D.
    std::function<void()> end;
  };

  line_editor(boost::asio::io_context& io, callbacks call);
  /// Gives the terminal back as it was.
  ~line_editor();
  line_editor(const line_editor&) = delete;
  line_editor& operator=(const line_editor&) = delete;

  void print(const std::string& text);
  void set_prompt(std::string prompt);
  bool interactive() const { return interactive_; }
  /// A line is begun: something is typed, or was read and is on its way here.
  bool typing() const { return !typed_.empty() || on_its_way_ > 0; }

 private:
  struct saved_terminal;
  void read_input();
  void take(const std::string& bytes);
  void take_key(char byte);
  void submit();
  void erase_character();
  void redraw();

  boost::asio::io_context& io_;
  callbacks call_;
  bool interactive_ = false;
  std::unique_ptr<saved_terminal> saved_;
  std::string prompt_ = "> ";
  std::string typed_;
  /// Pieces read and not yet taken.
  std::atomic<int> on_its_way_{0};
  /// Within an escape sequence, which is skipped.
  int escape_ = 0;
  bool ended_ = false;
  int stop_[2] = {-1, -1};
  std::thread reader_;
};

}  // namespace switchboard::channel_tool
