#include "adapters/password/attempt_limit.hpp"

#include <algorithm>
#include <vector>

namespace switchboard::password {
namespace {

/// No account or address holds a zero byte.
std::string key_of(std::string_view account, std::string_view address) {
  std::string out(account);
  out += '\0';
  return out.append(address);
}

}  // namespace

millis attempt_limit::begin(std::string_view account, std::string_view address, timestamp now) {
  const auto both = key_of(account, address), of_address = key_of({}, address),
             of_account = key_of(account, {});
  const auto wait = std::max({wait_of(both, x_options.free_of_account_at_address, now),
                              wait_of(of_address, x_options.free_of_address, now),
                              wait_of(of_account, x_options.free_of_account, now)});
  if (wait > millis{0}) return wait;
  count(both, now);
  count(of_address, now);
  count(of_account, now);
  return millis{0};
}

void attempt_limit::succeeded(std::string_view account, std::string_view address) {
  x_rows.erase(key_of(account, address));
  x_rows.erase(key_of(account, {}));
  // Else who knows one account's password could try others' without end.
  lower(key_of({}, address));
}

void attempt_limit::taken_back(std::string_view account, std::string_view address) {
  lower(key_of(account, address));
  lower(key_of({}, address));
  lower(key_of(account, {}));
}

millis attempt_limit::wait_of(const std::string& key, int free, timestamp now) {
  const auto at = x_rows.find(key);
  if (at == x_rows.end()) return millis{0};
  if (now - at->second.last >= x_options.forgotten_after) {
    x_rows.erase(at);
    return millis{0};
  }
  if (at->second.failures < free) return millis{0};
  constexpr int most_doublings = 20;
  const auto doublings = std::min(at->second.failures - free, most_doublings);
  const auto wait = std::min(millis{1'000} * (1 << doublings), x_options.longest);
  return std::max(millis{0}, std::chrono::duration_cast<millis>(at->second.last + wait - now));
}

void attempt_limit::count(const std::string& key, timestamp now) {
  if (x_rows.size() >= x_options.most_kept && !x_rows.contains(key)) forget_oldest();
  auto& r = x_rows[key];
  ++r.failures;
  r.last = now;
}

void attempt_limit::lower(const std::string& key) {
  const auto at = x_rows.find(key);
  if (at != x_rows.end() && --at->second.failures <= 0) x_rows.erase(at);
}

/// A tenth at once, so that a full table costs little for each who comes.
void attempt_limit::forget_oldest() {
  std::vector<timestamp> times;
  times.reserve(x_rows.size());
  for (auto& [key, r] : x_rows) times.push_back(r.last);
  const auto tenth = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 10);
  std::ranges::nth_element(times, tenth);
  const auto limit = *tenth;
  std::erase_if(x_rows, [&](auto& kv) { return kv.second.last <= limit; });
}

}  // namespace switchboard::password
