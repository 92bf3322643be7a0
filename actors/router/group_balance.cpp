#include "actors/router/group_balance.hpp"

#include <algorithm>
#include <tuple>

#include "runtime/base/error.hpp"
#include "runtime/base/hash.hpp"

namespace switchboard {
namespace {

struct candidate {
  const group_id* group;
  bool nobody_online = false;
  std::int64_t figure = 0;  // the less the better
  std::uint64_t lot = 0;

  auto key() const { return std::tie(nobody_online, figure, lot); }
};

std::uint64_t lot_of(const session_id& session, const group_id& group) {
  const std::string_view ulid(reinterpret_cast<const char*>(session.ulid.data()),
                              session.ulid.size());
  // FNV spreads poorly over its high bits for texts that differ at their end only.
  auto h = fnv1a(group.value, fnv1a(ulid));
  h ^= h >> 32;
  h *= 0x9e3779b97f4a7c15ull;
  return h ^ h >> 29;
}

std::int64_t wait_of(const queue_figures& f) {
  if (f.waiting == 0 && f.available > 0) return -1;
  return f.eta ? f.eta->p50_ms : f.oldest.count();
}

std::int64_t figure_of(config::balance_by by, const queue_figures& f) {
  switch (by) {
    case config::balance_by::shortest_wait:
      return wait_of(f);
    case config::balance_by::fewest_waiting:
      return f.waiting;
    case config::balance_by::most_available:
      return -f.available;
    case config::balance_by::round_robin:
      return 0;
  }
  return 0;
}

std::string_view name_of(config::balance_by by) {
  switch (by) {
    case config::balance_by::shortest_wait:
      return "shortest_wait";
    case config::balance_by::fewest_waiting:
      return "fewest_waiting";
    case config::balance_by::most_available:
      return "most_available";
    case config::balance_by::round_robin:
      return "round_robin";
  }
  return "";
}

std::string shown(config::balance_by by, const candidate& c) {
  if (c.nobody_online) return "nobody online";
  switch (by) {
    case config::balance_by::shortest_wait:
      return c.figure < 0 ? "no wait" : std::to_string(c.figure / 1000) + "s";
    case config::balance_by::fewest_waiting:
      return std::to_string(c.figure) + " waiting";
    case config::balance_by::most_available:
      return std::to_string(-c.figure) + " available";
    case config::balance_by::round_robin:
      return {};
  }
  return {};
}

std::string reason(config::balance_by by, const std::vector<candidate>& sorted) {
  constexpr std::size_t most = 4;
  auto out = sorted[0].group->value + " by " + std::string(name_of(by));
  if (by == config::balance_by::round_robin) return out;
  out += ": " + shown(by, sorted[0]);
  for (std::size_t i = 1; i < sorted.size() && i < most; ++i) {
    out += ", " + sorted[i].group->value + " " + shown(by, sorted[i]);
  }
  if (sorted.size() > most) out += " and " + std::to_string(sorted.size() - most) + " more";
  return out;
}

}  // namespace

balanced balance(const std::vector<group_id>& groups, config::balance_by by,
                 const queue_snapshot& board, const session_id& session) {
  SB_INVARIANT(!groups.empty());
  if (groups.size() == 1) return {groups[0], {}};
  std::vector<candidate> all;
  for (const auto& g : groups) {
    candidate c{.group = &g, .lot = lot_of(session, g)};
    const auto* figures = board.find(g.value);
    // Turns go round whoever is there; a group that has not reported is judged like an empty one.
    c.nobody_online = by != config::balance_by::round_robin && (!figures || figures->online == 0);
    if (figures) c.figure = figure_of(by, *figures);
    all.push_back(c);
  }
  std::ranges::sort(all, [](auto& a, auto& b) { return a.key() < b.key(); });
  return {*all[0].group, reason(by, all)};
}

}  // namespace switchboard
