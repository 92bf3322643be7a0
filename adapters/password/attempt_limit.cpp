#include "adapters/password/attempt_limit.hpp"

#include <algorithm>
#include <vector>

namespace switchboard::password {
namespace {

/// No account, address or device holds a zero byte.
std::string key_of(std::string_view account, std::string_view address) {
  std::string out(account);
  out += '\0';
  return out.append(address);
}

/// What counts the failures of a device or, without one, of the account at the address.
std::string own_key(const attempt_origin& from) {
  if (from.device.empty()) return key_of(from.account, from.address);
  return key_of(from.account, std::string("device ").append(from.device));
}

/// A tenth at once, so that a full table costs little for each who comes.
template <class Map, class Time> void forget_oldest(Map& rows, Time time_of) {
  std::vector<timestamp> times;
  times.reserve(rows.size());
  for (auto& [key, r] : rows) times.push_back(time_of(r));
  const auto tenth = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 10);
  std::ranges::nth_element(times, tenth);
  const auto limit = *tenth;
  std::erase_if(rows, [&](auto& kv) { return time_of(kv.second) <= limit; });
}

}  // namespace

millis attempt_limit::begin(const attempt_origin& from, timestamp now) {
  auto& o = options_;
  const auto own = own_key(from), of_address = key_of({}, from.address),
             of_account = key_of(from.account, {});
  const bool known = is_known(from, now);
  auto wait = wait_of(own, o.free_of_account_at_address, o.longest, now);
  if (!known) {
    wait = std::max({wait, wait_of(of_address, o.free_of_address, o.longest, now),
                     wait_of(of_account, o.free_of_account, o.longest_of_account, now)});
  }
  if (wait > millis{0}) return wait;
  count(own, now);
  if (known) return wait;
  count(of_address, now);
  count(of_account, now);
  return wait;
}

void attempt_limit::succeeded(const attempt_origin& from, timestamp now) {
  const bool known = is_known(from, now);
  rows_.erase(own_key(from));
  if (!known) {
    rows_.erase(key_of(from.account, {}));
    // Else who knows one account's password could try others' without end.
    lower(key_of({}, from.address));
  }
  if (known_.size() >= options_.most_kept) forget_oldest(known_, [](timestamp t) { return t; });
  known_[key_of(from.account, from.address)] = now;
}

void attempt_limit::taken_back(const attempt_origin& from, timestamp now) {
  lower(own_key(from));
  if (is_known(from, now)) return;
  lower(key_of({}, from.address));
  lower(key_of(from.account, {}));
}

bool attempt_limit::is_known(const attempt_origin& from, timestamp now) const {
  if (!from.device.empty()) return true;
  const auto at = known_.find(key_of(from.account, from.address));
  return at != known_.end() && now - at->second < options_.known_for;
}

millis attempt_limit::wait_of(const std::string& key, int free, millis longest, timestamp now) {
  const auto at = rows_.find(key);
  if (at == rows_.end()) return millis{0};
  if (now - at->second.last >= options_.forgotten_after) {
    rows_.erase(at);
    return millis{0};
  }
  if (at->second.failures < free) return millis{0};
  constexpr int most_doublings = 20;
  const auto doublings = std::min(at->second.failures - free, most_doublings);
  const auto wait = std::min(millis{1'000} * (1 << doublings), longest);
  return std::max(millis{0}, std::chrono::duration_cast<millis>(at->second.last + wait - now));
}

void attempt_limit::count(const std::string& key, timestamp now) {
  if (rows_.size() >= options_.most_kept && !rows_.contains(key))
    forget_oldest(rows_, [](auto& r) { return r.last; });
  auto& r = rows_[key];
  ++r.failures;
  r.last = now;
}

void attempt_limit::lower(const std::string& key) {
  const auto at = rows_.find(key);
  if (at != rows_.end() && --at->second.failures <= 0) rows_.erase(at);
}

}  // namespace switchboard::password
