#include "actors/agent/agent_times.hpp"

#include <algorithm>

#include "runtime/cel/time_zone.hpp"

namespace switchboard::agent_times {
namespace {

constexpr std::int64_t day_ms = 86'400'000;  // of UTC
/// More than a month, so that one can be compared with the one before it began.
constexpr std::size_t most_days = 35;
/// Reasons are free text where none are configured.
constexpr std::size_t most_kinds = 32;

day_times& times_of(std::vector<day_times>& days, std::int64_t day) {
  auto at = std::ranges::lower_bound(days, day, {}, &day_times::day);
  if (at == days.end() || at->day != day) at = days.insert(at, day_times{day, {}});
  return *at;
}

}  // namespace

std::int64_t day_of(timestamp at, std::string_view zone) {
  const auto day = cel::civil_day_in(cel::instant::from(at), zone);
  return day ? *day : unix_ms(at) / day_ms;
}

timestamp day_begins(std::int64_t day, std::string_view zone) {
  const auto moments = cel::moments_of(day, 0, zone);
  return from_unix_ms(moments.empty() ? day * day_ms : moments.front() * 1'000);
}

void add(std::vector<day_times>& days, std::string_view state, std::string_view reason,
         timestamp from, timestamp to, std::string_view zone) {
  auto begin = from;
  if (unix_ms(begin) <= 0 || to <= begin) return;
  // After a long absence only what is kept anyway is walked through.
  begin = std::max(begin, to - std::chrono::days{most_days});
  while (begin < to) {
    const auto day = day_of(begin, zone);
    const auto until = std::min(to, std::max(day_begins(day + 1, zone), begin + millis{1}));
    auto& spent = times_of(days, day).spent;
    auto kind = std::string(state);
    if (!reason.empty()) kind.append("/").append(reason);
    if (spent.size() >= most_kinds && !spent.contains(kind)) kind = std::string(state);
    spent[kind] += (until - begin).count();
    begin = until;
  }
  if (days.size() > most_days)
    days.erase(days.begin(), days.end() - static_cast<std::ptrdiff_t>(most_days));
}

}  // namespace switchboard::agent_times
