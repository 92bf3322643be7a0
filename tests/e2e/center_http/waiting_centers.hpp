#pragma once

#include <future>
#include <memory>

#include "adapters/center/center_client.hpp"

namespace switchboard::center {

/// A client's centers for a caller that may wait. Tests only: nothing in the daemon may.
class waiting_centers final : public center_set {
 public:
  explicit waiting_centers(std::shared_ptr<center_client> client) : client_(std::move(client)) {}

  const member_center& members() const override { return members_; }
  const tag_center& tags() const override { return tags_; }
  const product_center& products() const override { return products_; }
  const trade_center& trade() const override { return trade_; }

 private:
  template <class T, class Ask> static result<T> wait(Ask ask) {
    auto said = std::make_shared<std::promise<result<T>>>();
    auto heard = said->get_future();
    ask([said](answered<T> a) { said->set_value(std::move(a.value)); });
    return heard.get();
  }

  struct waiting_members final : member_center {
    explicit waiting_members(center_client& d) : client(d) {}
    result<member_lookup> find(const member_keys& keys) const override {
      return wait<member_lookup>([&](auto then) { client.find_member(keys, then); });
    }
    center_client& client;
  };

  struct waiting_tags final : tag_center {
    explicit waiting_tags(center_client& d) : client(d) {}
    using words = std::vector<std::string>;
    result<words> of_member(std::string_view id) const override {
      return wait<words>([&](auto then) { client.tags_of_member(std::string(id), then); });
    }
    result<words> of_identity(std::string_view channel, std::string_view customer) const override {
      return wait<words>([&](auto then) {
        client.tags_of_identity(std::string(channel), std::string(customer), then);
      });
    }
    center_client& client;
  };

  struct waiting_products final : product_center {
    explicit waiting_products(center_client& d) : client(d) {}
    result<std::optional<product_record>> find(std::string_view id) const override {
      return wait<std::optional<product_record>>(
          [&](auto then) { client.find_product(std::string(id), then); });
    }
    result<std::vector<product_record>> search(std::string_view text,
                                               std::size_t most) const override {
      return wait<std::vector<product_record>>(
          [&](auto then) { client.search_products(std::string(text), most, then); });
    }
    center_client& client;
  };

  struct waiting_trade final : trade_center {
    explicit waiting_trade(center_client& d) : client(d) {}
    result<std::optional<order_record>> find(std::string_view id) const override {
      return wait<std::optional<order_record>>(
          [&](auto then) { client.find_order(std::string(id), freshness::kept, then); });
    }
    result<std::vector<order_record>> orders_of(std::string_view id,
                                                const order_query& query) const override {
      return wait<std::vector<order_record>>(
          [&](auto then) { client.orders_of(std::string(id), query, freshness::kept, then); });
    }
    result<std::size_t> open_orders(std::string_view id) const override {
      return wait<std::size_t>([&](auto then) { client.open_orders(std::string(id), then); });
    }
    center_client& client;
  };

  std::shared_ptr<center_client> client_;
  waiting_members members_{*client_};
  waiting_tags tags_{*client_};
  waiting_products products_{*client_};
  waiting_trade trade_{*client_};
};

}  // namespace switchboard::center
