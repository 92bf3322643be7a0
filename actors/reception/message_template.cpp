#include "actors/reception/message_template.hpp"

namespace switchboard {

std::string filled(std::string_view text, const template_values& values, bool keep_unknown) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    auto close = text[i] == '{' ? text.find('}', i) : std::string_view::npos;
    if (close == std::string_view::npos) {
      out += text[i++];
      continue;
    }
    auto v = values.find(std::string(text.substr(i + 1, close - i - 1)));
    if (v != values.end())
      out += v->second;
    else if (keep_unknown)
      out += text.substr(i, close + 1 - i);
    i = close + 1;
  }
  return out;
}

std::vector<std::string> language_order(const std::string& language, const std::string& otherwise) {
  std::vector<std::string> out{language, language.substr(0, language.find('-'))};
  if (!otherwise.empty()) out.push_back(otherwise);
  out.push_back("en");
  return out;
}

std::string span_for_people(millis span, std::string_view language) {
  constexpr std::int64_t minute = 60'000, hour = 60 * minute;
  bool chinese = language.starts_with("zh");
  auto ms = span.count();
  if (ms < minute) return chinese ? "不到 1 分钟" : "less than a minute";
  auto minutes = (ms + minute / 2) / minute;
  if (ms < hour) {
    if (chinese) return "约 " + std::to_string(minutes) + " 分钟";
    return "about " + std::to_string(minutes) + (minutes == 1 ? " minute" : " minutes");
  }
  auto hours = (ms + hour / 2) / hour;
  if (chinese) return "约 " + std::to_string(hours) + " 小时";
  return "about " + std::to_string(hours) + (hours == 1 ? " hour" : " hours");
}

}  // namespace switchboard
