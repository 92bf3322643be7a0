#include "adapters/center/member_choice.hpp"

namespace switchboard::center {

member_choice choose_member(const std::vector<key_finding>& findings, bool id_given) {
  member_choice out;
  bool unclear = findings.empty() || findings.front().ids.size() > 1;
  // Whoever claims an id the center does not know may be anybody: a telephone is no proof.
  bool claimed = id_given && !unclear && findings.front().by != member_key::member_id;
  if (!unclear && !claimed) {
    out.id = findings.front().ids.front();
    out.by = findings.front().by;
  }
  for (const auto& found : findings) {
    for (const auto& id : found.ids) {
      if (id != out.id) out.conflicts.push_back({found.by, id});
    }
  }
  return out;
}

}  // namespace switchboard::center
