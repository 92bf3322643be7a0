#include <algorithm>
#include <map>

#include "config/dispatch_sections.hpp"

namespace switchboard::config {
namespace {

constexpr std::size_t deepest = 16;

class team_reader {
 public:
  explicit team_reader(dispatch_config& out) : out_(out) {
    for (auto& agent : out.agents) {
      if (!agent.id.empty()) agents_.emplace(agent.id.value, &agent);
    }
  }

  void read(const yaml_value& section) {
    for (const auto& one : section.list(10'000)) read_team(one);
    for (auto& [index, value] : parents_) {
      value.reference(out_.teams[index].parent, "team", names_);
    }
    check_height();
    place_agents(*section.errors());
  }

 private:
  void read_team(const yaml_value& one) {
    team_config team;
    team.where = one.where();
    yaml_map map(one);
    team.id = ids_.read(map);
    team.name = team.id;
    if (auto v = map.find("name")) v->text(team.name);
    if (auto v = map.find("parent")) parents_.emplace_back(out_.teams.size(), *v);
    if (auto v = map.find("leaders")) read_leaders(*v, team);
    if (auto v = map.find("members")) read_members(*v, team);
    map.finish();
    if (!team.id.empty()) names_.push_back(team.id);
    out_.teams.push_back(std::move(team));
  }

  agent_config* find_agent(const yaml_value& one) {
    std::string id;
    if (!one.text(id)) return nullptr;
    if (auto at = agents_.find(id); at != agents_.end()) return at->second;
    std::vector<std::string> names;
    for (auto& [name, agent] : agents_) names.push_back(name);
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
    for (auto& team : out_.teams) above[team.id] = team.parent;
    for (auto& [index, value] : parents_) {
      std::size_t steps = 0;
      for (auto up = out_.teams[index].parent; !up.empty() && steps <= deepest; up = above[up]) {
        ++steps;
      }
      if (steps > deepest) {
        value.refuse("leads in a circle, or more than " + std::to_string(deepest) + " teams up");
      }
    }
  }

  void place_agents(error_list& errors) {
    std::map<std::string, team_config*> teams;
    for (auto& team : out_.teams) teams.emplace(team.id, &team);
    for (auto& agent : out_.agents) {
      if (agent.team.empty()) continue;
      if (auto at = teams.find(agent.team); at != teams.end()) {
        at->second->members.push_back(agent.id);
      } else if (!errors.names_missing()) {
        errors.add(agent.where.line, "agents",
                   "\"" + agent.id.value + "\": " + unknown_name("team", agent.team, names_));
      }
    }
  }

  dispatch_config& out_;
  declared_ids ids_;
  std::map<std::string, agent_config*> agents_;
  std::vector<std::string> names_;
  std::vector<std::pair<std::size_t, yaml_value>> parents_;
};

}  // namespace

void read_teams(const yaml_value& section, dispatch_config& out) {
  team_reader(out).read(section);
}

}  // namespace switchboard::config
