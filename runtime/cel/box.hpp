#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/cel/host_object.hpp"
#include "runtime/cel/value.hpp"

namespace switchboard::cel::detail {

struct text_box final : box {
  explicit text_box(std::string t) : text{std::move(t)} {}
  const std::string text;
};

struct list_box final : box {
  explicit list_box(std::vector<value> i) : items{std::move(i)} {}
  const std::vector<value> items;
};

/// Entries in the order written; above `small` entries an open-addressing table of entry numbers.
struct map_box final : box {
  static constexpr std::size_t small = 8;
  static constexpr std::uint32_t nobody = 0xffffffff;

  std::vector<value::entry> entries;
  std::vector<std::uint32_t> table;
  std::shared_ptr<const host_object> host;

  /// Adds an entry unless its key is there already; says whether it was added.
  bool insert(value key, value item);
  void reserve(std::size_t n);
  const value* find(const value& key) const;
  const value* find(std::string_view key) const;

 private:
  template <class Same> std::size_t probe(std::size_t hash, Same&& same) const;
};

struct error_box final : box {
  error_box(fault_code c, std::string m, std::uint32_t s)
      : code{c}, message{std::move(m)}, site{s} {}
  const fault_code code;
  const std::string message;
  const std::uint32_t site;
};

}  // namespace switchboard::cel::detail
