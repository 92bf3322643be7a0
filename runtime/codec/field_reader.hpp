#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "runtime/codec/arguments.hpp"
#include "runtime/codec/params.hpp"

/// What reads a call's arguments from the wire, and what lists them. Both follow the one function
/// `wire_fields` (arguments.hpp).
namespace switchboard::codec {

/// What a field of a call looks like.
struct wire_field {
  enum class kind { text, session, integer, boolean, map, texts, bytes };
  std::string_view name;
  kind what = kind::text;
  bool required = false;
  /// Of an integer; of texts and bytes `most` is their longest.
  std::int64_t least = 0, most = 0;
};

/// Any whole number that a call may hold.
template <class T>
concept wire_number = std::integral<T> && !std::same_as<T, bool>;

/// Reads fields in the order in which they are declared; the first that is wrong is what the
/// params' error names. Not thread-safe.
class field_reader {
 public:
  explicit field_reader(params& p) : p_(p) {}

  void must(std::string_view name, std::string& x, std::size_t longest) {
    x = p_.text(name, longest);
  }
  void may(std::string_view name, std::string& x, std::size_t longest) {
    x = p_.text_or_empty(name, longest);
  }
  template <class Tag> void must(std::string_view name, text_id<Tag>& x, std::size_t longest) {
    x.value = p_.text(name, longest);
  }
  void must(std::string_view name, session_id& x);
  void may(std::string_view name, std::optional<session_id>& x);

  template <wire_number T>
  void must(std::string_view name, T& x, std::int64_t least, std::int64_t most) {
    x = static_cast<T>(p_.integer(name, least, most));
  }
  template <wire_number T>
  void may(std::string_view name, T& x, std::int64_t least, std::int64_t most) {
    if (const auto n = p_.maybe_integer(name, least, most)) x = static_cast<T>(*n);
  }
  void may(std::string_view name, timestamp& x, std::int64_t least, std::int64_t most) {
    if (const auto ms = p_.maybe_integer(name, least, most)) x = from_unix_ms(*ms);
  }
  void may(std::string_view name, std::optional<timestamp>& x, std::int64_t least,
           std::int64_t most) {
    if (const auto ms = p_.maybe_integer(name, least, most)) x = from_unix_ms(*ms);
  }

  void must(std::string_view name, bool& x);
  void may(std::string_view name, bool& x) { x = p_.boolean_or(name, x); }
  void may(std::string_view name, std::optional<bool>& x) {
    if (p_.find(name)) x = p_.boolean_or(name, false);
  }

  /// A map, kept packed.
  void must(std::string_view name, packed_value& x) {
    if (const auto* map = p_.map(name)) x.bytes = packed(*map);
  }
  void may(std::string_view name, std::vector<std::string>& x, text_list bounds);
  void must_bytes(std::string_view name, std::string& x, std::size_t longest) {
    x = p_.bytes(name, longest);
  }

  /// What depends on each other: read by a function of its own, which reads just these fields.
  template <class Read> void by(std::span<const wire_field>, Read read) { read(p_); }

 private:
  params& p_;
};

/// Lists the fields that a call has, in their order.
class field_list {
 public:
  using kind = wire_field::kind;

  void must(std::string_view name, const std::string&, std::size_t longest) {
    add(name, kind::text, true, 1, longest);
  }
  void may(std::string_view name, const std::string&, std::size_t longest) {
    add(name, kind::text, false, 0, longest);
  }
  template <class Tag> void must(std::string_view name, const text_id<Tag>&, std::size_t longest) {
    add(name, kind::text, true, 1, longest);
  }
  void must(std::string_view name, const session_id&) { add(name, kind::session, true, 1, 64); }
  void may(std::string_view name, const std::optional<session_id>&) {
    add(name, kind::session, false, 0, 64);
  }
  template <class T>
  void must(std::string_view name, const T&, std::int64_t least, std::int64_t most) {
    fields.push_back({name, kind::integer, true, least, most});
  }
  template <class T>
  void may(std::string_view name, const T&, std::int64_t least, std::int64_t most) {
    fields.push_back({name, kind::integer, false, least, most});
  }
  void must(std::string_view name, const bool&) { add(name, kind::boolean, true, 0, 1); }
  void may(std::string_view name, const bool&) { add(name, kind::boolean, false, 0, 1); }
  void may(std::string_view name, const std::optional<bool>&) {
    add(name, kind::boolean, false, 0, 1);
  }
  void must(std::string_view name, const packed_value&) { add(name, kind::map, true, 0, 0); }
  void may(std::string_view name, const std::vector<std::string>&, text_list bounds) {
    add(name, kind::texts, false, 1, bounds.longest);
  }
  void must_bytes(std::string_view name, const std::string&, std::size_t longest) {
    add(name, kind::bytes, true, 0, longest);
  }
  template <class Read> void by(std::span<const wire_field> these, Read) {
    fields.insert(fields.end(), these.begin(), these.end());
  }

  std::vector<wire_field> fields;

 private:
  void add(std::string_view name, kind what, bool required, std::int64_t least, std::size_t most) {
    fields.push_back({name, what, required, least, static_cast<std::int64_t>(most)});
  }
};

}  // namespace switchboard::codec
