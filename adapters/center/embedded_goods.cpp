#include <algorithm>
#include <map>

#include "adapters/center/embedded_rooms.hpp"
#include "adapters/center/search_words.hpp"

namespace switchboard::center {
namespace {

/// Index entries one search looks at: a bound on its cost, whatever is asked.
constexpr std::size_t most_entries = 20'000;

/// Product id to whether every word so far is in its name.
using hits = std::map<std::string, bool, std::less<>>;

hits with_token(const store::lmdb_txn& txn, store::lmdb_table index, const std::string& token,
                std::size_t& budget) {
  hits out;
  scan_prefix(txn, index, token, [&](std::string_view rest, std::string_view value) {
    auto zero = rest.find('\0');
    if (zero != std::string_view::npos) out[std::string(rest.substr(zero + 1))] |= value == "n";
    return --budget > 0;
  });
  return out;
}

/// Ids that have every token, those by name first.
std::vector<std::string> ranked(const store::lmdb_txn& txn, store::lmdb_table index,
                                const std::vector<std::string>& tokens) {
  hits all;
  std::size_t budget = most_entries;
  for (const auto& token : tokens) {
    if (budget == 0) break;
    auto found = with_token(txn, index, token, budget);
    if (&token == &tokens.front()) {
      all = std::move(found);
      continue;
    }
    std::erase_if(all, [&](const auto& hit) { return !found.contains(hit.first); });
    for (auto& [id, in_name] : all) in_name = in_name && found.at(id);
  }
  std::vector<std::string> out;
  for (bool wanted : {true, false}) {
    for (const auto& [id, in_name] : all) {
      if (in_name == wanted) out.push_back(id);
    }
  }
  return out;
}

}  // namespace

result<std::optional<product_record>> embedded_products::find(std::string_view id) const {
  return readable([&]() -> result<std::optional<product_record>> {
    auto txn = store_.env->begin_read();
    if (!txn) return tl::unexpected(txn.error());
    auto bytes = txn->get(store_.of(center_kind::product).records, id);
    if (!bytes) return std::optional<product_record>();
    auto product = product_of(*bytes);
    if (!product) return damaged("product", id);
    return product;
  });
}

result<std::vector<product_record>> embedded_products::search(std::string_view text,
                                                              std::size_t most) const {
  return readable([&]() -> result<std::vector<product_record>> {
    auto tokens = query_tokens(text.substr(0, 512));
    std::vector<product_record> out;
    if (tokens.empty()) return out;
    auto txn = store_.env->begin_read();
    if (!txn) return tl::unexpected(txn.error());
    const auto& tables = store_.of(center_kind::product);
    for (const auto& id : ranked(*txn, tables.index, tokens)) {
      if (out.size() >= most) break;
      auto bytes = txn->get(tables.records, id);
      auto product = bytes ? product_of(*bytes) : std::nullopt;
      if (!product) return damaged("product", id);
      out.push_back(std::move(*product));
    }
    return out;
  });
}

result<std::optional<order_record>> embedded_trade::find(std::string_view order_id) const {
  return readable([&]() -> result<std::optional<order_record>> {
    auto txn = store_.env->begin_read();
    if (!txn) return tl::unexpected(txn.error());
    auto bytes = txn->get(store_.of(center_kind::order).records, order_id);
    if (!bytes) return std::optional<order_record>();
    auto order = order_of(*bytes);
    if (!order) return damaged("order", order_id);
    return order;
  });
}

result<std::vector<order_record>> embedded_trade::orders_of(std::string_view member_id,
                                                            const order_query& query) const {
  return readable([&]() -> result<std::vector<order_record>> {
    auto txn = store_.env->begin_read();
    if (!txn) return tl::unexpected(txn.error());
    const auto& tables = store_.of(center_kind::order);
    std::vector<order_record> out;
    bool sound = true;
    auto prefix = order_prefix(member_id);
    scan_prefix(*txn, tables.index, prefix, [&](std::string_view rest, std::string_view value) {
      if (out.size() >= query.most) return false;
      auto created = created_of(rest);
      // Entries go from new to old, so that the first too old one ends the walk.
      if (created < query.from) return false;
      auto state = static_cast<order_state>(value.front());
      bool wanted = query.states.empty() || std::find(query.states.begin(), query.states.end(),
                                                      state) != query.states.end();
      if (created >= query.to || !wanted) return true;
      auto bytes = txn->get(tables.records, rest.substr(newest_first_bytes));
      auto order = bytes ? order_of(*bytes) : std::nullopt;
      sound = order.has_value();
      if (sound) out.push_back(std::move(*order));
      return sound;
    });
    if (!sound) return damaged("orders of", member_id);
    return out;
  });
}

result<std::size_t> embedded_trade::open_orders(std::string_view member_id) const {
  return readable([&]() -> result<std::size_t> {
    auto txn = store_.env->begin_read();
    if (!txn) return tl::unexpected(txn.error());
    std::size_t open = 0;
    scan_prefix(*txn, store_.of(center_kind::order).index, order_prefix(member_id),
                [&](std::string_view, std::string_view value) {
                  open += is_open(static_cast<order_state>(value.front()));
                  return true;
                });
    return open;
  });
}

result<std::vector<companion>> embedded_trade::bought_together(
    const std::vector<std::string>& product_ids, std::size_t most) const {
  return readable([&]() -> result<std::vector<companion>> {
    // The latest orders of a product show what goes with it as well as all of them would.
    constexpr std::size_t most_orders = 200;
    auto txn = store_.env->begin_read();
    if (!txn) return tl::unexpected(txn.error());
    const auto& tables = store_.of(center_kind::order);
    std::vector<companion> out;
    for (const auto& product : product_ids) {
      std::vector<order_record> orders;
      scan_prefix(*txn, tables.index, bought_prefix(product), [&](std::string_view rest, auto) {
        auto bytes = txn->get(tables.records, rest.substr(newest_first_bytes));
        if (auto order = bytes ? order_of(*bytes) : std::nullopt)
          orders.push_back(std::move(*order));
        return orders.size() < most_orders;
      });
      for (auto& one : companions_of(product, orders)) {
        bool asked =
            std::find(product_ids.begin(), product_ids.end(), one.product_id) != product_ids.end();
        if (!asked) out.push_back(std::move(one));
      }
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.orders > b.orders; });
    if (out.size() > most) out.resize(most);
    return out;
  });
}

}  // namespace switchboard::center
