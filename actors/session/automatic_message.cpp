#include "actors/session/automatic_message.hpp"

#include <algorithm>
#include <vector>

namespace switchboard {
namespace {

const std::string* find_text(const config::text_table& table, const std::string& language, const std::string& moment) {
  auto l = table.find(language);
  if (l == table.end()) return nullptr;
  auto t = l->second.find(moment);
  return t == l->second.end() ? nullptr : &t->second;
}

std::string fill(const std::string& text, const std::map<std::string, std::string>& values) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    auto close = text[i] == '{' ? text.find('}', i) : std::string::npos;
    if (close == std::string::npos) {
      out += text[i++];
      continue;
    }
    auto v = values.find(text.substr(i + 1, close - i - 1));
    if (v != values.end()) out += v->second;
    i = close + 1;
  }
  return out;
}

}  // namespace

std::string automatic_text(const config::dispatch_config& config, const std::string& channel, const std::string& language,
                           const std::string& moment, const std::map<std::string, std::string>& values) {
  std::vector<std::string> languages{language, language.substr(0, language.find('-'))};
  auto c = std::ranges::find_if(config.channels, [&](auto& x) { return x.id.value == channel; });
  if (c != config.channels.end()) languages.push_back(c->language);
  languages.push_back("en");
  auto own = config.channel_texts.find(channel);
  for (auto& l : languages) {
    const std::string* text = own == config.channel_texts.end() ? nullptr : find_text(own->second, l, moment);
    if (!text) text = find_text(config.texts, l, moment);
    if (text) return fill(*text, values);
  }
  return {};
}

}  // namespace switchboard
