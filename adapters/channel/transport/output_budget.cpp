#include "adapters/channel/transport/output_budget.hpp"

#include <utility>

#include "runtime/log/log.hpp"

namespace switchboard::channel {

void output_budget::take(limits l) {
  of_token_.store(l.of_token, std::memory_order_relaxed);
  in_all_.store(l.in_all, std::memory_order_relaxed);
}

output_budget::share& output_budget::share_of(const std::string& token) {
  auto& at = shares_[token];
  if (!at) {
    at = std::make_unique<share>();
    at->token = token;
  }
  ++at->members;
  return *at;
}

void output_budget::let_go(share& s) {
  if (--s.members == 0) shares_.erase(std::string(s.token));
}

output_budget::connection_ptr output_budget::enter(std::string address,
                                                   std::function<void()> drop) {
  auto made = std::make_shared<connection>(std::move(address), std::move(drop));
  std::lock_guard hold(lock_);
  // Nobody's, until it says whose it is.
  made->share_ = &share_of({});
  connections_.insert(made);
  return made;
}

void output_budget::own(connection& c, const std::string& token) {
  std::lock_guard hold(lock_);
  auto& mine = share_of(token);
  const auto bytes = c.held_.load(std::memory_order_relaxed);
  mine.held.fetch_add(bytes, std::memory_order_relaxed);
  c.share_->held.fetch_sub(bytes, std::memory_order_relaxed);
  let_go(*std::exchange(c.share_, &mine));
}

bool output_budget::hold(connection& c, std::size_t bytes) {
  // Unsigned arithmetic: what is taken away is added modulo the type's size.
  const auto more = bytes - c.held_.exchange(bytes, std::memory_order_relaxed);
  const auto all = held_.fetch_add(more, std::memory_order_relaxed) + more;
  const auto own = c.share_->held.fetch_add(more, std::memory_order_relaxed) + more;
  return own > of_token_.load(std::memory_order_relaxed) ||
         all > in_all_.load(std::memory_order_relaxed);
}

void output_budget::leave(const connection_ptr& c) {
  hold(*c, 0);
  std::lock_guard hold(lock_);
  if (connections_.erase(c) > 0) let_go(*c->share_);
}

/// What is being dropped counts no more, so that nobody else is dropped for it.
output_budget::verdict output_budget::pick() {
  std::lock_guard hold(lock_);
  std::size_t all = 0;
  for (auto& [token, s] : shares_) s->seen = 0;
  for (auto& c : connections_) {
    if (c->dropped_) continue;
    auto& s = *c->share_;
    const auto bytes = c->held_.load(std::memory_order_relaxed);
    s.seen += bytes;
    all += bytes;
    if (!s.largest || bytes > s.largest->held_.load(std::memory_order_relaxed)) s.largest = c;
  }
  const auto of_token = of_token_.load(std::memory_order_relaxed);
  const auto in_all = in_all_.load(std::memory_order_relaxed);
  share* worst = nullptr;
  for (auto& [token, s] : shares_) {
    if (!worst || s->seen > worst->seen) worst = s.get();
  }
  verdict out;
  if (worst && worst->largest && (worst->seen > of_token || all > in_all)) {
    const bool own_share = worst->seen > of_token;
    out = {worst->largest, worst->token, own_share ? worst->seen : all,
           own_share ? of_token : in_all, !own_share};
    out.who->dropped_ = true;
  }
  for (auto& [token, s] : shares_) s->largest.reset();
  return out;
}

void output_budget::relieve() {
  for (auto next = pick(); next.who; next = pick()) {
    log::warn("connection_dropped_for_its_output",
              {{"token", log::technical{next.token}},
               {"address", log::technical{next.who->address_}},
               {"bytes", next.who->held_.load(std::memory_order_relaxed)},
               {next.of_node ? "bytes_of_node" : "bytes_of_token", next.held},
               {"limit", next.limit}});
    next.who->drop_();
  }
}

}  // namespace switchboard::channel
