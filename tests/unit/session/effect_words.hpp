#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "actors/session/roster.hpp"
#include "actors/session/session_effect.hpp"

namespace switchboard::test {

/// Groups and agents as a test says.
struct listed final : roster {
  std::set<std::string> groups{"g", "h"}, agents{"lin", "chen", "qian"};
  std::map<std::string, std::string> merged;
  config::dispatch_config configured;
  bool has(const group_id& id) const override { return groups.contains(id.value); }
  bool has(const agent_id& id) const override { return agents.contains(id.value); }
  group_id successor(const group_id& id) const override {
    auto at = merged.find(id.value);
    return has(id) || at == merged.end() ? id : group_id{at->second};
  }
  const config::dispatch_config& config() const override { return configured; }
};

/// An effect in words, "enter g", so that a test reads as a list of what happens.
struct in_words {
  std::string operator()(const effect::record& x) const {
    std::string out = "record";
    for (auto& e : x.events) out += ' ' + name_of(e);
    return out;
  }
  std::string operator()(const effect::turn_away& x) const {
    return x.then == config::when_full::leave_message ? "turned away: leaves a message"
                                                      : "turned away";
  }
  std::string operator()(const effect::settle& x) const {
    std::string out = "settle";
    for (auto& e : x.events) out += ' ' + name_of(e);
    return x.transfer ? out + ", answers the transfer" : out;
  }
  std::string operator()(const effect::refuse& x) const { return "refuse: " + x.why->message; }
  std::string operator()(const effect::propose_join& x) const { return "join " + x.what->agent.id; }
  std::string operator()(const effect::ask_router& x) const {
    return x.anew ? "plan anew" : "plan";
  }
  std::string operator()(const effect::choose_step& x) const {
    return "step " + std::to_string(x.from);
  }
  std::string operator()(const effect::route_transfer& x) const {
    return "route to " + x.to_group + x.to_agent;
  }
  std::string operator()(const effect::enter_queue& x) const {
    return (x.recovered ? "recover " : "enter ") + x.group.value;
  }
  std::string operator()(const effect::return_to_queue& x) const {
    return "return " + x.group.value;
  }
  std::string operator()(const effect::seek_in_queue& x) const { return "seek " + x.group.value; }
  std::string operator()(const effect::leave_queue& x) const {
    constexpr const char* causes[] = {"accepted",  "elsewhere", "moved on",
                                      "abandoned", "closed",    "joined"};
    return "leave " + x.group.value + ": " + causes[static_cast<int>(x.cause)];
  }
  std::string operator()(const effect::ask_position& x) const {
    return "position " + x.group.value;
  }
  std::string operator()(const effect::end_offer& x) const {
    return "end offer " + x.agent.value + ": " + x.cause + (x.missed ? ", missed" : "");
  }
  std::string operator()(const effect::offer_join& x) const { return "offer " + x.agent.value; }
  std::string operator()(const effect::hold_room& x) const {
    return "hold room " + x.agent.value + ' ' + std::to_string(x.weight);
  }
  std::string operator()(const effect::release_room& x) const {
    return "release room " + x.agent.value;
  }
  std::string operator()(const effect::begin_guest& x) const {
    return "guest " + x.agent.value + " as " + std::string(to_string(x.as));
  }
  std::string operator()(const effect::end_guest& x) const {
    return "guest " + x.agent.value + " ends: " + x.reason;
  }
  std::string operator()(const effect::end_wrap_up& x) const {
    return "end wrap-up " + x.agent.value;
  }
  std::string operator()(const effect::alert_agents& x) const { return "alert: " + x.what->what; }
  std::string operator()(const effect::read_history& x) const {
    return "read after " + std::to_string(x.after);
  }

  /// Those the wire does not name are named by what they are.
  static std::string name_of(const session_payload& e) {
    if (std::holds_alternative<event::join_offer_ended>(e)) return "join_offer_ended";
    if (std::holds_alternative<event::offer_ended>(e)) return "offer_ended";
    if (std::holds_alternative<event::queued>(e)) return "queued";
    if (std::holds_alternative<event::message_left>(e)) return "message_left";
    return std::string(type_name(e));
  }
};

inline std::vector<std::string> words(const session_effects& effects) {
  std::vector<std::string> out;
  for (auto& e : effects) out.push_back(std::visit(in_words{}, e));
  return out;
}

}  // namespace switchboard::test
