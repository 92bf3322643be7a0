#include "actors/router/queue_snapshot.hpp"

#include <utility>

namespace switchboard {

void queue_snapshot::put(const group_id& group, queue_figures figures) {
  rows_.insert_or_assign(group.value, std::move(figures));
}

const queue_figures* queue_snapshot::find(std::string_view group) const {
  const auto at = rows_.find(group);
  return at == rows_.end() ? nullptr : &at->second;
}

}  // namespace switchboard
