#include "tools/switchboardctl/inspection/activity_reading.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "runtime/hosting/span_histogram.hpp"
#include "tools/switchboardctl/field_text.hpp"

namespace switchboard::ctl {
namespace {

using span_counts = std::array<double, span_histogram::buckets>;

void add(span_counts& to, const json& sparse, double sign) {
  if (!sparse.is_array()) return;
  for (std::size_t i = 0; i + 1 < sparse.size(); i += 2) {
    const auto bucket = sparse[i].get<std::size_t>();
    if (bucket < to.size()) to[bucket] += sign * sparse[i + 1].get<double>();
  }
}

/// Within a bucket all are taken to lie evenly.
double quantile(const span_counts& counts, double share, double us_per_tick) {
  double all = 0;
  for (auto n : counts) all += n;
  if (all <= 0) return -1;
  double left = all * share;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] < left) {
      left -= counts[i];
      continue;
    }
    const auto low = static_cast<double>(span_histogram::least_of(i));
    const auto high =
        i + 1 < counts.size() ? static_cast<double>(span_histogram::least_of(i + 1)) : low * 2;
    return (low + (high - low) * (counts[i] > 0 ? left / counts[i] : 0)) * us_per_tick;
  }
  return -1;
}

struct sums {
  double handled = 0, failed = 0, work_us = 0;
  span_counts work{}, wait{};

  void add_row(const json& row, double sign) {
    handled += sign * static_cast<double>(number(row, "handled"));
    failed += sign * static_cast<double>(number(row, "failed"));
    work_us += sign * static_cast<double>(number(row, "work_us"));
    add(work, part(row, "work"), sign);
    add(wait, part(row, "wait"), sign);
  }
};

activity_row row_of(const sums& s, double seconds, double us_per_tick) {
  activity_row r;
  r.failed = static_cast<std::int64_t>(s.failed);
  r.per_second = s.handled / seconds;
  r.share = s.work_us / 1e6 / seconds;
  r.work = {quantile(s.work, 0.5, us_per_tick), quantile(s.work, 0.99, us_per_tick)};
  r.wait = {quantile(s.wait, 0.5, us_per_tick), quantile(s.wait, 0.99, us_per_tick)};
  return r;
}

double real(const json& from, std::string_view field, double absent) {
  auto found = from.find(field);
  return found != from.end() && found->is_number() ? found->get<double>() : absent;
}

}  // namespace

activity activity_between(const json& before, const json& after) {
  activity a;
  const auto at = number(after, "at_us");
  const bool goes_on = before.is_object() && number(before, "at_us") < at;
  const auto since = goes_on ? number(before, "at_us") : 0;
  a.seconds = std::max(static_cast<double>(at - since) / 1e6, 1e-3);
  const auto us_per_tick = real(after, "ns_per_tick", 1) / 1'000;

  std::map<std::string, sums> by_kind;
  std::map<std::pair<std::string, std::string>, sums> by_message;
  auto take = [&](const json& from, double sign) {
    for (auto& row : part(from, "messages")) {
      const auto kind = shown(row, "kind"), message = shown(row, "message");
      by_kind[kind].add_row(row, sign);
      by_message[{kind, message}].add_row(row, sign);
    }
  };
  take(after, 1);
  if (goes_on) take(before, -1);
  for (auto& [kind, living] : part(after, "living").items()) {
    if (living.is_number() && living.get<std::int64_t>() > 0) by_kind[kind];
  }
  for (auto& [kind, s] : by_kind) {
    auto r = row_of(s, a.seconds, us_per_tick);
    r.kind = kind;
    r.living = number(part(after, "living"), kind);
    a.share += r.share;
    a.kinds.push_back(std::move(r));
  }
  for (auto& [of, s] : by_message) {
    if (s.handled <= 0) continue;
    auto r = row_of(s, a.seconds, us_per_tick);
    r.kind = of.first;
    r.message = of.second;
    a.messages.push_back(std::move(r));
  }
  std::ranges::stable_sort(a.kinds, std::greater<>(), &activity_row::share);
  std::ranges::stable_sort(a.messages, std::greater<>(), &activity_row::share);

  auto& busiest = part(after, "busiest");
  const auto window = static_cast<double>(number(busiest, "window_us")) / 1e6;
  for (auto& row : part(busiest, "actors")) {
    if (window <= 0) break;
    a.actors.push_back(
        {shown(row, "kind"), shown(row, "key"), shown(row, "state"), shown(row, "last_message"),
         static_cast<double>(number(row, "messages")) / window,
         static_cast<double>(number(row, "work_us")) / 1e6 / window, number(row, "waiting")});
  }
  for (auto& t : part(after, "workers")) {
    a.threads.push_back(
        {static_cast<double>(number(t, "busy_us")), shown(t, "kind"), shown(t, "message")});
  }
  a.waiting_jobs = number(after, "waiting_jobs");
  return a;
}

std::string latency_text(double us) {
  if (us < 0) return "-";
  std::array<char, 32> text{};
  if (us < 999.5)
    std::snprintf(text.data(), text.size(), "%.0fus", us);
  else if (us < 9'950)
    std::snprintf(text.data(), text.size(), "%.1fms", us / 1e3);
  else if (us < 999'500)
    std::snprintf(text.data(), text.size(), "%.0fms", us / 1e3);
  else
    std::snprintf(text.data(), text.size(), "%.1fs", us / 1e6);
  return text.data();
}

}  // namespace switchboard::ctl
