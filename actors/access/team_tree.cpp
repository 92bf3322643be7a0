#include "actors/access/team_tree.hpp"

#include <algorithm>

namespace switchboard::team_tree {
namespace {

/// The loader refuses circles and more than this; a tree made otherwise ends here too.
constexpr int deepest = 16;

const config::agent_config* find_agent(const config::dispatch_config& c, std::string_view id) {
  auto at = std::ranges::find_if(c.agents, [&](auto& a) { return a.id.value == id; });
  return at == c.agents.end() ? nullptr : &*at;
}

const config::team_config* find_team(const config::dispatch_config& c, std::string_view id) {
  if (id.empty()) return nullptr;
  auto at = std::ranges::find_if(c.teams, [&](auto& t) { return t.id == id; });
  return at == c.teams.end() ? nullptr : &*at;
}

bool heads(const config::agent_config& who, const config::team_config& team) {
  if (std::ranges::find(team.leaders, who.id) != team.leaders.end()) return true;
  return who.role == "supervisor" && who.team == team.id;
}

/// The team or one above it is headed by `who`.
bool is_under(const config::dispatch_config& c, const config::agent_config& who,
              const config::team_config* team) {
  for (int up = 0; team && up <= deepest; ++up) {
    if (heads(who, *team)) return true;
    team = find_team(c, team->parent);
  }
  return false;
}

}  // namespace

std::optional<account_role> role_of(const config::dispatch_config& c, std::string_view account) {
  auto* a = find_agent(c, account);
  if (!a) return {};
  if (a->role == "admin") return account_role::admin;
  if (a->role == "supervisor") return account_role::supervisor;
  if (a->role == "leader") return account_role::leader;
  return account_role::agent;
}

bool leads(const config::dispatch_config& c, std::string_view who, std::string_view agent) {
  if (who == agent) return false;
  auto *above = find_agent(c, who), *below = find_agent(c, agent);
  if (!above || !below || above->role == "agent") return false;
  return above->role == "admin" || is_under(c, *above, find_team(c, below->team));
}

std::vector<const config::team_config*> led_by(const config::dispatch_config& c,
                                               std::string_view who) {
  std::vector<const config::team_config*> out;
  auto* above = find_agent(c, who);
  if (!above || above->role == "agent") return out;
  for (auto& team : c.teams) {
    if (above->role == "admin" || is_under(c, *above, &team)) out.push_back(&team);
  }
  return out;
}

}  // namespace switchboard::team_tree
