#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "actors/router/routing_rules.hpp"

namespace switchboard {

/// The versions of the rules that something may still ask for: a waiting session keeps the version
/// that planned it. What is not in memory is loaded again from where versions are kept, so that
/// none is lost to those who need it, and memory stays bounded. Thread-safe.
class rule_cache {
 public:
  using loader = std::function<std::shared_ptr<const routing_rules>(int version)>;
  static constexpr std::size_t most_kept = 16;

  explicit rule_cache(loader load) : load_(std::move(load)) {}

  void put(std::shared_ptr<const routing_rules> rules);
  /// Null where the version is not known any more. May compile: milliseconds.
  std::shared_ptr<const routing_rules> find(int version);

 private:
  struct place {
    std::shared_ptr<const routing_rules> rules;  // null: it is known that there is none
    std::uint64_t used = 0;
  };
  void keep(int version, std::shared_ptr<const routing_rules> rules);

  std::mutex lock_;
  loader load_;
  std::map<int, place> places_;
  std::uint64_t uses_ = 0;
};

}  // namespace switchboard
