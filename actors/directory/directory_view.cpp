#include "actors/directory/directory_view.hpp"

namespace switchboard {

void session_table::put(const session_id& id, session_actor who) {
  auto& s = stripes_[id.shard];
  std::unique_lock hold(s.lock);
  s.sessions.insert_or_assign(id, std::move(who));
}

session_actor session_table::take(const session_id& id) {
  auto& s = stripes_[id.shard];
  std::unique_lock hold(s.lock);
  auto row = s.sessions.extract(id);
  return row ? std::move(row.mapped()) : session_actor{};
}

session_actor session_table::find(const session_id& id) const {
  auto& s = stripes_[id.shard];
  std::shared_lock hold(s.lock);
  auto it = s.sessions.find(id);
  return it == s.sessions.end() ? session_actor{} : it->second;
}

void session_table::clear() {
  for (auto& s : stripes_) {
    std::unordered_map<session_id, session_actor> gone;
    std::unique_lock hold(s.lock);
    gone.swap(s.sessions);
  }
}

std::size_t session_table::size() const {
  std::size_t n = 0;
  for (auto& s : stripes_) {
    std::shared_lock hold(s.lock);
    n += s.sessions.size();
  }
  return n;
}

void session_table::for_each(
    const std::function<bool(const session_id&, const session_actor&)>& visit) const {
  for (auto& s : stripes_) {
    std::shared_lock hold(s.lock);
    for (auto& [id, who] : s.sessions) {
      if (!visit(id, who)) return;
    }
  }
}

namespace {

template <class Map, class Id>
auto find_in(const Map& map, const Id& id) -> typename Map::mapped_type {
  auto it = map.find(id);
  return it == map.end() ? typename Map::mapped_type{} : it->second;
}

}  // namespace

group_actor directory_view::find_group(const group_id& id) const {
  std::shared_lock hold(lock_);
  return find_in(groups_, id);
}

agent_actor directory_view::find_agent(const agent_id& id) const {
  std::shared_lock hold(lock_);
  return find_in(agents_, id);
}

void directory_view::put_group(const group_id& id, group_actor who) {
  std::unique_lock hold(lock_);
  groups_.insert_or_assign(id, std::move(who));
}

void directory_view::put_agent(const agent_id& id, agent_actor who) {
  std::unique_lock hold(lock_);
  agents_.insert_or_assign(id, std::move(who));
}

std::vector<std::pair<group_id, group_actor>> directory_view::all_groups() const {
  std::shared_lock hold(lock_);
  return {groups_.begin(), groups_.end()};
}

std::vector<std::pair<agent_id, agent_actor>> directory_view::all_agents() const {
  std::shared_lock hold(lock_);
  return {agents_.begin(), agents_.end()};
}

group_actor directory_view::retire_group(const group_id& id) {
  std::unique_lock hold(lock_);
  auto it = groups_.find(id);
  if (it == groups_.end()) return {};
  auto who = std::move(it->second);
  groups_.erase(it);
  retiring_.push_back(who);
  return who;
}

agent_actor directory_view::erase_agent(const agent_id& id) {
  std::unique_lock hold(lock_);
  auto it = agents_.find(id);
  if (it == agents_.end()) return {};
  auto who = std::move(it->second);
  agents_.erase(it);
  return who;
}

std::vector<group_actor> directory_view::retiring_groups() const {
  std::shared_lock hold(lock_);
  return retiring_;
}

void directory_view::forget_retiring(const group_actor& who) {
  std::unique_lock hold(lock_);
  std::erase(retiring_, who);
}

void directory_view::clear() {
  std::unique_lock hold(lock_);
  retiring_.clear();
  groups_.clear();
  agents_.clear();
  directories.clear();
  routers.clear();
  identifiers.clear();
  customers.clear();
  archive = history_actor{};
  configuration = configuration_actor{};
  centers = {};
  miner = miner_actor{};
  catalog = catalog_actor{};
}

}  // namespace switchboard
