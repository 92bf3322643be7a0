#include "actors/access/rights.hpp"

#include <algorithm>
#include <array>

#include "actors/access/method_list.hpp"
#include "actors/access/methods.hpp"
#include "actors/access/staff_ties.hpp"
#include "runtime/base/hash.hpp"

namespace switchboard {
namespace rights {
namespace {

constexpr ties none = tie::nothing, any = tie::anyone, team = tie::team;
constexpr ties owner = tie::owner;
constexpr ties speaks = tie::owner | tie::speaker;
constexpr ties present = speaks | tie::listener;
/// Whoever is, was or may become responsible for the session, and whoever takes part in it.
constexpr ties near = present | tie::offered | tie::past;
constexpr ties team_also = tie::team | tie::team_over;
constexpr ties self = tie::self, group = tie::group;
/// Is in a group where it waits, or leads somebody who is.
constexpr ties near_group = tie::group | tie::team_group;

/// By role: customer, agent, leader, supervisor, admin, console.
using needed = std::array<ties, account_roles>;

/// The customer's calls, which no account makes.
constexpr needed of_customers{any, none, none, none, none, none};
/// A session's: the same ties for every role, and for who leads what `more` says; an admin is like
/// everybody's leader.
constexpr needed in_session(ties customer, ties everybody, ties more = none) {
  const auto leads = static_cast<ties>(everybody | more);
  return {customer, everybody, leads, leads, leads, none};
}
/// Leaders and above, each for the teams they lead. Not the console.
constexpr needed of_leaders{none, none, team, team, team, none};
/// The same whomever they lead: it shows no more than that.
constexpr needed who_leads{none, none, any, any, any, none};
/// Every account with a role, about itself or about a customer. Not the console.
constexpr needed of_accounts{none, any, any, any, any, none};
/// As of_accounts, and the console too.
constexpr needed of_staff{none, any, any, any, any, any};
/// Leaders (or supervisors) and above, wherever the customer is served, and the console.
constexpr needed from_leader{none, none, any, any, any, any};
constexpr needed from_supervisor{none, none, none, any, any, any};
constexpr needed of_admins{none, none, none, none, any, any};
/// About messages that were left: agents by the group, who leads everywhere.
constexpr needed of_left_messages{none, group, any, any, any, none};
constexpr needed of_left_messages_and_console{none, group, any, any, any, any};
/// Accounts about themselves, and about whom they lead.
constexpr needed oneself_or_led{none, self, self | team, self | team, self | team, any};
constexpr needed ones_own{none, self, self, self, self, any};
/// An upload's goes on for who began it, which the store of files knows.
constexpr needed who_began{any, any, any, any, any, none};
constexpr needed in_its_group{none, group, group, group, group, none};

constexpr row made(std::string_view method, const needed& n) {
  return {method, {n[0], n[1], n[2], n[3], n[4], n[5]}};
}

// The methods as method_list.hpp has them, then parts of a method that need more than it does.
constexpr std::array rows{
#define SB_ROW(family, verb, who, does, leaves) made(#family "." #verb, who),
    SWITCHBOARD_METHODS(SB_ROW)
#undef SB_ROW
    // All customers of whom a condition holds, not a page of those who are looked for.
    made("customer.search#condition", from_supervisor),
    // What others wrote, and whenever it was.
    made("session.recall#others", in_session(none, none, speaks | tie::past)),
};

constexpr std::array all_methods{
#define SB_METHOD(family, verb, who, does, leaves) \
  method{#family "." #verb, store::work::does, answer::leaves},
    SWITCHBOARD_METHODS(SB_METHOD)
#undef SB_METHOD
};
static_assert(std::ranges::is_sorted(all_methods, {}, &method::name));

/// Where the row of a name is: open addressing, with four times as many slots as rows, so that a
/// name is found with one comparison or two.
class name_index {
 public:
  constexpr name_index() {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto at = slot_of(rows[i].method);
      while (slots_[at] != 0) at = next(at);
      slots_[at] = static_cast<std::uint8_t>(i + 1);
    }
  }
  /// rows.size() where it is none.
  constexpr std::size_t find(std::string_view name) const {
    for (auto at = slot_of(name); slots_[at] != 0; at = next(at)) {
      const std::size_t i = slots_[at] - 1u;
      if (rows[i].method == name) return i;
    }
    return rows.size();
  }

 private:
  static constexpr std::size_t slots = 512;
  static_assert(rows.size() < 255 && rows.size() * 2 < slots);
  static constexpr std::size_t slot_of(std::string_view name) { return fnv1a(name) % slots; }
  static constexpr std::size_t next(std::size_t at) { return (at + 1) % slots; }
  std::array<std::uint8_t, slots> slots_{};
};
constexpr name_index by_name;

}  // namespace

std::span<const row> table() {
  return rows;
}

const row* find(std::string_view method) {
  const auto at = by_name.find(method);
  return at < rows.size() ? &rows[at] : nullptr;
}

std::span<const method> methods() {
  return all_methods;
}

std::optional<std::size_t> place_of(std::string_view name) {
  const auto at = by_name.find(name);
  return at < all_methods.size() ? std::optional(at) : std::nullopt;
}

bool may_call(std::string_view method, account_role role) {
  auto* r = find(method);
  return r && r->needs[static_cast<std::size_t>(role)] != none;
}

bool allows(std::string_view method, account_role role, ties has) {
  auto* r = find(method);
  return r && (r->needs[static_cast<std::size_t>(role)] & (has | tie::anyone)) != 0;
}

}  // namespace rights

std::string_view to_string(account_role r) {
  constexpr std::string_view names[] = {"customer",   "agent", "leader",
                                        "supervisor", "admin", "console"};
  return names[static_cast<std::size_t>(r)];
}

}  // namespace switchboard
