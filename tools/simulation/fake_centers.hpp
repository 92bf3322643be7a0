#pragma once

#include "adapters/center/center_client.hpp"

namespace switchboard::simulation {

/// Centers in memory that can be broken: member "m<n>" has level n % 6, and every third an open
/// order.
class fake_centers final : public center::center_set, center::member_center, center::tag_center {
 public:
  bool broken = false;

  const center::member_center& members() const override { return *this; }
  const center::tag_center& tags() const override { return *this; }
  const center::product_center& products() const override { return products_; }
  const center::trade_center& trade() const override { return trade_; }

 private:
  static auto failure() { return switchboard::fail(errc::unavailable, "the center is down"); }
  static int number_of(std::string_view member) {
    int n = 0;
    for (char c : member) {
      if (c >= '0' && c <= '9') n = n * 10 + (c - '0');
    }
    return n;
  }
  result<center::member_lookup> find(const center::member_keys& keys) const override {
    if (broken) return failure();
    center::member_lookup found;
    if (!keys.member_id.empty()) {
      center::member_record m;
      m.id = keys.member_id;
      m.level = number_of(m.id) % 6;
      m.name = "member " + m.id;
      found.member = m;
    }
    return found;
  }
  result<std::vector<std::string>> of_member(std::string_view id) const override {
    if (broken) return failure();
    return number_of(id) % 4 == 0 ? std::vector<std::string>{"vip"} : std::vector<std::string>{};
  }
  result<std::vector<std::string>> of_identity(std::string_view, std::string_view) const override {
    if (broken) return failure();
    return std::vector<std::string>{};
  }

  struct no_products final : center::product_center {
    result<std::optional<center::product_record>> find(std::string_view) const override {
      return std::optional<center::product_record>{};
    }
    result<std::vector<center::product_record>> search(std::string_view,
                                                       std::size_t) const override {
      return std::vector<center::product_record>{};
    }
  };
  struct few_orders final : center::trade_center {
    explicit few_orders(const bool& broken) : broken_(broken) {}
    result<std::optional<center::order_record>> find(std::string_view) const override {
      return std::optional<center::order_record>{};
    }
    result<std::vector<center::order_record>> orders_of(std::string_view,
                                                        const center::order_query&) const override {
      return std::vector<center::order_record>{};
    }
    result<std::size_t> open_orders(std::string_view id) const override {
      if (broken_) return failure();
      return std::size_t{number_of(id) % 3 == 0};
    }
    const bool& broken_;
  };
  no_products products_;
  few_orders trade_{broken};
};

}  // namespace switchboard::simulation
