#include "adapters/center_actor/recommend_gathering.hpp"

#include <algorithm>

namespace switchboard {

namespace {

constexpr std::size_t most_by_text = 30, most_tags = 8, most_by_tag = 5, most_orders = 20,
                      most_bought = 10, most_companions = 15;

}  // namespace

void recommend_gathering::start(std::shared_ptr<center::center_client> client, recommend_question q,
                                when_done then) {
  std::shared_ptr<recommend_gathering> one(
      new recommend_gathering(std::move(client), std::move(q), std::move(then)));
  one->first_round();
}

/// The round itself counts as one, so that answers that come at once do not end it too early.
void recommend_gathering::begin(void (recommend_gathering::*next)()) {
  next_ = next;
  awaited_ = 1;
}

void recommend_gathering::arrived() {
  if (awaited_.fetch_sub(1) == 1) (this->*next_)();
}

template <class T, class Use>
center::when_answered<T> recommend_gathering::awaited(const char* what, Use use) {
  awaited_.fetch_add(1);
  return [self = shared_from_this(), what, use](center::answered<T> a) {
    {
      std::lock_guard hold(self->lock_);
      if (a.value) {
        use(*self, std::move(*a.value));
      } else {
        auto why = std::string(what) + ": " + a.value.error().message;
        auto& all = self->missing_;
        if (std::find(all.begin(), all.end(), why) == all.end()) all.push_back(std::move(why));
      }
    }
    self->arrived();
  };
}

void recommend_gathering::first_round() {
  begin(&recommend_gathering::second_round);
  in_.text = q_.text;
  in_.leave_out = {q_.shown.begin(), q_.shown.end()};
  tags_ = q_.tags;
  using products = std::vector<center::product_record>;
  using orders = std::vector<center::order_record>;
  using words = std::vector<std::string>;
  if (!q_.text.empty()) {
    client_->search_products(q_.text, most_by_text,
                             awaited<products>("products", [](auto& g, products found) {
                               g.in_.by_text = std::move(found);
                             }));
  }
  if (!q_.member_id.empty()) {
    if (!q_.tags_known) {
      client_->tags_of_member(q_.member_id, awaited<words>("tags", [](auto& g, words found) {
                                g.tags_ = std::move(found);
                              }));
    }
    center::order_query latest;
    latest.most = most_orders;
    client_->orders_of(q_.member_id, latest, center::freshness::kept,
                       awaited<orders>("orders", [](auto& g, const orders& found) {
                         for (auto& o : found) {
                           for (auto& item : o.items) g.in_.has.emplace(item.product_id, item.name);
                         }
                       }));
  }
  arrived();
}

void recommend_gathering::second_round() {
  begin(&recommend_gathering::third_round);
  using products = std::vector<center::product_record>;
  using companions = std::vector<center::companion>;
  for (std::size_t i = 0; i < tags_.size() && i < most_tags; ++i) {
    client_->search_products(
        tags_[i], most_by_tag,
        awaited<products>("products", [tag = tags_[i]](auto& g, products found) {
          g.in_.by_tag.emplace_back(tag, std::move(found));
        }));
  }
  std::vector<std::string> bought;
  for (auto& [id, name] : in_.has) {
    if (!id.empty() && bought.size() < most_bought) bought.push_back(id);
  }
  if (!bought.empty()) {
    client_->bought_together(bought, most_companions,
                             awaited<companions>("orders", [](auto& g, companions found) {
                               g.companions_ = std::move(found);
                             }));
  }
  arrived();
}

void recommend_gathering::third_round() {
  begin(&recommend_gathering::finish);
  for (auto& one : companions_) {
    using product = std::optional<center::product_record>;
    client_->find_product(one.product_id,
                          awaited<product>("products", [one](auto& g, product found) {
                            if (found) g.in_.together.emplace_back(one, std::move(*found));
                          }));
  }
  arrived();
}

void recommend_gathering::finish() {
  // Answers come in any order; the result must not depend on it.
  std::sort(in_.by_tag.begin(), in_.by_tag.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::sort(in_.together.begin(), in_.together.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first.product_id, a.first.with) < std::tie(b.first.product_id, b.first.with);
  });
  then_(center::recommend(in_, q_.most), std::move(missing_));
}

}  // namespace switchboard
