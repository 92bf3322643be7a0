#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"

namespace switchboard::center {

/// Numbers are stored: never renumbered.
enum class order_state : std::uint8_t {
  created = 1,
  paid = 2,
  shipped = 3,
  delivered = 4,
  completed = 5,
  cancelled = 6,
  refunding = 7,
  refunded = 8,
};
std::string_view to_string(order_state s);
std::optional<order_state> order_state_of(std::string_view name);
/// Something is still owed to the customer: paid, shipped, refunding.
bool is_open(order_state s);

struct order_item {
  std::string product_id;
  std::string name;
  int quantity = 1;
  /// Of one piece, in hundredths of the order's currency.
  std::int64_t price_hundredths = 0;

  bool operator==(const order_item&) const = default;
};

/// Where the parcel is; empty carrier when there is none yet.
struct order_logistics {
  std::string carrier;
  std::string tracking_no;
  std::string state;
  std::string last_place;
  timestamp updated{};

  bool operator==(const order_logistics&) const = default;
};

struct order_record {
  std::string id;
  std::string member_id;
  order_state state = order_state::created;
  timestamp created{};
  std::int64_t total_hundredths = 0;
  std::string currency;
  std::vector<order_item> items;
  order_logistics logistics;
  std::map<std::string, std::string> attributes;

  bool operator==(const order_record&) const = default;
};

struct order_query {
  /// Any state when empty.
  std::vector<order_state> states;
  /// From `from` on, before `to`.
  timestamp from = timestamp::min();
  timestamp to = timestamp::max();
  std::size_t most = 20;
};

/// A product that was bought together with another.
struct companion {
  std::string product_id;
  /// The one it was bought with.
  std::string with;
  /// In how many orders.
  int orders = 0;

  bool operator==(const companion&) const = default;
};

/// What `orders`, each of which holds `product_id`, hold besides: the most frequent first, then by
/// id. Cancelled and refunded orders say nothing about taste.
std::vector<companion> companions_of(const std::string& product_id,
                                     const std::vector<order_record>& orders);

/// The trade center. Thread-safe; waiting as in member_center.
class trade_center {
 public:
  virtual ~trade_center() = default;
  virtual result<std::optional<order_record>> find(std::string_view order_id) const = 0;
  /// Newest first.
  virtual result<std::vector<order_record>> orders_of(std::string_view member_id,
                                                      const order_query& query) const = 0;
  virtual result<std::size_t> open_orders(std::string_view member_id) const = 0;
  /// What others bought together with these products, from the latest orders: the most frequent
  /// first. A center that does not know says nothing.
  virtual result<std::vector<companion>> bought_together(
      const std::vector<std::string>& /*product_ids*/, std::size_t /*most*/) const {
    return std::vector<companion>();
  }
};

}  // namespace switchboard::center
