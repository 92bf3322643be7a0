#include "adapters/center/recommendation.hpp"

#include <algorithm>

namespace switchboard::center {
namespace {

class ranking {
 public:
  explicit ranking(const recommend_input& in) : in_(in) {}

  void add(const product_record& product, recommend_reason why, double worth) {
    if (in_.leave_out.contains(product.id)) return;
    bool has = in_.has.contains(product.id);
    if (has && why.by != recommended_by::keyword) return;
    auto& one = all_[product.id];
    if (one.why.empty()) one.product = product;
    // Two words of one kind of reason count once for each: the same reason twice does not.
    if (std::find(one.why.begin(), one.why.end(), why) != one.why.end()) return;
    one.why.push_back(std::move(why));
    one.score += has ? worth / 2 : worth;
  }

  std::vector<recommended> best(std::size_t most) {
    std::vector<recommended> out;
    bool some_in_stock = false;
    for (auto& [id, one] : all_) {
      some_in_stock = some_in_stock || one.product.stock > 0;
      out.push_back(std::move(one));
    }
    for (auto& one : out) {
      if (some_in_stock && one.product.stock <= 0) one.score /= 2;
    }
    // By id first: the map's order, which a stable sort keeps among equals.
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.score > b.score; });
    if (out.size() > most) out.resize(most);
    return out;
  }

 private:
  const recommend_input& in_;
  std::map<std::string, recommended> all_;
};

}  // namespace

std::string_view to_string(recommended_by b) {
  constexpr std::string_view names[] = {"keyword", "tag", "bought_together"};
  return names[static_cast<int>(b)];
}

std::vector<recommended> recommend(const recommend_input& in, std::size_t most) {
  ranking all(in);
  double worth = 3;
  for (const auto& p : in.by_text) {
    all.add(p, {recommended_by::keyword, in.text, 0}, worth);
    worth = std::max(1.0, worth - 0.1);
  }
  for (const auto& [tag, products] : in.by_tag) {
    for (const auto& p : products) all.add(p, {recommended_by::tag, tag, 0}, 1.5);
  }
  for (const auto& [with, p] : in.together) {
    auto known = in.has.find(with.with);
    auto name = known == in.has.end() || known->second.empty() ? with.with : known->second;
    all.add(p, {recommended_by::bought_together, name, with.orders},
            std::min(3.0, 1 + 0.25 * with.orders));
  }
  return all.best(most);
}

}  // namespace switchboard::center
