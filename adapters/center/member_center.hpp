#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"

namespace switchboard::center {

/// A member of the business, as the member center knows it.
struct member_record {
  std::string id;
  /// 0 is the lowest.
  int level = 0;
  std::string name;
  timestamp since{};
  std::string phone;
  std::string email;
  std::string union_id;
  std::map<std::string, std::string> attributes;

  bool operator==(const member_record&) const = default;
};

/// By what a member can be found, strongest first.
enum class member_key : std::uint8_t { member_id, union_id, phone, email };

/// What is known about somebody; empty is not known. Phone and e-mail in any form (see
/// runtime/text/contact_form.hpp).
struct member_keys {
  std::string member_id;
  std::string union_id;
  std::string phone;
  std::string email;
};

/// The member whom the strongest key finds, and every other member whom a key finds. They are
/// different people until a person says otherwise: nothing of one is mixed into the other.
struct member_lookup {
  struct conflict {
    member_key key;
    std::string member_id;

    bool operator==(const conflict&) const = default;
  };
  /// Nobody when no key finds one, when `member_id` is given and names nobody (a weaker key may
  /// then be somebody else's), and when the strongest key that finds anybody finds several.
  std::optional<member_record> member;
  member_key by = member_key::member_id;
  std::vector<conflict> conflicts;
};

/// The member center. Thread-safe. An implementation that waits for a network bounds the wait by
/// its own deadline, and is called on threads that may wait, never on an actor's.
class member_center {
 public:
  virtual ~member_center() = default;
  virtual result<member_lookup> find(const member_keys& keys) const = 0;
};

}  // namespace switchboard::center
