#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "config/config_error.hpp"
#include "config/dispatch_config.hpp"

/// Reading YAML so that every mistake is found in one pass and named by file, line and path. For
/// the readers of this room and for tools that read files of their own.
namespace switchboard::config {

/// `word` is no such `what`: the sentence, with the name perhaps meant, else with all there are.
std::string unknown_name(std::string_view what, std::string_view word,
                         const std::vector<std::string>& candidates);

/// How one value of an enumeration is written.
template <class Enum> using name_entry = std::pair<std::string_view, Enum>;

/// One value of the tree. The readers leave `out` alone and return false when they refuse the
/// value.
class yaml_value {
 public:
  yaml_value(YAML::Node node, int line, std::string path, error_list& errors)
      : node_(std::move(node)), line_(line), path_(std::move(path)), errors_(&errors) {}

  mark where() const { return {errors_->file(), line_}; }
  const YAML::Node& node() const { return node_; }
  const std::string& path() const { return path_; }
  error_list* errors() const { return errors_; }
  /// The value's text as written; empty for what is no scalar.
  std::string scalar() const { return node_.IsScalar() ? node_.Scalar() : std::string(); }
  /// Reports; returns false, so that a reader can say `return refuse(...)`.
  bool refuse(std::string message) const;
  /// Reports an unknown name, unless names were left unread: a list that is too long is one
  /// mistake, not one for each name in it.
  bool refuse_unknown(std::string_view what, std::string_view word,
                      const std::vector<std::string>& known) const;

  bool text(std::string& out, std::size_t most_bytes = 256) const;
  /// A CEL condition; nothing written means an empty one.
  bool condition(std::string& out) const;
  bool integer(int& out, int least, int most) const;
  bool number(double& out, double least, double most) const;
  bool flag(bool& out) const;
  bool duration(millis& out, millis least, millis most) const;
  /// {name: level}, as skills and requirements are written.
  bool levels(std::map<std::string, int>& out) const;
  /// Text that is one of `known`.
  bool reference(std::string& out, std::string_view what,
                 const std::vector<std::string>& known) const;

  template <class Enum>
  bool choice(Enum& out, std::string_view what, std::span<const name_entry<Enum>> names) const {
    std::vector<std::string> known;
    for (const auto& [name, value] : names) {
      if (node_.IsScalar() && node_.Scalar() == name) return out = value, true;
      known.emplace_back(name);
    }
    std::string ignored;
    return reference(ignored, what, known);
  }

  /// The elements of a list of at most `most`; refuses what is no list.
  std::vector<yaml_value> list(std::size_t most = 10'000) const;
  /// As `list`, or the value itself where one is written without brackets.
  std::vector<yaml_value> one_or_list(std::size_t most = 10'000) const;

 private:
  YAML::Node node_;
  int line_;
  std::string path_;
  error_list* errors_;
};

/// A mapping. Every key asked for becomes a known one; `finish` refuses those that nobody asked
/// for.
class yaml_map {
 public:
  explicit yaml_map(const yaml_value& value);

  /// Nothing when the key is not written.
  const yaml_value* find(std::string_view key);
  /// As `find`, and its absence is an error.
  const yaml_value* need(std::string_view key);
  void finish() const;
  /// The keys and values in the order of the file, for a mapping whose keys are data.
  const std::vector<std::pair<std::string, yaml_value>>& entries() const { return entries_; }
  const yaml_value& value() const { return value_; }

 private:
  yaml_value value_;
  bool valid_ = true;
  std::vector<std::pair<std::string, yaml_value>> entries_;
  std::vector<std::string> known_;
};

/// The ids of one list: each well formed (letters, digits, `_ . -`, at most 64) and declared once.
class declared_ids {
 public:
  /// Reads the key `id` (or `key`); an empty text after a refusal.
  std::string read(yaml_map& item, std::string_view key = "id");

 private:
  std::map<std::string, int> lines_;
};

/// The root of `text`, or nothing after reporting why there is none. Never throws.
std::optional<yaml_value> parse_yaml(std::string_view text, error_list& errors);
/// The bytes of a file of at most 8 MiB, or nothing after reporting.
std::optional<std::string> read_file(const std::string& path, error_list& errors);

}  // namespace switchboard::config
