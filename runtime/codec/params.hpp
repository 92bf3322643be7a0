#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <msgpack.hpp>

#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard::codec {

/// The one reading of an integer: what is written as one, or as a float that is whole, within
/// ±2^53. Nothing for all else.
std::optional<std::int64_t> whole_number(const msgpack::object& o);

/// Reads the fields of one MessagePack map and remembers the first thing wrong with them, so that a
/// handler reads all its fields and then asks once. Unknown fields are ignored; nil counts as
/// absent. Errors are `invalid_argument` naming the field by its dotted path. What holds for every
/// value of the wire (UTF-8, keys of text, ranges of numbers) the frame decoder has checked before.
/// Does not own the object; not thread-safe.
class params {
 public:
  static constexpr std::size_t max_text = 16 * 1024;

  explicit params(const msgpack::object& map, std::string path = {});

  /// Required: text of 1 to `limit` bytes.
  std::string text(std::string_view field, std::size_t limit = 256);
  /// Optional: empty where absent.
  std::string text_or_empty(std::string_view field, std::size_t limit = max_text);
  /// Required: binary data of at most `limit` bytes.
  std::string bytes(std::string_view field, std::size_t limit);
  /// Integers, and floats that are whole: many clients know one kind of number (`whole_number`).
  std::int64_t integer(std::string_view field, std::int64_t least, std::int64_t most);
  std::optional<std::int64_t> maybe_integer(std::string_view field, std::int64_t least,
                                            std::int64_t most);
  bool boolean_or(std::string_view field, bool absent);
  /// A nested map, or nothing. Read its fields through `params(*map, path_of(field))` and `absorb`
  /// its error.
  const msgpack::object* maybe_map(std::string_view field);
  const msgpack::object* map(std::string_view field);
  const msgpack::object* maybe_array(std::string_view field);
  /// Any value, or null where absent.
  const msgpack::object* find(std::string_view field) const;

  std::string path_of(std::string_view field) const;
  void reject(std::string_view field, std::string message);
  void absorb(const params& nested);
  bool ok() const { return !first_; }
  /// Only when !ok().
  const error& why() const { return *first_; }

 private:
  const msgpack::object* map_;
  std::string path_;
  std::optional<error> first_;
};

/// An empty packed map.
inline std::string empty_map() {
  return std::string(1, '\x80');
}

}  // namespace switchboard::codec
