#include "actors/read_model/projection/agent_reading.hpp"

#include "actors/read_model/projection/state_keys.hpp"
#include "actors/session/participant_state.hpp"
#include "actors/session/session_state.hpp"
#include "runtime/codec/described.hpp"

namespace switchboard::projecting {

agent_record read_agent(const store::state_view& view, const agent_id& id) {
  agent_record record;
  if (auto packed = view.find(table::agents, id.value)) codec::unpack(*packed, record);
  return record;
}

void add_served(const session_state& s,
                const std::function<void(const agent_id&, agent_machine::served_session)>& add) {
  if (s.serving) {
    auto put_off = s.participants ? s.participants->snoozed_until : std::nullopt;
    add(agent_id{s.serving->agent.id},
        {s.id, {s.serving->group, s.weight, s.serving->since, put_off}});
  }
  if (!s.participants) return;
  for (auto& p : s.participants->parties) {
    const auto weight = holds_room(p.as) ? s.weight : 0;
    add(agent_id{p.who.id}, {s.id, {p.group, weight, p.since}, std::string(to_string(p.as))});
  }
}

std::vector<agent_machine::served_session> read_served(const store::state_view& view,
                                                       const agent_id& id) {
  std::vector<agent_machine::served_session> found;
  view.scan(table::live, {}, [&](std::string_view, std::string_view packed) {
    session_state s;
    if (!codec::unpack(packed, s)) return true;
    add_served(s, [&](const agent_id& who, agent_machine::served_session what) {
      if (who == id) found.push_back(std::move(what));
    });
    return true;
  });
  return found;
}

}  // namespace switchboard::projecting
