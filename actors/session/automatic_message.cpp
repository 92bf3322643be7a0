#include "actors/session/automatic_message.hpp"

#include <algorithm>
#include <vector>

#include "actors/reception/message_template.hpp"

namespace switchboard {
namespace {

const std::string* find_text(const config::text_table& table, const std::string& language,
                             const std::string& moment) {
  auto l = table.find(language);
  if (l == table.end()) return nullptr;
  auto t = l->second.find(moment);
  return t == l->second.end() ? nullptr : &t->second;
}

}  // namespace

const std::string* automatic_template(const config::dispatch_config& config,
                                      const std::string& channel, const std::string& language,
                                      const std::string& moment) {
  auto c = std::ranges::find_if(config.channels, [&](auto& x) { return x.id.value == channel; });
  auto languages = language_order(language, c == config.channels.end() ? "" : c->language);
  auto own = config.channel_texts.find(channel);
  for (auto& l : languages) {
    const std::string* text =
        own == config.channel_texts.end() ? nullptr : find_text(own->second, l, moment);
    if (!text) text = find_text(config.texts, l, moment);
    if (text) return text;
  }
  return nullptr;
}

std::string called_now(const std::string& in_request, timestamp requested_at,
                       const profile_name& known) {
  const bool corrected = known.by_staff && known.at >= requested_at;
  return !known.value.empty() && (corrected || in_request.empty()) ? known.value : in_request;
}

}  // namespace switchboard
