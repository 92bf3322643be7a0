#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "actors/customer/customer_record.hpp"
#include "actors/session/consultation_request.hpp"

namespace switchboard {

/// Whom not to let in, by everything a request may show of a person. Written by the persons
/// themselves as they record their blocks, read by every connection before it opens a session.
/// Thread-safe.
class block_list {
 public:
  /// As the person's record has it now: blocked, or not any more.
  void note(const customer_record& r);
  void forget(const person_id& person);
  /// The block that applies to who asks, if there is one.
  std::optional<block_mark> find(const std::string& channel, const channel_customer& who,
                                 timestamp now) const;
  std::size_t size() const { return persons_.load(std::memory_order_relaxed); }

 private:
  struct entry {
    person_id person;
    block_mark mark;
  };
  void erase(const person_id& person);

  mutable std::shared_mutex lock_;
  std::map<person_id, std::vector<std::string>> keys_;
  /// Several persons may share a telephone.
  std::multimap<std::string, entry, std::less<>> by_key_;
  std::atomic<std::size_t> persons_{0};
};

}  // namespace switchboard
