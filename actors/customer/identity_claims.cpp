#include "actors/customer/identity_claims.hpp"

#include <algorithm>
#include <iterator>

namespace switchboard {
namespace {

/// At most so many rows are forgotten in one call, so that no request pays for a whole batch of the
/// projector's.
constexpr int forgotten_at_once = 32;

}  // namespace

identity_claims::picture identity_claims::look(const keys& asked) const {
  picture p;
  p.of.reserve(asked.size());
  std::lock_guard hold(lock_);
  for (auto& key : asked) p.of.push_back(holders(key));
  p.merges = !merges_.empty();
  return p;
}

std::optional<person_id> identity_claims::shown_as(const person_id& person) const {
  std::lock_guard hold(lock_);
  auto it = merges_.find(person);
  return it == merges_.end() ? std::nullopt : std::optional(it->second.as);
}

bool identity_claims::claim(const keys& asked, const picture& seen,
                            const std::vector<std::size_t>& free, const person_id& who,
                            store::position state_at, timestamp now) {
  std::lock_guard hold(lock_);
  if (forgotten_upto_ > state_at) return false;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (holders(asked[i]) != seen.of[i]) return false;
  }
  for (auto i : free) {
    if (asked[i].empty()) continue;
    auto mark = claims_.insert(claims_.end(), {now + limits_.patience, nullptr, who});
    put(asked[i], {{who, false}, 0, mark});
    mark->key = &rows_.find(asked[i])->first;
  }
  while (!claims_.empty() && (claims_.front().until <= now || claims_.size() > limits_.claims))
    end_claim(claims_.begin());
  forget(state_at);
  return true;
}

void identity_claims::recorded(const person_id& person, const keys& before, const keys& after,
                               store::position at) {
  keys come, gone;
  std::ranges::set_difference(after, before, std::back_inserter(come));
  std::ranges::set_difference(before, after, std::back_inserter(gone));
  if (come.empty() && gone.empty()) return;
  std::lock_guard hold(lock_);
  auto note = [&](const keys& those, bool are_gone) {
    for (auto& key : those) {
      if (key.empty()) continue;
      put(key, {{person, are_gone}, at, {}});
      recorded_.push_back({at, key, person});
    }
  };
  note(come, false);
  note(gone, true);
}

void identity_claims::merged(const person_id& person, const person_id& as, store::position at) {
  std::lock_guard hold(lock_);
  merges_.insert_or_assign(person, merge{as, at});
  recorded_.push_back({at, {}, person});
}

void identity_claims::settle(const person_id& person, const keys& heard) {
  std::lock_guard hold(lock_);
  for (auto& key : heard) {
    auto it = rows_.find(key);
    if (it == rows_.end()) continue;
    auto r = std::ranges::find_if(it->second, [&](auto& x) { return x.who.person == person; });
    if (r != it->second.end() && r->at == 0) end_claim(r->mark);
  }
}

void identity_claims::drop(const person_id& person) {
  std::lock_guard hold(lock_);
  for (auto it = claims_.begin(); it != claims_.end();) {
    auto next = std::next(it);
    if (it->person == person) end_claim(it);
    it = next;
  }
}

void identity_claims::projected(store::position upto) {
  std::lock_guard hold(lock_);
  forget(upto);
}

std::size_t identity_claims::claims() const {
  std::lock_guard hold(lock_);
  return claims_.size();
}

std::size_t identity_claims::size() const {
  std::lock_guard hold(lock_);
  auto n = merges_.size();
  for (auto& [key, rows] : rows_) n += rows.size();
  return n;
}

std::vector<identity_claims::holder> identity_claims::holders(const std::string& key) const {
  std::vector<holder> all;
  auto it = key.empty() ? rows_.end() : rows_.find(key);
  if (it == rows_.end()) return all;
  for (auto& r : it->second) all.push_back(r.who);
  return all;
}

/// One row for each person under a key: its newest. Who records what was claimed keeps the place it
/// had.
void identity_claims::put(const std::string& key, row r) {
  auto& rows = rows_[key];
  auto known = std::ranges::find_if(rows, [&](auto& x) { return x.who.person == r.who.person; });
  if (known == rows.end()) return rows.push_back(std::move(r));
  if (known->at == 0) claims_.erase(known->mark);
  if (known->who == r.who) {
    *known = std::move(r);
  } else {
    rows.erase(known);
    rows.push_back(std::move(r));
  }
}

void identity_claims::end_claim(claim_list::iterator at) {
  auto it = rows_.find(*at->key);
  std::erase_if(it->second, [&](auto& r) { return r.at == 0 && r.mark == at; });
  if (it->second.empty()) rows_.erase(it);
  claims_.erase(at);
}

/// Actors append and report one after the other, so a few positions stand out of order: they wait
/// behind an earlier one.
void identity_claims::forget(store::position upto) {
  for (int n = 0; n < forgotten_at_once && !recorded_.empty() && recorded_.front().at <= upto;
       ++n) {
    auto& m = recorded_.front();
    forgotten_upto_ = std::max(forgotten_upto_, m.at);
    if (m.key.empty()) {
      auto it = merges_.find(m.person);
      if (it != merges_.end() && it->second.at == m.at) merges_.erase(it);
    } else if (auto it = rows_.find(m.key); it != rows_.end()) {
      std::erase_if(it->second, [&](auto& r) { return r.at == m.at && r.who.person == m.person; });
      if (it->second.empty()) rows_.erase(it);
    }
    recorded_.pop_front();
  }
}

}  // namespace switchboard
