#include "tools/simulation/deployments.hpp"

#include <stdexcept>
#include <string_view>

namespace switchboard::simulation {

namespace {

void replace(std::string& text, std::string_view what, std::string_view with) {
  auto at = text.find(what);
  if (at == std::string::npos) throw std::logic_error("the floor has no " + std::string(what));
  text.replace(at, what.size(), with);
}

constexpr std::string_view mixed = R"(
groups:
  - {id: general, strategy: longest_idle, wrap_up: {mode: timed, time: 4s, holds_capacity: true}}
  - id: vip
    strategy: least_loaded
    offer: {accept: manual, timeout: 6s, missed_limit: 2}
  - id: refund
    strategy: round_robin
    offer: {accept: auto}
    wrap_up: {mode: timed, time: 3s, holds_capacity: false}
  - {id: small, strategy: fewest_today, order: strict, queue: {max: 4, on_full: overflow}}
agents:
  - {id: ann, groups: [general, vip], skills: {refund: 3}, capacity: 3, role: leader}
  - {id: bob, groups: [general, refund], skills: {refund: 5}, capacity: 4}
  - {id: cai, groups: [vip], capacity: 2}
  - {id: dou, groups: [vip, small], capacity: 3, role: leader}
  - {id: eve, groups: [refund, small], skills: {refund: 2}, capacity: 3}
  - {id: fay, groups: [general], capacity: 1}
teams:
  - {id: day, leaders: [ann], members: [bob, cai]}
  - {id: night, leaders: [dou], members: [eve, fay]}
channels:
  - {id: app}
  - {id: voice, weight: 3}
rules:
  - name: very important
    when: request.intent == "vip" || member.level >= 5
    priority: 5
    steps:
      - {group: vip, wait: 8s}
      - {group: general, wait: 20s, widen: true}
      - {group: small}
  - name: money back
    when: request.intent == "refund"
    sticky: {last_agent: 5s}
    steps: [{group: refund, require: {refund: 3}, wait: 15s}, {group: general}]
  - name: overflow
    when: request.intent == "overflow"
    steps: [{group: small, wait: 10s}, {groups: [general, refund], balance: shortest_wait, wait: 30s}, {leave_message: true}]
  - name: everyone else
    sticky: {last_agent: 3s}
    steps: [{group: general}]
session: {continue_within: 30s, identification_deadline: 300ms, reconnect_grace: 5s, idle_close: 90s}
)";

}  // namespace

std::string mixed_deployment(unsigned variant) {
  std::string text(mixed);
  if (variant & 1) replace(text, "strategy: longest_idle", "strategy: least_loaded");
  if (variant & 2) replace(text, "timeout: 6s, missed_limit: 2", "timeout: 3s, missed_limit: 1");
  if (variant & 4)
    replace(text, "    priority: 5\n    steps:\n      - {group: vip, wait: 8s}",
            "    steps:\n      - {group: vip, wait: 2s}");
  if (variant & 8)
    replace(text, "{group: refund, require: {refund: 3}, wait: 15s}, {group: general}",
            "{group: refund}");
  if (variant & 16)
    replace(text, "    steps: [{group: general}]",
            "    steps: [{group: general, wait: 6s}, {group: refund, widen: true}]");
  // Rights change: the leaders change teams, or one is none any more.
  if (variant & 32) {
    replace(text, "leaders: [ann]", "leaders: [nobody yet]");
    replace(text, "leaders: [dou]", "leaders: [ann]");
    replace(text, "leaders: [nobody yet]", "leaders: [dou]");
  }
  if (variant & 64) {
    replace(text, "skills: {refund: 3}, capacity: 3, role: leader}",
            "skills: {refund: 3}, capacity: 3}");
    replace(text, "leaders: [ann]", "leaders: [dou]");
  }
  if (variant & 128)
    replace(text, "{id: fay, groups: [general], capacity: 1}",
            "{id: fay, groups: [general], capacity: 1, disabled: true}");
  if (variant & 256) {
    replace(text,
            "  - {id: small, strategy: fewest_today, order: strict, queue: {max: 4, on_full: "
            "overflow}}\n",
            "");
    replace(text, "[vip, small]", "[vip]");
    replace(text, "[refund, small]", "[refund]");
    replace(text, "      - {group: small}\n", "");
    replace(text, "{group: small, wait: 10s}, ", "");
  }
  return text;
}

std::string plain_deployment(int agents, int capacity, const std::string& group_options) {
  std::string yaml = "groups: [{id: general" + group_options + "}]\nagents:\n";
  for (int i = 0; i < agents; ++i) {
    auto n = std::to_string(i);
    if (n.size() < 2) n = "0" + n;
    yaml +=
        "  - {id: agent" + n + ", groups: [general], capacity: " + std::to_string(capacity) + "}\n";
  }
  return yaml + "channels: [{id: app}]\nrules: [{name: all, steps: [{group: general}]}]\n";
}

}  // namespace switchboard::simulation
