#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/customer/customer_record.hpp"
#include "actors/customer/trail_entry.hpp"
#include "actors/identification/findings.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

/// What mining looks at of a session: what was said and shown, and how it went. Bounded.
struct session_facts {
  static constexpr std::size_t most_texts = 500;
  static constexpr std::size_t most_bytes = 64 * 1024;

  trail_entry entry;
  std::string intent, subject, disposition;
  std::vector<std::string> said, replied;  // by the customer, by agents; in order
  std::vector<std::string> products;       // ids shown as cards
  std::vector<std::string> tags;           // of the session
  customer_record customer;
  trail_finding trail;
};

/// As the state has it; nothing where there is no such session, or nobody is known by it.
std::optional<session_facts> facts_of(const store::state_view& view, const session_id& session,
                                      timestamp now);

}  // namespace switchboard
