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
template <class T>
using checked = tl::expected<T, config_errors>;

/// Gathers the errors of one file while it is read. Bounded: a hostile file cannot make it grow
/// without end.
class error_list {
 public:
  explicit error_list(std::string file) : x_file(std::move(file)) {}

  void add(int line, std::string key, std::string message);
  bool empty() const { return x_errors.empty(); }
  /// A list of names was too long to be read: that a name is unknown says nothing any more.
  void note_names_missing() { x_names_missing = true; }
  bool names_missing() const { return x_names_missing; }
  const std::string& file() const { return x_file; }
  /// All errors in the order of their lines.
  config_errors take();

 private:
  static constexpr std::size_t most = 1000;
  std::string x_file;
  config_errors x_errors;
  std::size_t x_left_out = 0;
  bool x_names_missing = false;
};

}  // namespace switchboard::config
