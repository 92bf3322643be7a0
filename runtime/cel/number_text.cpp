#include "runtime/cel/number_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace switchboard::cel {

namespace {

template <class T> std::optional<T> parse_whole(std::string_view text) {
  T n{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return n;
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// The digits of |d| without point, and where the point goes: 0.digits x 10^point.
struct decimal {
  std::string digits;
  int point = 0;
};

decimal shortest(double d) {
  std::array<char, 40> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), std::fabs(d),
                                 std::chars_format::scientific)
                       .ptr;
  const std::string_view all{text.data(), static_cast<std::size_t>(end - text.data())};
  const auto e = all.find('e');
  decimal out;
  for (const char c : all.substr(0, e))
    if (c != '.') out.digits.push_back(c);
  out.point = std::atoi(all.data() + e + 1) + 1;
  return out;
}

std::string plain(const decimal& n) {
  const auto size = static_cast<int>(n.digits.size());
  if (n.point <= 0) return "0." + std::string(static_cast<std::size_t>(-n.point), '0') + n.digits;
  if (n.point >= size) return n.digits + std::string(static_cast<std::size_t>(n.point - size), '0');
  return n.digits.substr(0, static_cast<std::size_t>(n.point)) + '.' +
         n.digits.substr(static_cast<std::size_t>(n.point));
}

std::string scientific(const decimal& n) {
  const int exponent = n.point - 1;
  std::string out = n.digits.substr(0, 1);
  if (n.digits.size() > 1) out += '.' + n.digits.substr(1);
  const auto size = std::to_string(std::abs(exponent));
  return out + (exponent < 0 ? "e-" : "e+") + (size.size() < 2 ? "0" : "") + size;
}

}  // namespace

std::optional<std::int64_t> parse_int(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  return parse_whole<std::int64_t>(text);
}

std::optional<std::uint64_t> parse_uint(std::string_view text) {
  return parse_whole<std::uint64_t>(text);
}

std::optional<double> parse_double(std::string_view text) {
  auto body = text;
  const bool negative = body.starts_with('-');
  if (negative || body.starts_with('+')) body.remove_prefix(1);
  const auto name = lower(body);
  if (name == "inf" || name == "infinity") return negative ? -HUGE_VAL : HUGE_VAL;
  if (name == "nan") return std::nan("");
  // Letters other than the exponent's would reach from_chars as `nan(...)` or the like.
  if (body.find_first_not_of("0123456789.eE+-") != std::string_view::npos || body.empty() ||
      body[0] == '-' || body[0] == '+')
    return std::nullopt;
  double d = 0;
  const auto [end, failure] = std::from_chars(body.data(), body.data() + body.size(), d);
  if (end != body.data() + body.size() || failure == std::errc::invalid_argument)
    return std::nullopt;
  if (failure == std::errc::result_out_of_range) {
    // Too large is an error, too small is zero; strtod tells the two apart.
    d = std::strtod(std::string{body}.c_str(), nullptr);
    if (std::isinf(d)) return std::nullopt;
  }
  return negative ? -d : d;
}

std::string format_double(double d) {
  if (std::isnan(d)) return "NaN";
  if (std::isinf(d)) return d < 0 ? "-Inf" : "+Inf";
  const std::string sign = std::signbit(d) ? "-" : "";
  if (d == 0) return sign + "0";
  const auto n = shortest(d);
  const int exponent = n.point - 1;
  return sign + (exponent < -4 || exponent >= 6 ? scientific(n) : plain(n));
}

std::string format_double_plain(double d) {
  if (std::isnan(d)) return "NaN";
  if (std::isinf(d)) return d < 0 ? "-Infinity" : "Infinity";
  const std::string sign = std::signbit(d) ? "-" : "";
  return d == 0 ? sign + "0" : sign + plain(shortest(d));
}

}  // namespace switchboard::cel
