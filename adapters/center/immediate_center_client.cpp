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
  explicit immediate(std::shared_ptr<const center_set> centers) : centers_(std::move(centers)) {}

  void find_member(const member_keys& keys, when_answered<member_lookup> then) override {
    tell(center_kind::member, centers_->members().find(keys), then);
  }
  void tags_of_member(const std::string& member_id,
                      when_answered<std::vector<std::string>> then) override {
    tell(center_kind::tag, centers_->tags().of_member(member_id), then);
  }
  void tags_of_identity(const std::string& channel, const std::string& customer_id,
                        when_answered<std::vector<std::string>> then) override {
    tell(center_kind::tag, centers_->tags().of_identity(channel, customer_id), then);
  }
  void find_product(const std::string& id,
                    when_answered<std::optional<product_record>> then) override {
    tell(center_kind::product, centers_->products().find(id), then);
  }
  void search_products(const std::string& text, std::size_t most,
                       when_answered<std::vector<product_record>> then) override {
    tell(center_kind::product, centers_->products().search(text, most), then);
  }
  void find_order(const std::string& id, freshness,
                  when_answered<std::optional<order_record>> then) override {
    tell(center_kind::order, centers_->trade().find(id), then);
  }
  void orders_of(const std::string& member_id, const order_query& query, freshness,
                 when_answered<std::vector<order_record>> then) override {
    tell(center_kind::order, centers_->trade().orders_of(member_id, query), then);
  }
  void open_orders(const std::string& member_id, when_answered<std::size_t> then) override {
    tell(center_kind::order, centers_->trade().open_orders(member_id), then);
  }
  void bought_together(const std::vector<std::string>& product_ids, std::size_t most,
                       when_answered<std::vector<companion>> then) override {
    tell(center_kind::order, centers_->trade().bought_together(product_ids, most), then);
  }

  center_health health(center_kind kind) const override {
    auto& of = tallies_[static_cast<std::size_t>(kind)];
    center_health h;
    h.asked = of.asked;
    h.failed = of.failed;
    h.answered = h.asked - h.failed;
    return h;
  }

 private:
  template <class T> void tell(center_kind kind, result<T> value, const when_answered<T>& then) {
    auto& of = tallies_[static_cast<std::size_t>(kind)];
    of.asked += 1;
    if (!value) of.failed += 1;
    then({std::move(value), millis{0}});
  }

  std::shared_ptr<const center_set> centers_;
  std::array<tally, 4> tallies_;
};

}  // namespace

std::shared_ptr<center_client> immediate_center_client(std::shared_ptr<const center_set> centers) {
  return std::make_shared<immediate>(std::move(centers));
}

}  // namespace switchboard::center
