#include "actors/reception/alert_list.hpp"

#include <algorithm>

namespace switchboard {

person_id alert_list::take(const agent_alert& alert) {
  auto customer = alert.customer;
  // Identified meanwhile: what stood under another name goes there.
  for (auto it = by_customer_.begin(); it != by_customer_.end();) {
    if (it->first != customer) it->second.erase(alert.session);
    it = it->second.empty() ? by_customer_.erase(it) : std::next(it);
  }
  if (alert.what == "cleared") {
    auto it = by_customer_.find(customer);
    if (it == by_customer_.end()) return customer;
    it->second.erase(alert.session);
    if (it->second.empty()) by_customer_.erase(it);
    return customer;
  }
  make_room();
  by_customer_[customer].insert_or_assign(alert.session, alert);
  return customer;
}

void alert_list::make_room() {
  if (by_customer_.size() < most) return;
  auto oldest = std::ranges::min_element(
      by_customer_, {}, [](auto& entry) { return entry.second.begin()->second.since; });
  by_customer_.erase(oldest);
}

void alert_list::pack(codec::packer& p, const person_id& customer, std::uint64_t rev) const {
  auto it = by_customer_.find(customer);
  if (it == by_customer_.end()) {
    p.map(3).str("rev").uinteger(rev);
    field(p, "customer_id", customer.value);
    p.str("cleared").boolean(true);
    return;
  }
  auto& all = it->second;
  std::uint64_t unread = 0;
  bool leader = false;
  auto since = all.begin()->second.since;
  std::string name;
  for (auto& [session, a] : all) {
    unread += a.unread;
    leader = leader || a.level == "leader";
    since = std::min(since, a.since);
    if (!a.customer_name.empty()) name = a.customer_name;
  }
  p.map(7).str("rev").uinteger(rev);
  field(p, "customer_id", customer.value);
  field(p, "customer_name", name);
  p.str("unread").uinteger(unread);
  field(p, "level", leader ? "leader" : "agent");
  field(p, "since", since);
  p.str("alerts").array(static_cast<std::uint32_t>(all.size()));
  for (auto& [session, a] : all) codec::pack_value(p, a, codec::audience::client);
}

std::vector<person_id> alert_list::customers() const {
  std::vector<person_id> out;
  for (auto& [customer, all] : by_customer_) out.push_back(customer);
  return out;
}

}  // namespace switchboard
