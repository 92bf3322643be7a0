#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>
#include <variant>

#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/ids.hpp"

namespace switchboard::log {

/// Text that is technical by its nature: a path, an address we listen on, what the system said.
/// Naming it is a statement: never a name, a contact or a word of a person.
struct technical {
  std::string_view text;
};

/// What a log line may hold: numbers, times, ids, and words that stand in the program. There is no
/// way in from text that came from a client. A person's id names the customer on their channel, so
/// it is none of these ids. Refers to what it is made of: used within one expression.
class value {
 public:
  using kept =
      std::variant<std::int64_t, std::uint64_t, double, bool, std::string_view, session_id>;

  value(bool v) : kept_(v) {}
  template <std::signed_integral T> value(T v) : kept_(static_cast<std::int64_t>(v)) {}
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) value(T v) : kept_(static_cast<std::uint64_t>(v)) {}
  value(double v) : kept_(v) {}
  value(millis v) : kept_(static_cast<std::int64_t>(v.count())) {}
  value(timestamp v) : kept_(unix_ms(v)) {}
  value(errc v) : kept_(to_string(v)) {}
  value(const session_id& v) : kept_(v) {}
  template <class Tag> value(const text_id<Tag>& v) : kept_(std::string_view(v.value)) {}
  value(const person_id&) = delete;
  value(technical v) : kept_(v.text) {}
  /// A word written in the program.
  consteval value(const char* word) : kept_(std::string_view(word)) {}

  const kept& what() const { return kept_; }

 private:
  kept kept_;
};

struct field {
  std::string_view key;
  value what;
};

}  // namespace switchboard::log
