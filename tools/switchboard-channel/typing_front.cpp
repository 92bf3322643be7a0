#include "tools/switchboard-channel/typing_front.hpp"

#include <algorithm>

namespace switchboard::channel_tool {

bool typing_front::came(const std::string& session, bool typing) {
  if (session == x_session) {
    x_over = false;
    return true;
  }
  const bool free = x_session.empty() || x_over || session == x_wanted;
  if (typing || !free) return false;
  choose(session);
  return true;
}

void typing_front::choose(const std::string& session) {
  if (session == x_wanted) x_wanted.clear();
  x_session = session;
  x_over = false;
}

void typing_front::over(const std::string& session) {
  if (session == x_session) x_over = true;
}

void typing_front::offered(const std::string& offer, bool typing) {
  if (std::ranges::find(x_offers, offer) == x_offers.end()) x_offers.push_back(offer);
  if (!typing) x_offer = offer;
}

bool typing_front::offer_gone(const std::string& offer, bool typing) {
  const bool was = std::erase(x_offers, offer) > 0;
  if (!typing) line_ended();
  return was;
}

void typing_front::line_ended() {
  x_offer = x_offers.empty() ? std::string() : x_offers.back();
}

}  // namespace switchboard::channel_tool
