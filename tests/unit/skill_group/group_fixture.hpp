#pragma once

#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "actors/skill_group/agent_view.hpp"
#include "actors/skill_group/group_dispatcher.hpp"

namespace switchboard::test {

constexpr timestamp start = from_unix_ms(1'700'000'000'000);

inline session_id session(int n) {
  session_id s;
  s.ulid[14] = static_cast<std::uint8_t>(n >> 8);
  s.ulid[15] = static_cast<std::uint8_t>(n);
  return s;
}

/// An entry opened `age` before the start.
inline queue_entry waiting(int n, millis age = millis{0}) {
  queue_entry c;
  c.session = session(n);
  c.opened_at = start - age;
  return c;
}

/// A group dispatcher, its agents as they would tell of themselves, and a clock moved by hand.
struct group_fixture {
  explicit group_fixture(config::group_config o = {}) : dispatcher(std::move(o)) {}

  agent_view& agent(const std::string& name, int capacity, int used = 0) {
    auto& v = views[name];
    v.id = agent_id(name);
    v.status = agent_status::online;
    v.capacity = capacity;
    v.used = used;
    tell(name);
    return v;
  }
  void tell(const std::string& name) {
    ++views[name].rev;
    dispatcher.agent_changed(views[name], now);
  }
  void set_status(const std::string& name, agent_status s) {
    views[name].status = s;
    tell(name);
  }
  void set_used(const std::string& name, int used) {
    views[name].used = used;
    tell(name);
  }
  enter_outcome enter(const queue_entry& c) { return dispatcher.enter(c, now); }
  /// (session number, agent) of the next match, (0, "") for none.
  std::pair<int, std::string> next() {
    last = dispatcher.next_match(now, rng);
    if (!last) return {0, ""};
    return {last->who.session.ulid[14] << 8 | last->who.session.ulid[15], last->agent.value};
  }
  /// Matches and takes until nothing is left; the agents' views follow.
  std::vector<std::pair<int, std::string>> serve_all() {
    std::vector<std::pair<int, std::string>> served;
    for (auto m = next(); m.first != 0; m = next()) {
      served.push_back(m);
      take(m.first, m.second);
    }
    return served;
  }
  void take(int n, const std::string& name) {
    auto weight = dispatcher.find(session(n))->need.weight;
    auto& v = views[name];
    v.used += weight;
    v.last_assigned = now;
    ++v.assigned_today;
    ++v.rev;
    dispatcher.proposal_taken(session(n), v.id, now, v);
  }
  bool fail(int n, const std::string& name, proposal_failure why) {
    return dispatcher.proposal_failed(session(n), agent_id(name), why, now);
  }

  group_dispatcher dispatcher;
  timestamp now = start;
  std::mt19937_64 rng{1};
  std::map<std::string, agent_view> views;
  std::optional<match> last;
};

using pair = std::pair<int, std::string>;

}  // namespace switchboard::test
