#include <array>
#include <atomic>

#include "adapters/center/center_client.hpp"

namespace switchboard::center {
namespace {

struct tally {
  std::atomic<std::uint64_t> asked{0};
  std::atomic<std::uint64_t> failed{0};
};

class immediate final : public center_client {
 public:
  explicit immediate(std::shared_ptr<const center_set> centers) : x_centers(std::move(centers)) {}

  void find_member(const member_keys& keys, when_answered<member_lookup> then) override {
    tell(center_kind::member, x_centers->members().find(keys), then);
  }
  void tags_of_member(const std::string& member_id,
                      when_answered<std::vector<std::string>> then) override {
    tell(center_kind::tag, x_centers->tags().of_member(member_id), then);
  }
  void tags_of_identity(const std::string& channel, const std::string& customer_id,
                        when_answered<std::vector<std::string>> then) override {
    tell(center_kind::tag, x_centers->tags().of_identity(channel, customer_id), then);
  }
  void find_product(const std::string& id,
                    when_answered<std::optional<product_record>> then) override {
    tell(center_kind::product, x_centers->products().find(id), then);
  }
  void search_products(const std::string& text, std::size_t most,
                       when_answered<std::vector<product_record>> then) override {
    tell(center_kind::product, x_centers->products().search(text, most), then);
  }
  void find_order(const std::string& id, freshness,
                  when_answered<std::optional<order_record>> then) override {
    tell(center_kind::order, x_centers->trade().find(id), then);
  }
  void orders_of(const std::string& member_id, const order_query& query, freshness,
                 when_answered<std::vector<order_record>> then) override {
    tell(center_kind::order, x_centers->trade().orders_of(member_id, query), then);
  }
  void open_orders(const std::string& member_id, when_answered<std::size_t> then) override {
    tell(center_kind::order, x_centers->trade().open_orders(member_id), then);
  }
  void bought_together(const std::vector<std::string>& product_ids, std::size_t most,
                       when_answered<std::vector<companion>> then) override {
    tell(center_kind::order, x_centers->trade().bought_together(product_ids, most), then);
  }

  center_health health(center_kind kind) const override {
    auto& of = x_tallies[static_cast<std::size_t>(kind)];
    center_health h;
    h.asked = of.asked;
    h.failed = of.failed;
    h.answered = h.asked - h.failed;
    return h;
  }

 private:
  template <class T>
  void tell(center_kind kind, result<T> value, const when_answered<T>& then) {
    auto& of = x_tallies[static_cast<std::size_t>(kind)];
    of.asked += 1;
    if (!value) of.failed += 1;
    then({std::move(value), millis{0}});
  }

  std::shared_ptr<const center_set> x_centers;
  std::array<tally, 4> x_tallies;
};

}  // namespace

std::shared_ptr<center_client> immediate_center_client(std::shared_ptr<const center_set> centers) {
  return std::make_shared<immediate>(std::move(centers));
}

}  // namespace switchboard::center
