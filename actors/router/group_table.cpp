#include "actors/router/group_table.hpp"

#include "actors/router/opening_hours.hpp"

namespace switchboard {

void group_table::add(entry group) {
  auto id = group.id.value;
  entries_.insert_or_assign(std::move(id), std::move(group));
}

const group_table::entry* group_table::find(std::string_view id) const {
  const auto at = entries_.find(id);
  return at == entries_.end() ? nullptr : &at->second;
}

void group_table::add_former(const group_id& former, const group_id& now) {
  former_.insert_or_assign(former.value, now.value);
}

const group_table::entry* group_table::find_now(std::string_view id) const {
  if (const auto* group = find(id)) return group;
  const auto at = former_.find(id);
  return at == former_.end() ? nullptr : find(at->second);
}

std::vector<std::string> group_table::names() const {
  std::vector<std::string> out;
  for (const auto& [id, group] : entries_) out.push_back(id);
  return out;
}

bool group_table::is_open(std::string_view id, const queue_snapshot& board, timestamp now) const {
  const auto* group = find(id);
  if (!group) return false;
  if (const auto* figures = board.find(id)) return figures->open;
  return !group->hours || switchboard::is_open(*group->hours, now);
}

std::optional<std::string> group_table::turns_away(const entry& group,
                                                   const cel::activation& host) const {
  if (!group.serves) return std::nullopt;
  const auto served = group.serves->evaluate(host);
  if (!served) return "whom it serves has no answer: " + served.error().to_string();
  if (served->is_true()) return std::nullopt;
  return "it serves " + group.serves->text();
}

}  // namespace switchboard
