#include "tools/whatif/arrival_source.hpp"

#include <algorithm>
#include <functional>

namespace switchboard::whatif {
namespace {

constexpr double hour_ms = 3'600'000;

}  // namespace

arrival_source::arrival_source(const deployment_model& model)
    : model_(model), streams_(model.requests.size()) {
  if (model.recorded.empty()) {
    for (std::uint32_t c = 0; c < streams_.size(); ++c) {
      if (step(c)) heap_.emplace_back(streams_[c].at_ms, c);
    }
    std::ranges::make_heap(heap_, std::greater<>{});
  }
  advance();
}

/// The next moment of a class's process; false when it lies past the end. What is left of a gap at
/// an hour's end is stretched by the next hour's rate, which is exact for a Poisson process.
bool arrival_source::step(std::uint32_t of) {
  auto& s = streams_[of];
  const auto& rates = model_.requests[of].per_hour;
  const auto key = mixed(mixed(model_.seed, of), s.count++);
  double left = -std::log(chance(key, draw::gap));  // in mean gaps
  const double begin = static_cast<double>(model_.start_minute) * 60'000;
  const auto end = static_cast<double>(model_.length.count());
  while (s.at_ms < end) {
    const double of_day = s.at_ms + begin;
    const auto hour = static_cast<std::int64_t>(of_day / hour_ms);
    const double rate = rates[static_cast<std::size_t>(hour % 24)] / hour_ms;
    const double to_next = static_cast<double>(hour + 1) * hour_ms - of_day;
    if (left <= rate * to_next) {
      s.at_ms += left / rate;
      return s.at_ms < end;
    }
    left -= rate * to_next;
    s.at_ms = static_cast<double>(hour + 1) * hour_ms - begin;
  }
  return false;
}

void arrival_source::advance() {
  if (!model_.recorded.empty()) return advance_recorded();
  over_ = heap_.empty();
  if (over_) return;
  const auto [at, of] = heap_.front();
  const auto key = mixed(mixed(model_.seed, of), streams_[of].count - 1);
  next_ = complete(static_cast<std::int64_t>(at), of, key);
  std::ranges::pop_heap(heap_, std::greater<>{});
  heap_.pop_back();
  if (!step(of)) return;
  heap_.emplace_back(streams_[of].at_ms, of);
  std::ranges::push_heap(heap_, std::greater<>{});
}

void arrival_source::advance_recorded() {
  over_ = row_ >= model_.recorded.size() || model_.recorded[row_].at_ms >= model_.length.count();
  if (over_) return;
  const auto& r = model_.recorded[row_];
  next_ = complete(r.at_ms, r.of, mixed(mixed(model_.seed, r.of), row_));
  if (r.handle_ms >= 0) next_.handle_ms = r.handle_ms;
  if (r.patience_ms >= 0) next_.patience_ms = r.patience_ms;
  ++row_;
}

arrival arrival_source::complete(std::int64_t at_ms, std::uint32_t of, std::uint64_t key) const {
  const auto& c = model_.requests[of];
  arrival a{.at_ms = at_ms, .of = of, .key = key};
  a.handle_ms = c.handle.span_ms(chance(key, draw::handle), chance(key, draw::handle_2));
  if (c.patience) {
    a.patience_ms = c.patience->span_ms(chance(key, draw::patience), chance(key, draw::patience_2));
  }
  return a;
}

}  // namespace switchboard::whatif
