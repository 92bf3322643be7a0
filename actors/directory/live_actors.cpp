#include "actors/directory/live_actors.hpp"

#include <algorithm>

#include "runtime/hosting/observed_actor.hpp"

namespace switchboard {
namespace {

constexpr auto busier = [](const probe_registry::row& a, const probe_registry::row& b) {
  return a.handled > b.handled;
};

std::vector<probe_registry::row> busiest_sessions(const session_table& sessions,
                                                  std::size_t limit) {
  std::vector<probe_registry::row> rows;
  sessions.for_each([&](const session_id& id, const session_actor& who) {
    auto* p = probe_of(who);
    if (!p || (rows.size() == limit && rows.front().handled >= p->handled)) return true;
    rows.push_back(probe_registry::row::of(*p, id.text()));
    std::ranges::push_heap(rows, busier);
    if (rows.size() > limit) {
      std::ranges::pop_heap(rows, busier);
      rows.pop_back();
    }
    return true;
  });
  return rows;
}

}  // namespace

std::array<std::size_t, actor_kinds> count_actors(const probe_registry& probes,
                                                  const session_table& sessions) {
  auto counts = probes.counts();
  counts[static_cast<std::size_t>(actor_kind::session)] += sessions.size();
  return counts;
}

std::vector<probe_registry::row> busiest_actors(const probe_registry& probes,
                                                const session_table& sessions,
                                                std::optional<actor_kind> kind, std::size_t limit) {
  if (limit == 0) return {};
  auto rows = probes.top(kind, limit);
  if (!kind || *kind == actor_kind::session)
    std::ranges::move(busiest_sessions(sessions, limit), std::back_inserter(rows));
  std::ranges::sort(rows, busier);
  if (rows.size() > limit)
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(limit), rows.end());
  return rows;
}

std::optional<probe_registry::row> find_actor(const probe_registry& probes,
                                              const session_table& sessions, actor_kind kind,
                                              const std::string& key) {
  if (kind != actor_kind::session) return probes.find(kind, key);
  const auto id = session_id::parse(key);
  const auto who = id ? sessions.find(*id) : session_actor{};
  const auto* probe = who ? probe_of(who) : nullptr;
  return probe ? std::optional(probe_registry::row::of(*probe, key)) : std::nullopt;
}

}  // namespace switchboard
