#include "tools/simulation/simulated_people.hpp"

namespace switchboard::simulation {

simulated_leader::simulated_leader(simulated_node& node, people_record& book,
                                   const workload_profile& t)
    : node_(node), book_(book), profile_(t) {
  next_turn_ = node_.now() + millis{node_.luck().between(1, 4 * profile_.turn.count())};
}

void simulated_leader::take_turn() {
  auto& luck = node_.luck();
  next_turn_ = node_.now() + millis{luck.between(1, 4 * profile_.turn.count())};
  if (!luck.percent(profile_.lead)) return;
  if (luck.percent(10)) return switch_group(some_group());
  if (luck.percent(15)) return meddle_with(luck.of(node_.config().agents));
  std::vector<session_id> living;
  for (auto& [id, page] : node_.truth().sessions()) {
    if (!page.state.over()) living.push_back(id);
  }
  if (!living.empty()) meddle_with(luck.of(living));
}

void simulated_leader::meddle_with(const session_id& s) {
  auto& luck = node_.luck();
  session_call m;
  m.session = s;
  m.by = self_;
  m.account = account_role::admin;
  m.reply = answer();
  switch (luck.below(5)) {
    case 0:
      m.method = session_method::bump;
      m.number = luck.below(20);
      break;
    case 1:
      m.method = session_method::wake;
      break;
    case 2:
      m.method = session_method::remove;
      m.to_agent = some_agent();
      break;
    default:
      m.method = session_method::move;
      if (auto how = luck.below(3); how == 0)
        m.to_group = some_group();
      else if (how == 1)
        m.to_agent = some_agent();
  }
  node_.to_session(std::move(m));
}

void simulated_leader::meddle_with(const config::agent_config& a) {
  auto& luck = node_.luck();
  agent_call m;
  m.agent = a.id;
  m.by = self_;
  m.reply = answer();
  if (luck.percent(50)) {
    m.method = agent_method::move_sessions;
    if (luck.percent(50)) m.to_group = some_group();
  } else {
    static const std::vector<std::string> states{"offline", "away", "draining", "online"};
    m.method = agent_method::force_state;
    m.state = luck.of(states);
  }
  node_.to_agent(a.id, std::move(m));
}

/// Closed now and then, and opened again soon.
void simulated_leader::switch_group(const std::string& group) {
  configuration_call m;
  m.method = configuration_method::switch_group;
  m.group = group;
  m.closed = node_.luck().percent(30);
  m.by = self_;
  m.reply = answer();
  if (node_.room().admits(m)) caf::anon_send(node_.node_().directory().configuration, std::move(m));
}

/// The console asks each time on a line of its own.
reply_to simulated_leader::answer() {
  auto told = [this](const line::arrival& a) {
    book_.refused += a.what == line::arrival::kind::failure;
  };
  return {node_.connect(told), 1};
}

std::string simulated_leader::some_group() {
  return node_.luck().of(node_.config().groups).id.value;
}
std::string simulated_leader::some_agent() {
  return node_.luck().of(node_.config().agents).id.value;
}

}  // namespace switchboard::simulation
