#pragma once

#include "adapters/center/member_center.hpp"
#include "adapters/center/product_center.hpp"
#include "adapters/center/tag_center.hpp"
#include "adapters/center/trade_center.hpp"

namespace switchboard::center {

/// The four centers of one deployment, wherever each lives. Thread-safe.
class center_set {
 public:
  virtual ~center_set() = default;
  virtual const member_center& members() const = 0;
  virtual const tag_center& tags() const = 0;
  virtual const product_center& products() const = 0;
  virtual const trade_center& trade() const = 0;
};

}  // namespace switchboard::center
