#include "adapters/channel/gateway/connection_index.hpp"

#include <algorithm>
#include <vector>

namespace switchboard {
namespace {

using proof = connection_owner::proof;

constexpr timestamp for_good = timestamp::max(), not_at_all{};

const config::agent_config* account_of(const config::dispatch_config& c, const std::string& id) {
  for (auto* some : {&c.agents, &c.disabled_agents}) {
    const auto at = std::ranges::find(*some, agent_id{id}, &config::agent_config::id);
    if (at != some->end()) return &*at;
  }
  return nullptr;
}

timestamp token_until(const config::agent_config& a, const std::string& hash) {
  if (!a.token_sha256.empty() && a.token_sha256 == hash) return for_good;
  return a.old_token_sha256 == hash ? a.old_token_until : not_at_all;
}

timestamp good_if(bool good) {
  return good ? for_good : not_at_all;
}

}  // namespace

timestamp good_until(const connection_owner& who, const config::dispatch_config& c) {
  if (who.by == proof::socket) return for_good;
  if (who.hash.empty()) return not_at_all;
  switch (who.what) {
    case connection_owner::kind::console:
      return good_if(std::ranges::find(c.admin_tokens, who.hash,
                                       &config::admin_token::token_sha256) != c.admin_tokens.end());
    case connection_owner::kind::channel: {
      const auto at =
          std::ranges::find(c.channels, channel_id{who.id}, &config::channel_config::id);
      return good_if(at != c.channels.end() && at->token_sha256 == who.hash);
    }
    case connection_owner::kind::agent: {
      const auto* a = account_of(c, who.id);
      if (!a) return for_good;
      return who.by == proof::token ? token_until(*a, who.hash)
                                    : good_if(a->password_hash == who.hash);
    }
  }
  return not_at_all;
}

timestamp connection_index::end_of(const entry& e, const config::dispatch_config& c) {
  const auto own = good_until(e.who, c);
  if (own == for_good || e.kept_by.empty()) return own;
  const auto* a = account_of(c, e.who.id);
  const bool replaced = a && std::ranges::any_of(e.kept_by, [&](auto& by) {
                          return a->password_hash == by || a->token_sha256 == by;
                        });
  return replaced ? for_good : own;
}

/// Outside the lock: an outbox has one of its own.
template <class Due> void connection_index::end_where(Due due) {
  std::vector<outbox_ptr> over;
  {
    std::lock_guard hold(lock_);
    for (auto& [id, e] : open_) {
      if (e.ends || !due(e)) continue;
      e.ends = true;
      if (e.held == 0) over.push_back(e.out);
    }
    note_next();
  }
  for (auto& out : over) out->end();
}

void connection_index::note_next() {
  auto next = for_good;
  for (auto& [id, e] : open_) {
    if (!e.ends) next = std::min(next, e.until);
  }
  next_.store(next, std::memory_order_release);
}

void connection_index::add(const outbox_ptr& connection, connection_owner who) {
  std::lock_guard hold(lock_);
  auto& e = open_[connection->id()];
  e.out = connection;
  e.who = std::move(who);
}

void connection_index::remove(std::uint64_t connection) {
  std::lock_guard hold(lock_);
  open_.erase(connection);
}

std::size_t connection_index::size() const {
  std::lock_guard hold(lock_);
  return open_.size();
}

void connection_index::review(const config::dispatch_config& c, timestamp now) {
  end_where([&](entry& e) {
    e.until = end_of(e, c);
    return e.until <= now;
  });
}

bool connection_index::still_good(std::uint64_t connection, const config::dispatch_config& c,
                                  timestamp now) {
  std::lock_guard hold(lock_);
  const auto at = open_.find(connection);
  if (at == open_.end() || at->second.ends) return false;
  at->second.until = end_of(at->second, c);
  if (at->second.until <= now) {
    open_.erase(at);
    return false;
  }
  note_next();
  return true;
}

void connection_index::end_due(timestamp now) {
  if (next_.load(std::memory_order_acquire) > now) return;
  end_where([&](entry& e) { return e.until <= now; });
}

void connection_index::keep(const std::string& account, const std::string& hash) {
  std::lock_guard hold(lock_);
  for (auto& [id, e] : open_) {
    if (e.who.what != connection_owner::kind::agent || e.who.id != account) continue;
    // A change that comes to nothing, or was made already, leaves a hash behind that nothing has.
    constexpr std::size_t most = 16;
    if (std::ranges::find(e.kept_by, hash) != e.kept_by.end()) continue;
    if (e.kept_by.size() >= most) e.kept_by.erase(e.kept_by.begin());
    e.kept_by.push_back(hash);
  }
}

void connection_index::end_account(const std::string& account) {
  end_where(
      [&](entry& e) { return e.who.what == connection_owner::kind::agent && e.who.id == account; });
}

void connection_index::hold(std::uint64_t connection) {
  std::lock_guard hold(lock_);
  if (const auto at = open_.find(connection); at != open_.end()) ++at->second.held;
}

void connection_index::release(std::uint64_t connection) {
  outbox_ptr over;
  {
    std::lock_guard hold(lock_);
    const auto at = open_.find(connection);
    if (at == open_.end() || --at->second.held > 0 || !at->second.ends) return;
    over = at->second.out;
  }
  over->end();
}

}  // namespace switchboard
