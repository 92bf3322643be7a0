#include "actors/customer/block_list.hpp"

#include "runtime/text/contact_form.hpp"

namespace switchboard {
namespace {

void add(std::vector<std::string>& keys, char kind, const std::string& value) {
  if (!value.empty()) keys.push_back(kind + value);
}

std::string identity_key(const std::string& channel, const std::string& id) {
  return channel + '\n' + id;
}

std::vector<std::string> keys_of(const customer_record& r) {
  std::vector<std::string> keys;
  for (auto& i : r.identities) {
    add(keys, 'i', identity_key(i.channel, i.id));
    add(keys, 'u', i.union_id);
  }
  add(keys, 'm', r.member_id);
  add(keys, 'p', phone_form(r.profile.phone.value));
  add(keys, 'e', email_form(r.profile.email.value));
  return keys;
}

}  // namespace

void block_list::note(const customer_record& r) {
  if (!r.blocked && size() == 0) return;
  std::unique_lock hold(lock_);
  erase(r.person);
  if (r.blocked) {
    auto keys = keys_of(r);
    for (auto& key : keys) by_key_.emplace(key, entry{r.person, *r.blocked});
    keys_[r.person] = std::move(keys);
  }
  persons_.store(keys_.size(), std::memory_order_relaxed);
}

void block_list::forget(const person_id& person) {
  std::unique_lock hold(lock_);
  erase(person);
  persons_.store(keys_.size(), std::memory_order_relaxed);
}

void block_list::erase(const person_id& person) {
  auto known = keys_.find(person);
  if (known == keys_.end()) return;
  for (auto& key : known->second) {
    auto [from, to] = by_key_.equal_range(key);
    while (from != to) from = from->second.person == person ? by_key_.erase(from) : std::next(from);
  }
  keys_.erase(known);
}

std::optional<block_mark> block_list::find(const std::string& channel, const channel_customer& who,
                                           timestamp now) const {
  if (size() == 0) return {};
  std::vector<std::string> keys;
  add(keys, 'i', identity_key(channel, who.id));
  add(keys, 'u', who.union_id);
  add(keys, 'm', who.member_id);
  add(keys, 'p', phone_form(who.phone));
  add(keys, 'e', email_form(who.email));
  std::shared_lock hold(lock_);
  for (auto& key : keys) {
    auto [from, to] = by_key_.equal_range(key);
    for (; from != to; ++from) {
      auto& mark = from->second.mark;
      if (!mark.until || *mark.until > now) return mark;
    }
  }
  return {};
}

}  // namespace switchboard
