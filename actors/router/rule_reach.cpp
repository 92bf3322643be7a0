#include "actors/router/rule_reach.hpp"

#include <algorithm>

namespace switchboard {

bool rule_reach::covers(std::size_t earlier, const std::vector<clause_id>& mine) const {
  return std::ranges::includes(mine, rules_[earlier]);
}

std::optional<std::size_t> rule_reach::add(const std::vector<std::string>& clauses, bool always) {
  std::vector<clause_id> mine;
  for (const auto& c : clauses) {
    const auto [at, fresh] = names_.emplace(c, static_cast<clause_id>(found_by_.size()));
    if (fresh) {
      found_by_.emplace_back();
      uses_.push_back(0);
    }
    ++uses_[at->second];
    mine.push_back(at->second);
  }
  std::ranges::sort(mine);

  std::optional<std::size_t> before = everybody_;
  for (const auto clause : mine) {
    for (const auto earlier : found_by_[clause]) {
      if (before && *before <= earlier) break;
      if (covers(earlier, mine)) before = earlier;
    }
  }
  const auto index = rules_.size();
  if (always || mine.empty()) {
    if (!everybody_) everybody_ = index;
  } else {
    const auto rarest = *std::ranges::min_element(mine, {}, [&](auto c) { return uses_[c]; });
    found_by_[rarest].push_back(index);
  }
  rules_.push_back(std::move(mine));
  return before;
}

}  // namespace switchboard
