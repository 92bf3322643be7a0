#include "adapters/channel/transport/output_budget.hpp"

#include <utility>

#include "runtime/log/log.hpp"

namespace switchboard::channel {

void output_budget::take(limits l) {
  x_of_token.store(l.of_token, std::memory_order_relaxed);
  x_in_all.store(l.in_all, std::memory_order_relaxed);
}

output_budget::share& output_budget::share_of(const std::string& token) {
  auto& at = x_shares[token];
  if (!at) {
    at = std::make_unique<share>();
    at->token = token;
  }
  ++at->members;
  return *at;
}

void output_budget::let_go(share& s) {
  if (--s.members == 0) x_shares.erase(std::string(s.token));
}

output_budget::connection_ptr output_budget::enter(std::string address,
                                                   std::function<void()> drop) {
  auto made = std::make_shared<connection>(std::move(address), std::move(drop));
  std::lock_guard hold(x_lock);
  // Nobody's, until it says whose it is.
  made->x_share = &share_of({});
  x_connections.insert(made);
  return made;
}

void output_budget::own(connection& c, const std::string& token) {
  std::lock_guard hold(x_lock);
  auto& mine = share_of(token);
  const auto bytes = c.x_held.load(std::memory_order_relaxed);
  mine.held.fetch_add(bytes, std::memory_order_relaxed);
  c.x_share->held.fetch_sub(bytes, std::memory_order_relaxed);
  let_go(*std::exchange(c.x_share, &mine));
}

bool output_budget::hold(connection& c, std::size_t bytes) {
  // Unsigned arithmetic: what is taken away is added modulo the type's size.
  const auto more = bytes - c.x_held.exchange(bytes, std::memory_order_relaxed);
  const auto all = x_held.fetch_add(more, std::memory_order_relaxed) + more;
  const auto own = c.x_share->held.fetch_add(more, std::memory_order_relaxed) + more;
  return own > x_of_token.load(std::memory_order_relaxed) ||
         all > x_in_all.load(std::memory_order_relaxed);
}

void output_budget::leave(const connection_ptr& c) {
  hold(*c, 0);
  std::lock_guard hold(x_lock);
  if (x_connections.erase(c) > 0) let_go(*c->x_share);
}

/// What is being dropped counts no more, so that nobody else is dropped for it.
output_budget::verdict output_budget::pick() {
  std::lock_guard hold(x_lock);
  std::size_t all = 0;
  for (auto& [token, s] : x_shares) s->seen = 0;
  for (auto& c : x_connections) {
    if (c->x_dropped) continue;
    auto& s = *c->x_share;
    const auto bytes = c->x_held.load(std::memory_order_relaxed);
    s.seen += bytes;
    all += bytes;
    if (!s.largest || bytes > s.largest->x_held.load(std::memory_order_relaxed)) s.largest = c;
  }
  const auto of_token = x_of_token.load(std::memory_order_relaxed);
  const auto in_all = x_in_all.load(std::memory_order_relaxed);
  share* worst = nullptr;
  for (auto& [token, s] : x_shares) {
    if (!worst || s->seen > worst->seen) worst = s.get();
  }
  verdict out;
  if (worst && worst->largest && (worst->seen > of_token || all > in_all)) {
    const bool own_share = worst->seen > of_token;
    out = {worst->largest, worst->token, own_share ? worst->seen : all,
           own_share ? of_token : in_all, !own_share};
    out.who->x_dropped = true;
  }
  for (auto& [token, s] : x_shares) s->largest.reset();
  return out;
}

void output_budget::relieve() {
  for (auto next = pick(); next.who; next = pick()) {
    log::warn("connection_dropped_for_its_output",
              {{"token", log::technical{next.token}},
               {"address", log::technical{next.who->x_address}},
               {"bytes", next.who->x_held.load(std::memory_order_relaxed)},
               {next.of_node ? "bytes_of_node" : "bytes_of_token", next.held},
               {"limit", next.limit}});
    next.who->x_drop();
  }
}

}  // namespace switchboard::channel
