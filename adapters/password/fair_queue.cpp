#include "adapters/password/fair_queue.hpp"

#include <algorithm>

namespace switchboard::password {

bool fair_queue::put_known(item what) {
  if (x_known.size() >= x_options.most_known) return false;
  x_known.push_back(std::move(what));
  return true;
}

bool fair_queue::put(const std::string& address, item what, std::optional<item>& gave_way) {
  const auto at = x_of.find(address);
  const auto has = at == x_of.end() ? 0 : at->second.size();
  if (has >= x_options.most_of_address) return false;
  if (x_waiting >= x_options.most_waiting) {
    if (has > 0) return false;
    gave_way = push_out();
    if (!gave_way) return false;
  }
  if (has == 0) x_turns.push_back(address);
  x_of[address].push_back(std::move(what));
  ++x_waiting;
  return true;
}

/// The newest of the address that has most; nothing where none has two.
std::optional<fair_queue::item> fair_queue::push_out() {
  const auto longest = std::ranges::max_element(
      x_of, {}, [](auto& address) { return address.second.size(); });
  if (longest == x_of.end() || longest->second.size() < 2) return {};
  auto out = std::move(longest->second.back());
  longest->second.pop_back();
  --x_waiting;
  return out;
}

std::optional<fair_queue::item> fair_queue::take() {
  const bool known = !x_known.empty() && (x_known_next || x_waiting == 0);
  x_known_next = !known;
  if (!known) return take_of_address();
  auto out = std::move(x_known.front());
  x_known.pop_front();
  return out;
}

std::optional<fair_queue::item> fair_queue::take_of_address() {
  if (x_turns.empty()) return {};
  auto address = std::move(x_turns.front());
  x_turns.pop_front();
  const auto at = x_of.find(address);
  auto out = std::move(at->second.front());
  at->second.pop_front();
  --x_waiting;
  if (at->second.empty())
    x_of.erase(at);
  else
    x_turns.push_back(std::move(address));
  return out;
}

void fair_queue::clear() {
  x_known.clear();
  x_of.clear();
  x_turns.clear();
  x_waiting = 0;
}

}  // namespace switchboard::password
