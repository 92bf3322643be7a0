#include "adapters/center/trade_center.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace switchboard::center {
namespace {

constexpr std::pair<order_state, std::string_view> names[] = {
    {order_state::created, "created"},     {order_state::paid, "paid"},
    {order_state::shipped, "shipped"},     {order_state::delivered, "delivered"},
    {order_state::completed, "completed"}, {order_state::cancelled, "cancelled"},
    {order_state::refunding, "refunding"}, {order_state::refunded, "refunded"}};

}  // namespace

std::string_view to_string(order_state s) {
  for (const auto& [state, name] : names) {
    if (state == s) return name;
  }
  return "unknown";
}

std::optional<order_state> order_state_of(std::string_view name) {
  auto at = std::find_if(std::begin(names), std::end(names),
                         [&](const auto& entry) { return entry.second == name; });
  if (at == std::end(names)) return {};
  return at->first;
}

bool is_open(order_state s) {
  return s == order_state::paid || s == order_state::shipped || s == order_state::refunding;
}

std::vector<companion> companions_of(const std::string& product_id,
                                     const std::vector<order_record>& orders) {
  std::map<std::string, int> counts;
  for (const auto& order : orders) {
    if (order.state == order_state::cancelled || order.state == order_state::refunded) continue;
    std::set<std::string> others;
    for (const auto& item : order.items) others.insert(item.product_id);
    others.erase("");
    others.erase(product_id);
    for (const auto& id : others) ++counts[id];
  }
  std::vector<companion> out;
  for (const auto& [id, orders_with] : counts) out.push_back({id, product_id, orders_with});
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.orders > b.orders; });
  return out;
}

}  // namespace switchboard::center
