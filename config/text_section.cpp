#include <algorithm>

#include "config/dispatch_sections.hpp"
#include "config/reception_section.hpp"

namespace switchboard::config {
namespace {

/// Every automatic message there is. A new one is named here first.
const std::vector<std::string> message_names{
    "welcome",       "continuation", "queue",       "out_of_hours", "nobody_there",
    "leave_message", "assigned",     "transferred", "agent_left",   "long_silence",
    "idle_notice",   "closing",      "rate",        "rate_reminder"};

const std::vector<std::string> placeholders{"position", "eta",        "customer.name", "agent.name",
                                            "group",    "group.name", "channel",       "closes_in"};

}  // namespace

void check_placeholders(const yaml_value& value, std::string_view text) {
  for (auto open = text.find_first_of("{}"); open != std::string_view::npos;
       open = text.find_first_of("{}")) {
    auto close = text.find('}', open);
    if (text[open] == '}' || close == std::string_view::npos) {
      value.refuse("a brace without its partner");
      return;
    }
    auto name = text.substr(open + 1, close - open - 1);
    if (std::find(placeholders.begin(), placeholders.end(), name) == placeholders.end()) {
      value.refuse(unknown_name("placeholder", name, placeholders));
    }
    text.remove_prefix(close + 1);
  }
}

void read_texts(const yaml_value& section, text_table& out) {
  yaml_map languages(section);
  for (const auto& [language, messages] : languages.entries()) {
    yaml_map map(messages);
    for (const auto& name : message_names) {
      auto value = map.find(name);
      std::string text;
      if (!value || !value->text(text, 2048)) continue;
      check_placeholders(*value, text);
      out[language][name] = text;
    }
    map.finish();
  }
}

}  // namespace switchboard::config
