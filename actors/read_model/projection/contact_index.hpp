#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/customer/customer_record.hpp"
#include "runtime/store/state.hpp"

/// What of a person is indexed, and how that is made anew where the folding is another than it was
/// made with.
namespace switchboard::projecting {

/// Table and key.
using contact_place = std::pair<std::string_view, std::string>;

/// The tables and keys under which the person is found, sorted.
std::vector<contact_place> contacts_of(const customer_record& r);

/// Whether the index of folded contacts was made under another folding, or has not been made anew
/// whole.
bool contacts_are_outdated(const store::state_view& view);

/// A step of making it anew out of the records in the state, bounded in rows.
struct contact_step {
  bool more = false;
  std::size_t records = 0;     // that it indexed
  std::size_t unreadable = 0;  // of these: nobody finds them by contact, as nobody can read them
};
contact_step renew_contacts(store::state_batch& batch);

}  // namespace switchboard::projecting
