#include "actors/customer/name_index.hpp"

#include <mutex>

namespace switchboard {

void name_index::note(const customer_record& r) {
  entry e{r.profile.name, r.merged_into ? r.merged_into->survivor : person_id{}};
  std::lock_guard hold(lock_);
  awake_.insert_or_assign(r.person, std::move(e));
}

void name_index::forget(const person_id& person) {
  std::lock_guard hold(lock_);
  awake_.erase(person);
}

std::optional<name_index::entry> name_index::find(const person_id& person) const {
  std::shared_lock hold(lock_);
  auto at = awake_.find(person);
  return at == awake_.end() ? std::nullopt : std::optional(at->second);
}

}  // namespace switchboard
