#include "tools/switchboard-channel/typing_front.hpp"

#include <algorithm>

namespace switchboard::channel_tool {

bool typing_front::came(const std::string& session, bool typing) {
  if (session == session_) {
    over_ = false;
    return true;
  }
  const bool free = session_.empty() || over_ || session == wanted_;
  if (typing || !free) return false;
  choose(session);
  return true;
}

void typing_front::choose(const std::string& session) {
  if (session == wanted_) wanted_.clear();
  session_ = session;
  over_ = false;
}

void typing_front::over(const std::string& session) {
  if (session == session_) over_ = true;
}

void typing_front::offered(const std::string& offer, bool typing) {
  if (std::ranges::find(offers_, offer) == offers_.end()) offers_.push_back(offer);
  if (!typing) offer_ = offer;
}

bool typing_front::offer_gone(const std::string& offer, bool typing) {
  const bool was = std::erase(offers_, offer) > 0;
  if (!typing) line_ended();
  return was;
}

void typing_front::line_ended() {
  offer_ = offers_.empty() ? std::string() : offers_.back();
}

}  // namespace switchboard::channel_tool
