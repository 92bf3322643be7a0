#include "runtime/cel/compare.hpp"

#include <cmath>
#include <limits>

#include <absl/hash/hash.h>

#include "runtime/cel/box.hpp"
#include "runtime/cel/number_text.hpp"

namespace switchboard::cel {

namespace {

bool is_number(const value& v) {
  return v.is(kind::integer) || v.is(kind::unsigned_integer) || v.is(kind::real);
}

std::partial_ordering reversed(std::partial_ordering o) {
  return 0 <=> o;
}

// Within the integer's range the comparison happens in doubles, so integers near the ends equal
// the double they round to; that is what the public suite asks for.
std::partial_ordering order_mixed(std::int64_t i, double d) {
  if (d < -two_63) return std::partial_ordering::greater;
  if (d > two_63) return std::partial_ordering::less;
  return static_cast<double>(i) <=> d;
}

std::partial_ordering order_mixed(std::uint64_t u, double d) {
  if (d < 0) return std::partial_ordering::greater;
  if (d > two_64) return std::partial_ordering::less;
  return static_cast<double>(u) <=> d;
}

std::partial_ordering order_mixed(std::int64_t i, std::uint64_t u) {
  if (i < 0) return std::partial_ordering::less;
  return static_cast<std::uint64_t>(i) <=> u;
}

std::partial_ordering order_numbers(const value& a, const value& b) {
  switch (a.which()) {
    case kind::integer:
      if (b.is(kind::integer)) return a.as_int() <=> b.as_int();
      if (b.is(kind::real)) return order_mixed(a.as_int(), b.as_double());
      return order_mixed(a.as_int(), b.as_uint());
    case kind::unsigned_integer:
      if (b.is(kind::unsigned_integer)) return a.as_uint() <=> b.as_uint();
      if (b.is(kind::real)) return order_mixed(a.as_uint(), b.as_double());
      return reversed(order_mixed(b.as_int(), a.as_uint()));
    default:
      if (b.is(kind::real)) return a.as_double() <=> b.as_double();
      if (b.is(kind::integer)) return reversed(order_mixed(b.as_int(), a.as_double()));
      return reversed(order_mixed(b.as_uint(), a.as_double()));
  }
}

bool equal_lists(const value& a, const value& b, budget& cost) {
  const auto left = a.as_list();
  const auto right = b.as_list();
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i)
    if (!equal(left[i], right[i], cost)) return false;
  return true;
}

bool equal_maps(const value& a, const value& b, budget& cost) {
  if (a.map_size() != b.map_size() || !cost.charge(a.map_size())) return false;
  for (const auto& [key, item] : a.map_entries()) {
    const auto other = b.map_find(key);
    if (!other || !equal(item, *other, cost)) return false;
  }
  return true;
}

}  // namespace

bool equal(const value& a, const value& b, budget& cost) {
  if (!cost.charge(1)) return false;
  if (is_number(a) && is_number(b)) return order_numbers(a, b) == 0;
  if (a.which() != b.which()) return false;
  switch (a.which()) {
    case kind::null:
      return true;
    case kind::boolean:
      return a.as_bool() == b.as_bool();
    case kind::timestamp:
      return a.as_timestamp() == b.as_timestamp();
    case kind::duration:
      return a.as_duration() == b.as_duration();
    case kind::type:
      return a.as_type() == b.as_type();
    case kind::string:
    case kind::bytes:
      return a.as_text().size() == b.as_text().size() && cost.charge(a.as_text().size() / 32) &&
             a.as_text() == b.as_text();
    case kind::list:
      return equal_lists(a, b, cost);
    case kind::map:
      return equal_maps(a, b, cost);
    default:
      return false;
  }
}

bool operator==(const value& a, const value& b) {
  auto cost = budget::unlimited();
  return equal(a, b, cost);
}

std::optional<std::partial_ordering> order(const value& a, const value& b, budget& cost) {
  if (is_number(a) && is_number(b)) return order_numbers(a, b);
  if (a.which() != b.which()) return std::nullopt;
  switch (a.which()) {
    case kind::boolean:
      return a.as_bool() <=> b.as_bool();
    case kind::timestamp:
      return a.as_timestamp() <=> b.as_timestamp();
    case kind::duration:
      return a.as_duration() <=> b.as_duration();
    case kind::string:
    case kind::bytes:
      // Bytes of UTF-8 order as the code points do.
      cost.charge(std::min(a.as_text().size(), b.as_text().size()) / 32);
      return a.as_text().compare(b.as_text()) <=> 0;
    default:
      return std::nullopt;
  }
}

value integral(const value& number) {
  if (number.is(kind::integer)) return number;
  if (number.is(kind::unsigned_integer)) {
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    return number.as_uint() <= most ? value::integer(static_cast<std::int64_t>(number.as_uint()))
                                    : number;
  }
  if (!number.is(kind::real)) return {};
  const double d = number.as_double();
  if (!(d >= -two_63 && d < two_64) || d != std::trunc(d)) return {};
  return d < two_63 ? value::integer(static_cast<std::int64_t>(d))
                    : value::unsigned_integer(static_cast<std::uint64_t>(d));
}

bool same_key(const value& a, const value& b) {
  if (a.is(kind::string)) return b.is(kind::string) && a.as_text() == b.as_text();
  if (a.is(kind::boolean)) return b.is(kind::boolean) && a.as_bool() == b.as_bool();
  const auto x = integral(a);
  const auto y = integral(b);
  return x.which() == y.which() && !x.is(kind::null) && x.as_uint() == y.as_uint();
}

std::size_t hash_key(std::string_view key) {
  return absl::HashOf(key);
}

std::size_t hash_key(const value& key) {
  if (key.is(kind::string)) return hash_key(key.as_text());
  if (key.is(kind::boolean)) return absl::HashOf(key.as_bool());
  return absl::HashOf(integral(key).as_uint());
}

namespace detail {

template <class Same> std::size_t map_box::probe(std::size_t hash, Same&& same) const {
  const auto mask = table.size() - 1;
  auto at = hash & mask;
  while (table[at] != nobody && !same(entries[table[at]].first)) at = (at + 1) & mask;
  return at;
}

void map_box::reserve(std::size_t n) {
  entries.reserve(n);
  if (n <= small) return;
  std::size_t slots = 32;
  while (slots < n * 2) slots *= 2;
  table.assign(slots, nobody);
}

bool map_box::insert(value key, value item) {
  if (table.empty()) {
    if (find(key)) return false;
  } else {
    const auto at = probe(hash_key(key), [&](const value& k) { return same_key(k, key); });
    if (table[at] != nobody) return false;
    table[at] = static_cast<std::uint32_t>(entries.size());
  }
  entries.emplace_back(std::move(key), std::move(item));
  return true;
}

const value* map_box::find(const value& key) const {
  if (!table.empty()) {
    const auto at = probe(hash_key(key), [&](const value& k) { return same_key(k, key); });
    return table[at] == nobody ? nullptr : &entries[table[at]].second;
  }
  for (const auto& e : entries)
    if (same_key(e.first, key)) return &e.second;
  return nullptr;
}

const value* map_box::find(std::string_view key) const {
  const auto same = [&](const value& k) { return k.is(kind::string) && k.as_text() == key; };
  if (!table.empty()) {
    const auto at = probe(hash_key(key), same);
    return table[at] == nobody ? nullptr : &entries[table[at]].second;
  }
  for (const auto& e : entries)
    if (same(e.first)) return &e.second;
  return nullptr;
}

}  // namespace detail

}  // namespace switchboard::cel
