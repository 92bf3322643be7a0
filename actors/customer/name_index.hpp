#pragma once

#include <shared_mutex>
#include <unordered_map>

#include "actors/customer/customer_record.hpp"

namespace switchboard {

/// The names of persons in use, ahead of the state, which hears of a change a moment later. Written
/// by the persons themselves while they are awake, read by every session that calls its customer by
/// name. Thread-safe.
class name_index {
 public:
  struct entry {
    profile_value name;
    person_id shown_as;  // merged into; empty: stands for itself
  };
  /// As the person's record has it now.
  void note(const customer_record& r);
  /// Asleep: the state has it all.
  void forget(const person_id& person);
  std::optional<entry> find(const person_id& person) const;

 private:
  mutable std::shared_mutex lock_;
  std::unordered_map<person_id, entry> awake_;
};

}  // namespace switchboard
