#pragma once

#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "runtime/base/clock.hpp"

namespace switchboard::center {

struct cache_options {
  /// For so long an answer is as good as a new one; 0 keeps none.
  millis fresh_for{30'000};
  /// For so long it is better than none, when the service fails or is slow.
  millis stale_for{3'600'000};
  std::size_t entries = 10'000;
  std::size_t bytes = 64 << 20;
};

/// Answers by what was asked, bounded in number and in bytes: the one least lately used goes first.
/// A plain value: time is an argument. Not thread-safe.
template <class Value> class answer_cache {
 public:
  explicit answer_cache(const cache_options& options) : options_(options) {}

  struct found {
    Value value;
    millis age{0};
    /// Good as a new one; else only where there is no new one.
    bool fresh = false;
  };
  /// Nothing when nothing usable is kept.
  std::optional<found> find(const std::string& key, timestamp now) {
    auto at = places_.find(key);
    if (at == places_.end()) return {};
    auto age = std::max(millis{0}, now - at->second->since);
    if (age > std::max(options_.fresh_for, options_.stale_for)) {
      erase(at->second);
      return {};
    }
    order_.splice(order_.begin(), order_, at->second);
    return found{at->second->value, age, age < options_.fresh_for};
  }

  /// `bytes` is what the value weighs.
  void put(const std::string& key, Value value, std::size_t bytes, timestamp now) {
    if (auto at = places_.find(key); at != places_.end()) erase(at->second);
    auto whole = bytes + key.size();
    if (options_.fresh_for <= millis{0} && options_.stale_for <= millis{0}) return;
    if (whole > options_.bytes || options_.entries == 0) return;
    order_.push_front({key, std::move(value), whole, now});
    places_[key] = order_.begin();
    bytes_ += whole;
    while (order_.size() > options_.entries || bytes_ > options_.bytes) {
      erase(std::prev(order_.end()));
    }
  }

  std::size_t size() const { return order_.size(); }
  std::size_t bytes() const { return bytes_; }

 private:
  struct entry {
    std::string key;
    Value value;
    std::size_t bytes = 0;
    timestamp since;
  };
  using place = typename std::list<entry>::iterator;

  void erase(place at) {
    bytes_ -= at->bytes;
    places_.erase(at->key);
    order_.erase(at);
  }

  cache_options options_;
  std::list<entry> order_;
  std::unordered_map<std::string, place> places_;
  std::size_t bytes_ = 0;
};

}  // namespace switchboard::center
