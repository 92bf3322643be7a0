#include <algorithm>

#include "config/option_table.hpp"
#include "config/quantity.hpp"
#include "runtime/base/text.hpp"

namespace switchboard::config {
namespace {

constexpr std::size_t longest_text = 4096;

template <class Format>
std::string refuse_range(std::optional<std::int64_t> value, const option& o, std::string form,
                         Format format) {
  if (value && *value >= o.least && *value <= o.most) return {};
  return "expected " + form + " from " + format(o.least) + " to " + format(o.most);
}

std::string refuse_choice(std::string_view value, const option& o) {
  if (std::find(o.choices.begin(), o.choices.end(), value) != o.choices.end()) return {};
  if (auto near = nearest_name(value, o.choices); !near.empty()) {
    return "unknown value \"" + std::string(value) + "\"; did you mean \"" + near + "\"?";
  }
  std::string out = "expected one of";
  for (const auto& one : o.choices) out += (&one == &o.choices.front() ? " " : ", ") + one;
  return out;
}

std::optional<std::int64_t> in_millis(std::string_view value) {
  auto span = parse_duration(value);
  if (!span) return {};
  return span->count();
}

}  // namespace

std::string option::refusal(std::string_view value) const {
  switch (kind) {
    case option_kind::text:
      if (value.empty()) return "expected a text";
      [[fallthrough]];
    case option_kind::path:
      return value.size() > longest_text ? "too long" : "";
    case option_kind::flag:
      return value == "true" || value == "false" ? "" : "expected true or false";
    case option_kind::choice:
      return refuse_choice(value, *this);
    case option_kind::whole_number:
      return refuse_range(parse_integer(value), *this, "a whole number",
                          [](std::int64_t n) { return std::to_string(n); });
    case option_kind::size:
      return refuse_range(parse_size(value), *this, "a size", format_size);
    case option_kind::duration:
      return refuse_range(in_millis(value), *this, "a duration",
                          [](std::int64_t n) { return format_duration(millis{n}); });
  }
  return {};
}

}  // namespace switchboard::config
