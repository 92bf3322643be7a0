#include "config/yaml_value.hpp"

#include <algorithm>

#include "config/quantity.hpp"
#include "runtime/base/text.hpp"

namespace switchboard::config {
namespace {

constexpr int highest_level = 100;

std::string range(const std::string& least, const std::string& most) {
  return "from " + least + " to " + most;
}

int line_of(const YAML::Node& node, int otherwise) {
  auto at = node.Mark();
  return at.is_null() ? otherwise : at.line + 1;
}

}  // namespace

std::string unknown_name(std::string_view what, std::string_view word,
                         const std::vector<std::string>& candidates) {
  auto out = "unknown " + std::string(what) + " \"" + std::string(word) + "\"";
  if (auto near = nearest_name(word, candidates); !near.empty()) {
    return out + "; did you mean \"" + near + "\"?";
  }
  if (candidates.empty()) return out + "; none is declared";
  out += "; there are";
  // A long list helps nobody: a few examples show the form.
  constexpr std::size_t shown = 12;
  for (std::size_t i = 0; i < std::min(shown, candidates.size()); ++i) {
    out += (i == 0 ? " " : ", ") + candidates[i];
  }
  return out + (candidates.size() > shown ? ", ..." : "");
}

bool yaml_value::refuse(std::string message) const {
  errors_->add(line_, path_, std::move(message));
  return false;
}

bool yaml_value::refuse_unknown(std::string_view what, std::string_view word,
                                const std::vector<std::string>& known) const {
  return !errors_->names_missing() && refuse(unknown_name(what, word, known));
}

bool yaml_value::text(std::string& out, std::size_t most_bytes) const {
  if (!node_.IsScalar()) return refuse("expected text");
  if (node_.Scalar().size() > most_bytes) {
    return refuse("longer than " + std::to_string(most_bytes) + " bytes");
  }
  out = node_.Scalar();
  return true;
}

bool yaml_value::condition(std::string& out) const {
  if (node_.IsNull()) return out.clear(), true;
  if (!node_.IsScalar()) return refuse("expected a condition; quote it if it holds braces");
  return text(out, 4096);
}

bool yaml_value::integer(int& out, int least, int most) const {
  auto value = parse_integer(scalar());
  if (!value || *value < least || *value > most) {
    return refuse("expected a whole number " + range(std::to_string(least), std::to_string(most)));
  }
  out = static_cast<int>(*value);
  return true;
}

bool yaml_value::number(double& out, double least, double most) const {
  auto value = parse_number(scalar());
  if (!value || *value < least || *value > most) {
    auto shown = [](double d) { return YAML::Dump(YAML::Node(d)); };
    return refuse("expected a number " + range(shown(least), shown(most)));
  }
  out = *value;
  return true;
}

bool yaml_value::flag(bool& out) const {
  auto word = scalar();
  if (word != "true" && word != "false") return refuse("expected true or false");
  out = word == "true";
  return true;
}

bool yaml_value::duration(millis& out, millis least, millis most) const {
  auto value = parse_duration(scalar());
  if (!value) return refuse("expected a duration such as 300ms, 20s, 5m, 24h or 7d");
  if (*value < least || *value > most) {
    return refuse("expected a duration " + range(format_duration(least), format_duration(most)));
  }
  out = *value;
  return true;
}

bool yaml_value::levels(std::map<std::string, int>& out) const {
  if (!node_.IsMap()) return refuse("expected {skill: level}");
  bool good = true;
  yaml_map pairs(*this);
  for (const auto& [skill, level] : pairs.entries()) {
    int n = 0;
    good = level.integer(n, 1, highest_level) && good;
    out[skill] = n;
  }
  return good;
}

bool yaml_value::reference(std::string& out, std::string_view what,
                           const std::vector<std::string>& known) const {
  std::string word;
  if (!text(word)) return false;
  if (std::find(known.begin(), known.end(), word) == known.end()) {
    return refuse_unknown(what, word, known);
  }
  out = std::move(word);
  return true;
}

std::vector<yaml_value> yaml_value::list(std::size_t most) const {
  std::vector<yaml_value> out;
  if (!node_.IsSequence()) return refuse("expected a list"), out;
  if (node_.size() > most) {
    errors_->note_names_missing();
    return refuse("more than " + std::to_string(most) + " elements"), out;
  }
  for (const auto& element : node_) {
    auto path = path_ + "[" + std::to_string(out.size()) + "]";
    out.emplace_back(element, line_of(element, line_), std::move(path), *errors_);
  }
  return out;
}

std::vector<yaml_value> yaml_value::one_or_list(std::size_t most) const {
  return node_.IsScalar() ? std::vector{*this} : list(most);
}

}  // namespace switchboard::config
