#include "actors/read_model/projection/agent_projection.hpp"

#include <stdexcept>

#include "actors/read_model/projection/state_keys.hpp"

namespace switchboard {

std::vector<std::string> agent_projection::tables() const {
  return {std::string(projecting::table::agents)};
}

void agent_projection::fold(const store::placed_record& r, const store::state_view& before) {
  if (r.body.kind != store::entity_kind::agent) return;
  auto [it, fresh] = touched_.try_emplace(r.body.key);
  auto packed = fresh ? before.find(projecting::table::agents, r.body.key) : std::nullopt;
  if (packed && !codec::unpack(*packed, it->second)) {
    throw std::runtime_error("the snapshot of agent " + r.body.key + " cannot be read");
  }
  if (!replay(it->second, r.body.events)) {
    throw std::runtime_error("journal record " + std::to_string(r.at) +
                             " is no list of an agent's events");
  }
}

void agent_projection::flush(store::state_batch& batch) {
  for (auto& [id, record] : touched_) batch.put(projecting::table::agents, id, codec::pack(record));
  touched_.clear();
}

}  // namespace switchboard
