#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/cel/value.hpp"

namespace switchboard::cel {

/// The type the checker gives to an expression. `dyn` is any value, decided at run time.
/// A value type, cheap to copy, thread-safe to share.
class type {
 public:
  using field = std::pair<std::string, type>;

  type() noexcept = default;  ///< dyn

  static type dyn() { return {}; }
  /// A kind without parameters; `list` and `map` hold dyn.
  static type of(kind which);
  static type boolean() { return of(kind::boolean); }
  static type integer() { return of(kind::integer); }
  static type real() { return of(kind::real); }
  static type string() { return of(kind::string); }
  static type timestamp() { return of(kind::timestamp); }
  static type duration() { return of(kind::duration); }
  static type list(type element);
  static type map(type key, type item);
  /// A map with string keys of which all possible ones are known: a condition that names another
  /// field does not compile. A field that may be missing is declared like any other.
  static type structure(std::string name, std::vector<field> fields);
  /// The same type where the value may also be null.
  type nullable() const;

  bool is_dyn() const noexcept { return !known_; }
  bool is(kind k) const noexcept { return known_ && kind_ == k; }
  bool is_structure() const noexcept { return shape_ && !shape_->name.empty(); }
  /// Requires a type that is not dyn.
  kind which() const noexcept { return kind_; }
  type element() const;  ///< of a list
  type key() const;      ///< of a map
  type item() const;     ///< of a map
  std::optional<type> find_field(std::string_view name) const;
  std::vector<std::string> field_names() const;

  /// Whether a value of this type may stand where one of `wanted` is asked for; where dyn takes
  /// part it may, and the run time decides.
  bool fits(const type& wanted) const;
  bool operator==(const type& other) const;
  /// `list(string)`, `dyn`, `member`.
  std::string to_string() const;

  /// The one type that both have, or dyn.
  static type common(const type& a, const type& b);

 private:
  struct shape {
    std::vector<type> parameters;
    std::string name;
    std::vector<field> fields;
  };

  kind kind_ = kind::null;
  bool known_ = false;
  bool nullable_ = false;
  std::shared_ptr<const shape> shape_;
};

}  // namespace switchboard::cel
