#include <algorithm>
#include <map>

#include "config/dispatch_sections.hpp"

namespace switchboard::config {
namespace {

constexpr std::size_t deepest = 16;

class team_reader {
 public:
  explicit team_reader(dispatch_config& out) : x_out(out) {
    for (auto& agent : out.agents) {
      if (!agent.id.empty()) x_agents.emplace(agent.id.value, &agent);
    }
  }

  void read(const yaml_value& section) {
    for (const auto& one : section.list(10'000)) read_team(one);
    for (auto& [index, value] : x_parents) {
      value.reference(x_out.teams[index].parent, "team", x_names);
    }
    check_height();
    place_agents(*section.errors());
  }

 private:
  void read_team(const yaml_value& one) {
    team_config team;
    team.where = one.where();
    yaml_map map(one);
    team.id = x_ids.read(map);
    team.name = team.id;
    if (auto v = map.find("name")) v->text(team.name);
    if (auto v = map.find("parent")) x_parents.emplace_back(x_out.teams.size(), *v);
    if (auto v = map.find("leaders")) read_leaders(*v, team);
    if (auto v = map.find("members")) read_members(*v, team);
    map.finish();
    if (!team.id.empty()) x_names.push_back(team.id);
    x_out.teams.push_back(std::move(team));
  }

  agent_config* find_agent(const yaml_value& one) {
    std::string id;
    if (!one.text(id)) return nullptr;
    if (auto at = x_agents.find(id); at != x_agents.end()) return at->second;
    std::vector<std::string> names;
    for (auto& [name, agent] : x_agents) names.push_back(name);
    one.refuse_unknown("agent", id, names);
    return nullptr;
  }

  void read_leaders(const yaml_value& value, team_config& team) {
    for (const auto& one : value.list(1000)) {
      auto* agent = find_agent(one);
      if (!agent) continue;
      // Who leads needs the rights to; said here, where it can be mended.
      if (agent->role == "agent") {
        one.refuse("\"" + agent->id.value +
                   "\" has the role agent; who leads a team is leader, supervisor or admin");
      } else {
        team.leaders.push_back(agent->id);
      }
    }
  }

  void read_members(const yaml_value& value, const team_config& team) {
    for (const auto& one : value.list(100'000)) {
      auto* agent = find_agent(one);
      if (!agent) continue;
      if (agent->team.empty() || agent->team == team.id) {
        agent->team = team.id;
      } else {
        one.refuse("\"" + agent->id.value + "\" is in the team \"" + agent->team + "\" already");
      }
    }
  }

  /// A team above itself would make its leaders their own subordinates.
  void check_height() {
    std::map<std::string, std::string> above;
    for (auto& team : x_out.teams) above[team.id] = team.parent;
    for (auto& [index, value] : x_parents) {
      std::size_t steps = 0;
      for (auto up = x_out.teams[index].parent; !up.empty() && steps <= deepest; up = above[up]) {
        ++steps;
      }
      if (steps > deepest) {
        value.refuse("leads in a circle, or more than " + std::to_string(deepest) + " teams up");
      }
    }
  }

  void place_agents(error_list& errors) {
    std::map<std::string, team_config*> teams;
    for (auto& team : x_out.teams) teams.emplace(team.id, &team);
    for (auto& agent : x_out.agents) {
      if (agent.team.empty()) continue;
      if (auto at = teams.find(agent.team); at != teams.end()) {
        at->second->members.push_back(agent.id);
      } else if (!errors.names_missing()) {
        errors.add(agent.where.line, "agents",
                   "\"" + agent.id.value + "\": " + unknown_name("team", agent.team, x_names));
      }
    }
  }

  dispatch_config& x_out;
  declared_ids x_ids;
  std::map<std::string, agent_config*> x_agents;
  std::vector<std::string> x_names;
  std::vector<std::pair<std::size_t, yaml_value>> x_parents;
};

}  // namespace

void read_teams(const yaml_value& section, dispatch_config& out) {
  team_reader(out).read(section);
}

}  // namespace switchboard::config
