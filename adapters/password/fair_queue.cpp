#include "adapters/password/fair_queue.hpp"

#include <algorithm>

namespace switchboard::password {

bool fair_queue::put_known(item what) {
  if (known_.size() >= options_.most_known) return false;
  known_.push_back(std::move(what));
  return true;
}

bool fair_queue::put(const std::string& address, item what, std::optional<item>& gave_way) {
  const auto at = of_.find(address);
  const auto has = at == of_.end() ? 0 : at->second.size();
  if (has >= options_.most_of_address) return false;
  if (waiting_ >= options_.most_waiting) {
    if (has > 0) return false;
    gave_way = push_out();
    if (!gave_way) return false;
  }
  if (has == 0) turns_.push_back(address);
  of_[address].push_back(std::move(what));
  ++waiting_;
  return true;
}

/// The newest of the address that has most; nothing where none has two.
std::optional<fair_queue::item> fair_queue::push_out() {
  const auto longest =
      std::ranges::max_element(of_, {}, [](auto& address) { return address.second.size(); });
  if (longest == of_.end() || longest->second.size() < 2) return {};
  auto out = std::move(longest->second.back());
  longest->second.pop_back();
  --waiting_;
  return out;
}

std::optional<fair_queue::item> fair_queue::take() {
  const bool known = !known_.empty() && (known_next_ || waiting_ == 0);
  known_next_ = !known;
  if (!known) return take_of_address();
  auto out = std::move(known_.front());
  known_.pop_front();
  return out;
}

std::optional<fair_queue::item> fair_queue::take_of_address() {
  if (turns_.empty()) return {};
  auto address = std::move(turns_.front());
  turns_.pop_front();
  const auto at = of_.find(address);
  auto out = std::move(at->second.front());
  at->second.pop_front();
  --waiting_;
  if (at->second.empty())
    of_.erase(at);
  else
    turns_.push_back(std::move(address));
  return out;
}

void fair_queue::clear() {
  known_.clear();
  of_.clear();
  turns_.clear();
  waiting_ = 0;
}

}  // namespace switchboard::password
