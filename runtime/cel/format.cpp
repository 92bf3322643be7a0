#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "runtime/cel/limits.hpp"
#include "runtime/cel/number_text.hpp"
#include "runtime/cel/text_functions.hpp"
#include "runtime/cel/time_text.hpp"
#include "runtime/cel/utf8.hpp"

namespace switchboard::cel {

namespace {

std::string digits_of(std::uint64_t n, unsigned base, bool upper) {
  const std::string_view symbols = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string out;
  do {
    out.push_back(symbols[n % base]);
    n /= base;
  } while (n != 0);
  std::reverse(out.begin(), out.end());
  return out;
}

/// A valid text of the octets: each run of invalid ones becomes one U+FFFD.
std::string readable(std::string_view octets) {
  std::string out;
  bool run = false;
  while (!octets.empty()) {
    const auto c = front_code_point(octets);
    if (c.valid || !run) append_utf8(out, c.code);
    run = !c.valid;
    octets.remove_prefix(c.size);
  }
  return out;
}

/// Goes through a pattern once, writing to `out_` and paying for it.
class formatter {
 public:
  formatter(std::string_view pattern, std::span<const value> arguments, budget& cost)
      : rest_{pattern}, arguments_{arguments}, cost_{cost} {}

  value run() {
    if (!cost_.charge_bytes(rest_.size())) return {};
    while (!rest_.empty()) {
      const auto plain = rest_.substr(0, rest_.find('%'));
      put(plain);
      rest_.remove_prefix(plain.size());
      if (rest_.empty()) break;
      rest_.remove_prefix(1);
      if (rest_.starts_with('%')) {
        put("%");
        rest_.remove_prefix(1);
      } else {
        clause();
      }
      if (!error_.empty()) return value::error(fault_code::bad_argument, error_);
      if (cost_.exhausted()) return {};
    }
    return value::string(std::move(out_));
  }

 private:
  void put(std::string_view text) {
    if (cost_.charge(text.size() / 16)) out_ += text;
  }
  void wrong(std::string message) {
    if (error_.empty()) error_ = "format: " + std::move(message);
  }
  void wrong_kind(char letter, std::string_view wanted, const value& v) {
    wrong('%' + std::string{letter} + " takes " + std::string{wanted} + ", not " +
          std::string{name_of(v.which())});
  }

  void clause() {
    int precision = 6;
    if (rest_.starts_with('.')) {
      rest_.remove_prefix(1);
      if (!take_precision(precision)) return;
    }
    if (rest_.empty()) return wrong("the pattern ends within a clause");
    const char letter = rest_[0];
    rest_.remove_prefix(1);
    if (std::string_view{"sdfexXob"}.find(letter) == std::string_view::npos)
      return wrong("no clause is called '%" + std::string{letter} + "'");
    if (next_ == arguments_.size())
      return wrong("index " + std::to_string(next_) + " out of range");
    const auto& v = arguments_[next_++];
    switch (letter) {
      case 's':
        return text(v);
      case 'd':
        return decimal(v);
      case 'f':
      case 'e':
        return real(v, letter, precision);
      case 'b':
        if (v.is(kind::boolean)) return put(v.as_bool() ? "1" : "0");
        return whole(v, letter, 2, "int, uint or bool");
      case 'o':
        return whole(v, letter, 8, "int or uint");
      default:
        return hexadecimal(v, letter);
    }
  }

  bool take_precision(int& precision) {
    precision = 0;
    std::size_t digits = 0;
    for (; !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; rest_.remove_prefix(1), ++digits)
      precision = std::min(precision * 10 + (rest_[0] - '0'), limits::precision + 1);
    if (digits == 0) wrong("expected digits after the point");
    if (precision > limits::precision)
      wrong("at most " + std::to_string(limits::precision) + " digits after the point");
    return error_.empty();
  }

  void text(const value& v) {
    if (!cost_.charge(1)) return;
    switch (v.which()) {
      case kind::null:
        return put("null");
      case kind::boolean:
        return put(v.as_bool() ? "true" : "false");
      case kind::integer:
        return put(std::to_string(v.as_int()));
      case kind::unsigned_integer:
        return put(std::to_string(v.as_uint()));
      case kind::real:
        return put(format_double_plain(v.as_double()));
      case kind::timestamp:
        return put(format_timestamp(v.as_timestamp()));
      case kind::duration:
        return put(format_duration(v.as_duration()));
      case kind::type:
        return put(name_of(v.as_type()));
      case kind::string:
        return put(v.as_text());
      case kind::bytes:
        if (cost_.charge_bytes(v.as_text().size())) put(readable(v.as_text()));
        return;
      case kind::list:
        return list(v);
      case kind::map:
        return map(v);
      case kind::error:
        return wrong("an error has no text");
    }
  }

  void list(const value& v) {
    put("[");
    std::string_view between;
    for (const auto& item : v.as_list()) {
      put(between);
      text(item);
      between = ", ";
      if (cost_.exhausted()) return;
    }
    put("]");
  }

  std::string apart(const value& v) {
    std::string whole;
    std::swap(whole, out_);
    text(v);
    std::swap(whole, out_);
    return whole;
  }

  void map(const value& v) {
    std::vector<std::pair<std::string, value>> entries;
    for (auto& [key, item] : v.map_entries()) {
      if (!cost_.charge(1)) return;
      entries.emplace_back(apart(key), std::move(item));
    }
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    put("{");
    std::string_view between;
    for (const auto& [key, item] : entries) {
      put(between);
      put(key);
      put(": ");
      text(item);
      between = ", ";
      if (cost_.exhausted()) return;
    }
    put("}");
  }

  void decimal(const value& v) {
    if (v.is(kind::real)) return put(format_double_plain(v.as_double()));
    whole(v, 'd', 10, "int or uint");
  }

  void whole(const value& v, char letter, unsigned base, std::string_view wanted) {
    const bool upper = letter == 'X';
    if (v.is(kind::unsigned_integer)) return put(digits_of(v.as_uint(), base, upper));
    if (!v.is(kind::integer)) return wrong_kind(letter, wanted, v);
    const auto bits = static_cast<std::uint64_t>(v.as_int());
    if (v.as_int() >= 0) return put(digits_of(bits, base, upper));
    put("-");
    put(digits_of(std::uint64_t{0} - bits, base, upper));
  }

  void hexadecimal(const value& v, char letter) {
    if (!v.is(kind::string) && !v.is(kind::bytes))
      return whole(v, letter, 16, "int, uint, string or bytes");
    if (!cost_.charge_bytes(v.as_text().size() * 2)) return;
    const std::string_view symbols = letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    for (const char c : v.as_text()) {
      const auto u = static_cast<unsigned char>(c);
      out_.push_back(symbols[u >> 4]);
      out_.push_back(symbols[u & 15]);
    }
  }

  void real(const value& v, char letter, int precision) {
    double d = 0;
    if (v.is(kind::real)) {
      d = v.as_double();
    } else if (v.is(kind::integer)) {
      d = static_cast<double>(v.as_int());
    } else if (v.is(kind::unsigned_integer)) {
      d = static_cast<double>(v.as_uint());
    } else {
      return wrong_kind(letter, "double, int or uint", v);
    }
    if (!std::isfinite(d)) return put(format_double_plain(d));
    // 309 digits before the point at most, then the precision.
    std::array<char, 512> buffer{};
    const auto shape = letter == 'f' ? std::chars_format::fixed : std::chars_format::scientific;
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), d, shape, precision);
    put({buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data())});
  }

  std::string_view rest_;
  std::span<const value> arguments_;
  budget& cost_;
  std::size_t next_ = 0;
  std::string out_;
  std::string error_;
};

}  // namespace

value format(std::string_view pattern, std::span<const value> arguments, budget& cost) {
  return formatter{pattern, arguments, cost}.run();
}

}  // namespace switchboard::cel
