#include "actors/configuration/rule_cache.hpp"

#include <algorithm>

namespace switchboard {

void rule_cache::put(std::shared_ptr<const routing_rules> rules) {
  std::lock_guard hold(lock_);
  const int version = rules->version();
  keep(version, std::move(rules));
}

std::shared_ptr<const routing_rules> rule_cache::find(int version) {
  std::lock_guard hold(lock_);
  if (auto at = places_.find(version); at != places_.end()) {
    at->second.used = ++uses_;
    return at->second.rules;
  }
  // Under the lock: who asks for the same version meanwhile would only compile it once more.
  auto rules = load_ ? load_(version) : nullptr;
  keep(version, rules);
  return rules;
}

void rule_cache::keep(int version, std::shared_ptr<const routing_rules> rules) {
  places_.insert_or_assign(version, place{std::move(rules), ++uses_});
  if (places_.size() <= most_kept) return;
  places_.erase(std::ranges::min_element(places_, {}, [](auto& p) { return p.second.used; }));
}

}  // namespace switchboard
