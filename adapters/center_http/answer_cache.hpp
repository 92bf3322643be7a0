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
template <class Value>
class answer_cache {
 public:
  explicit answer_cache(const cache_options& options) : x_options(options) {}

  struct found {
    Value value;
    millis age{0};
    /// Good as a new one; else only where there is no new one.
    bool fresh = false;
  };
  /// Nothing when nothing usable is kept.
  std::optional<found> find(const std::string& key, timestamp now) {
    auto at = x_places.find(key);
    if (at == x_places.end()) return {};
    auto age = std::max(millis{0}, now - at->second->since);
    if (age > std::max(x_options.fresh_for, x_options.stale_for)) {
      erase(at->second);
      return {};
    }
    x_order.splice(x_order.begin(), x_order, at->second);
    return found{at->second->value, age, age < x_options.fresh_for};
  }

  /// `bytes` is what the value weighs.
  void put(const std::string& key, Value value, std::size_t bytes, timestamp now) {
    if (auto at = x_places.find(key); at != x_places.end()) erase(at->second);
    auto whole = bytes + key.size();
    if (x_options.fresh_for <= millis{0} && x_options.stale_for <= millis{0}) return;
    if (whole > x_options.bytes || x_options.entries == 0) return;
    x_order.push_front({key, std::move(value), whole, now});
    x_places[key] = x_order.begin();
    x_bytes += whole;
    while (x_order.size() > x_options.entries || x_bytes > x_options.bytes) {
      erase(std::prev(x_order.end()));
    }
  }

  std::size_t size() const { return x_order.size(); }
  std::size_t bytes() const { return x_bytes; }

 private:
  struct entry {
    std::string key;
    Value value;
    std::size_t bytes = 0;
    timestamp since;
  };
  using place = typename std::list<entry>::iterator;

  void erase(place at) {
    x_bytes -= at->bytes;
    x_places.erase(at->key);
    x_order.erase(at);
  }

  cache_options x_options;
  std::list<entry> x_order;
  std::unordered_map<std::string, place> x_places;
  std::size_t x_bytes = 0;
};

}  // namespace switchboard::center
