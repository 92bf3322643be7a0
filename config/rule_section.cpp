#include <algorithm>

#include "config/dispatch_loader.hpp"
#include "config/dispatch_sections.hpp"
#include "config/spans.hpp"

namespace switchboard::config {
namespace {

constexpr name_entry<balance_by> balances[] = {{"shortest_wait", balance_by::shortest_wait},
                                               {"fewest_waiting", balance_by::fewest_waiting},
                                               {"most_available", balance_by::most_available},
                                               {"round_robin", balance_by::round_robin}};

constexpr name_entry<step_owner> owners[] = {{"group", step_owner::group},
                                             {"last_agent", step_owner::last_agent}};

void add_group(const yaml_value& value, const std::vector<std::string>& known, step_config& out) {
  std::string name;
  if (!value.reference(name, "group", known)) return;
  group_id id(name);
  if (std::find(out.groups.begin(), out.groups.end(), id) != out.groups.end()) {
    value.refuse("\"" + name + "\" is named twice");
  }
  out.groups.push_back(std::move(id));
}

/// A step is one group, several equal ones, or a message left: exactly one of the three.
void read_target(yaml_map& map, const std::vector<std::string>& known, step_config& out) {
  auto group = map.find("group"), groups = map.find("groups"), leave = map.find("leave_message");
  if ((group ? 1 : 0) + (groups ? 1 : 0) + (leave ? 1 : 0) != 1) {
    map.value().refuse("expected one of \"group\", \"groups\" and \"leave_message\"");
  }
  if (group) add_group(*group, known, out);
  if (groups) {
    auto elements = groups->list(100);
    if (groups->node().IsSequence() && groups->node().size() == 0) groups->refuse("names no group");
    for (const auto& one : elements) add_group(one, known, out);
  }
  if (leave && leave->flag(out.leave_message) && !out.leave_message) {
    leave->refuse("can only be true");
  }
}

step_config read_step(const yaml_value& value, const std::vector<std::string>& groups) {
  step_config out;
  out.where = value.where();
  yaml_map map(value);
  read_target(map, groups, out);
  if (auto v = map.find("balance")) {
    v->choice<balance_by>(out.balance, "balance", balances);
    if (out.groups.size() < 2) v->refuse("needs several groups to balance");
  }
  if (auto v = map.find("require")) v->levels(out.require);
  if (auto v = map.find("wait")) v->duration(out.wait, millis{0}, 24 * hour);
  if (auto v = map.find("widen")) v->flag(out.widen);
  if (auto v = map.find("owner")) {
    v->choice<step_owner>(out.owner, "owner", owners);
    if (out.owner == step_owner::last_agent && (out.leave_message || out.wait <= millis{0})) {
      v->refuse("needs groups and a wait: nobody waits for one agent for ever");
    }
  }
  if (auto v = map.find("skip_if")) {
    v->condition(out.skip_if);
    out.skip_if_where = v->where();
  }
  map.finish();
  return out;
}

void read_steps(const yaml_value& value, const std::vector<std::string>& groups, rule_config& out) {
  auto elements = value.list(32);
  if (value.node().IsSequence() && elements.empty()) value.refuse("names no step");
  for (std::size_t i = 0; i < elements.size(); ++i) {
    out.steps.push_back(read_step(elements[i], groups));
    if (out.steps.back().leave_message && i + 1 < elements.size()) {
      elements[i].refuse("a message is left at the end: no step can follow");
    }
  }
}

rule_config read_rule(const yaml_value& value, const std::vector<std::string>& groups) {
  rule_config out;
  out.where = value.where();
  out.when_where = out.where;
  yaml_map map(value);
  if (auto v = map.need("name"); v && v->text(out.name) && out.name.empty()) {
    v->refuse("expected a name");
  }
  if (auto v = map.find("when")) {
    v->condition(out.when);
    out.when_where = v->where();
  }
  if (auto v = map.find("priority")) v->integer(out.priority, -100, 100);
  if (auto v = map.find("sticky")) {
    yaml_map sticky(*v);
    if (auto last = sticky.find("last_agent")) {
      last->duration(out.sticky_last_agent, millis{0}, hour);
    }
    sticky.finish();
  }
  if (auto v = map.need("steps")) read_steps(*v, groups, out);
  map.finish();
  return out;
}

/// Only the last rule may match everything, and it must, or some customer gets no answer at all.
void check_order(const std::vector<yaml_value>& elements, const std::vector<rule_config>& rules) {
  for (std::size_t i = 0; i + 1 < rules.size(); ++i) {
    if (always_holds(rules[i].when)) {
      elements[i].refuse("matches everything, so the rules after it can never be reached");
    }
  }
  if (!always_holds(rules.back().when)) {
    elements.back().refuse("the last rule must match everything: leave out \"when\"");
  }
}

}  // namespace

void read_rules(const yaml_value& section, dispatch_config& out) {
  auto groups = group_names(out);
  auto elements = section.list(10'000);
  std::map<std::string, int> lines;
  for (const auto& element : elements) {
    auto rule = read_rule(element, groups);
    auto [at, fresh] = lines.emplace(rule.name, rule.where.line);
    if (!fresh && !rule.name.empty()) {
      element.refuse("the name \"" + rule.name + "\" is taken by the rule on line " +
                     std::to_string(at->second));
    }
    out.rules.push_back(std::move(rule));
  }
  if (!out.rules.empty()) {
    check_order(elements, out.rules);
  } else if (section.node().IsSequence()) {
    section.refuse("names no rule");
  }
}

}  // namespace switchboard::config
