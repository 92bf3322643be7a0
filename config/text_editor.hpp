#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "config/yaml_edit.hpp"
#include "runtime/base/error.hpp"

/// Several edits of one text, of which the first that cannot be done decides. Private to this room.
namespace switchboard::config {

class text_editor {
 public:
  using way = std::vector<std::string>;

  explicit text_editor(std::string_view text) : text_(text) {}

  const std::string& text() const { return text_; }
  void set(const way& to, std::string_view value);
  void unset(const way& to);
  /// Many at once: one reading of the text.
  void change(const std::vector<value_change>& all);
  /// At the end of the list of that name, which is begun where it is not written.
  void add(const std::string& list, const std::string& element);
  void remove(const std::string& list, const std::string& id);
  /// A JSON merge patch (RFC 7396) of what `at` leads to.
  void patch(const way& at, const YAML::Node& fields);
  result<std::string> take();

 private:
  void take_up(tl::expected<std::string, std::string> edited, const std::string& where);
  std::string text_, wrong_;
};

/// A map of fields written on one line. Refuses what is none, and the keys of `refused`; `why` says
/// what is to be used instead.
struct refused_key {
  std::string_view key, instead;
};
result<YAML::Node> read_fields(const std::string& fields, const std::vector<refused_key>& refused);

/// A value as YAML on one line; keys that are null are left out, or stand as `null`.
enum class nulls { left_out, kept };
std::string flow_text(const YAML::Node& node, nulls what = nulls::left_out);
/// What one element of `agents` says of its log-in.
struct login_data;
login_data login_written_in(const YAML::Node& agent);

/// `{id: lin, name: Lin}`
std::string element_text(const std::string& id, const YAML::Node& fields);
/// `[vip, general]`
std::string list_text(const std::vector<std::string>& items);
/// Fit to be an id: letters, digits, `_ . -`, at most 64.
result<void> check_id(const std::string& id, const char* field);

}  // namespace switchboard::config
