#pragma once

#include <atomic>
#include <memory>

#include "actors/catalog/catalog.hpp"

namespace switchboard {

/// The catalog as it is now, written by its actor and read by everybody. Thread-safe.
class catalog_snapshot {
 public:
  std::shared_ptr<const catalog> now() const { return std::atomic_load(&now_); }
  void put(std::shared_ptr<const catalog> c) { std::atomic_store(&now_, std::move(c)); }

 private:
  std::shared_ptr<const catalog> now_ = std::make_shared<const catalog>();
};

}  // namespace switchboard
