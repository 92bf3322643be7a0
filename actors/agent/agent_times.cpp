#include <algorithm>

#include "actors/agent/agent_times.hpp"

namespace switchboard::agent_times {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
/// More than a month, so that one can be compared with the one before it began.
constexpr std::size_t most_days = 35;
/// Reasons are free text where none are configured.
constexpr std::size_t most_kinds = 32;

day_times& day_of(std::vector<day_times>& days, std::int64_t day) {
  auto at = std::ranges::lower_bound(days, day, {}, &day_times::day);
  if (at == days.end() || at->day != day) at = days.insert(at, day_times{day, {}});
  return *at;
}

}  // namespace

void add(std::vector<day_times>& days, std::string_view state, std::string_view reason,
         timestamp from, timestamp to) {
  auto begin = unix_ms(from);
  const auto end = unix_ms(to);
  if (begin <= 0 || end <= begin) return;
  // After a long absence only what is kept anyway is walked through.
  begin = std::max(begin, end - static_cast<std::int64_t>(most_days) * day_ms);
  while (begin < end) {
    const auto day = begin / day_ms;
    const auto until = std::min(end, (day + 1) * day_ms);
    auto& spent = day_of(days, day).spent;
    auto kind = std::string(state);
    if (!reason.empty()) kind.append("/").append(reason);
    if (spent.size() >= most_kinds && !spent.contains(kind)) kind = std::string(state);
    spent[kind] += until - begin;
    begin = until;
  }
  if (days.size() > most_days)
    days.erase(days.begin(), days.end() - static_cast<std::ptrdiff_t>(most_days));
}

}  // namespace switchboard::agent_times
