#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace switchboard::config {

/// One thing wrong in one file: "dispatch.yaml:14: groups[2].stratgy: unknown key; did you mean
/// ...".
struct config_error {
  std::string file;
  /// From 1; 0 when the file as a whole is meant (it cannot be read, say).
  int line = 0;
  /// The path that leads to the value: "groups[2].offer.timeout"; empty for the whole file.
  std::string key;
  std::string message;

  bool operator==(const config_error&) const = default;
};

std::string to_string(const config_error& e);

using config_errors = std::vector<config_error>;

/// One line per error.
std::string to_string(const config_errors& errors);

/// What a loader returns: the whole value, or everything that is wrong with it (never an empty
/// list).
template <class T> using checked = tl::expected<T, config_errors>;

/// Gathers the errors of one file while it is read. Bounded: a hostile file cannot make it grow
/// without end.
class error_list {
 public:
  explicit error_list(std::string file) : file_(std::move(file)) {}

  void add(int line, std::string key, std::string message);
  bool empty() const { return errors_.empty(); }
  /// A list of names was too long to be read: that a name is unknown says nothing any more.
  void note_names_missing() { names_missing_ = true; }
  bool names_missing() const { return names_missing_; }
  const std::string& file() const { return file_; }
  /// All errors in the order of their lines.
  config_errors take();

 private:
  static constexpr std::size_t most = 1000;
  std::string file_;
  config_errors errors_;
  std::size_t left_out_ = 0;
  bool names_missing_ = false;
};

}  // namespace switchboard::config
