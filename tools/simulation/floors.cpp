#include "tools/simulation/floors.hpp"

namespace switchboard::simulation {

std::string mixed_floor() {
  return R"(
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
  - {id: ann, groups: [general, vip], skills: {refund: 3}, capacity: 3}
  - {id: bob, groups: [general, refund], skills: {refund: 5}, capacity: 4}
  - {id: cai, groups: [vip], capacity: 2}
  - {id: dou, groups: [vip, small], capacity: 3}
  - {id: eve, groups: [refund, small], skills: {refund: 2}, capacity: 3}
  - {id: fay, groups: [general], capacity: 1}
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
}

std::string plain_floor(int agents, int capacity, const std::string& group_options) {
  std::string yaml = "groups: [{id: general" + group_options + "}]\nagents:\n";
  for (int i = 0; i < agents; ++i) {
    auto n = std::to_string(i);
    if (n.size() < 2) n = "0" + n;
    yaml += "  - {id: agent" + n + ", groups: [general], capacity: " + std::to_string(capacity) + "}\n";
  }
  return yaml + "channels: [{id: app}]\nrules: [{name: all, steps: [{group: general}]}]\n";
}

}  // namespace switchboard::simulation
