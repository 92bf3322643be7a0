#include "runtime/hosting/probe.hpp"

#include <algorithm>
#include <optional>

namespace switchboard {

std::string_view to_string(actor_kind k) {
  constexpr std::string_view names[] = {
      "session",        "agent",    "skill_group",   "router",
      "identification", "customer", "directory",     "customer_directory",
      "archive",        "adapter",  "configuration", "miner",
      "catalog"};
  return names[static_cast<int>(k)];
}

std::shared_ptr<actor_probe> probe_registry::enrol(actor_kind kind, std::string key) {
  auto* raw = new actor_probe;
  raw->kind = kind;
  auto& s = stripe_of(raw);
  {
    std::lock_guard hold(s.lock);
    s.entries.emplace(raw, std::move(key));
    ++s.by_kind[static_cast<std::size_t>(kind)];
  }
  return {raw, [this](actor_probe* p) {
            auto& own = stripe_of(p);
            {
              std::lock_guard hold(own.lock);
              own.entries.erase(p);
              --own.by_kind[static_cast<std::size_t>(p->kind)];
            }
            delete p;
          }};
}

std::vector<probe_registry::row> probe_registry::top(std::optional<actor_kind> kind,
                                                     std::size_t limit) const {
  std::vector<row> rows;
  auto busier = [](const row& a, const row& b) { return a.handled > b.handled; };
  for (auto& s : stripes_) {
    std::lock_guard hold(s.lock);
    for (auto& [p, key] : s.entries) {
      if (kind && p->kind != *kind) continue;
      rows.push_back({p->kind, key, p->handled, p->failed, p->last_ms, p->state});
      std::push_heap(rows.begin(), rows.end(), busier);
      if (rows.size() > limit) {
        std::pop_heap(rows.begin(), rows.end(), busier);
        rows.pop_back();
      }
    }
  }
  std::sort(rows.begin(), rows.end(), busier);
  return rows;
}

std::array<std::size_t, actor_kinds> probe_registry::counts() const {
  std::array<std::size_t, actor_kinds> n{};
  for (auto& s : stripes_) {
    std::lock_guard hold(s.lock);
    for (std::size_t k = 0; k < actor_kinds; ++k) n[k] += s.by_kind[k];
  }
  return n;
}

}  // namespace switchboard
