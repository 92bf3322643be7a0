#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <typeinfo>

namespace switchboard {

/// The kinds of messages that actors of this program exchange, by small numbers. Filled once,
/// before the first actor system begins; afterwards thread-safe. The types are one list for the
/// whole program, hence one table.
class message_names {
 public:
  using number = std::uint8_t;
  static constexpr number others = 0;  // of no name: CAF's own, a test's
  static constexpr std::size_t most = 192;

  /// A second time for one type changes nothing. Throws `std::length_error` past `most`.
  static void add(const std::type_info& type, std::string_view name);
  static number of(const std::type_info* type) {
    if (!type) return others;
    for (auto i = slot_of(type);; i = (i + 1) % slots.size()) {
      if (slots[i].type == type) return slots[i].of;
      if (!slots[i].type) return others;
    }
  }
  static std::string_view name(number n);
  /// The numbers in use are 0 to this, exclusive.
  static std::size_t count() { return used; }

 private:
  struct slot {
    const std::type_info* type;
    number of;
  };
  static std::size_t slot_of(const std::type_info* type) {
    return (reinterpret_cast<std::uintptr_t>(type) >> 4) % slots.size();
  }
  // At most three quarters full.
  static inline std::array<slot, 256> slots{};
  static inline std::array<std::string, most> names{"other"};
  static inline std::size_t used = 1;
};

}  // namespace switchboard
