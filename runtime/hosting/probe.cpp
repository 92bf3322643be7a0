#include "runtime/hosting/probe.hpp"

#include <algorithm>

namespace switchboard {

std::string_view to_string(actor_kind k) {
  constexpr std::string_view names[] = {
      "session",        "agent",    "skill_group",   "router",
      "identification", "customer", "directory",     "customer_directory",
      "archive",        "adapter",  "configuration", "miner",
      "catalog"};
  return names[static_cast<int>(k)];
}

probe_registry::row probe_registry::row::of(const actor_probe& p, std::string key) {
  return {p.kind, std::move(key), p.handled,      p.failed, p.waiting(),
          p.last, p.work,         p.last_message, p.state};
}

probe_registry::enrolment probe_registry::enrol(actor_probe& probe, actor_kind kind,
                                                std::string key) {
  probe.kind = kind;
  auto& s = stripe_of(&probe);
  std::lock_guard hold(s.lock);
  // Entries of an unordered map stay where they are.
  probe.key = &s.entries.insert_or_assign(&probe, std::move(key)).first->second;
  ++s.by_kind[static_cast<std::size_t>(kind)];
  return {*this, probe};
}

void probe_registry::leave(actor_probe& p) {
  auto& s = stripe_of(&p);
  std::lock_guard hold(s.lock);
  p.key = nullptr;
  s.entries.erase(&p);
  --s.by_kind[static_cast<std::size_t>(p.kind)];
}

std::vector<probe_registry::row> probe_registry::top(std::optional<actor_kind> kind,
                                                     std::size_t limit) const {
  std::vector<row> rows;
  auto busier = [](const row& a, const row& b) { return a.handled > b.handled; };
  for (auto& s : stripes_) {
    std::lock_guard hold(s.lock);
    for (auto& [p, key] : s.entries) {
      if (kind && p->kind != *kind) continue;
      rows.push_back(row::of(*p, key));
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

std::optional<probe_registry::row> probe_registry::find(actor_kind kind,
                                                        const std::string& key) const {
  for (auto& s : stripes_) {
    std::lock_guard hold(s.lock);
    for (auto& [p, of] : s.entries) {
      if (p->kind == kind && of == key) return row::of(*p, of);
    }
  }
  return std::nullopt;
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
