#include "runtime/cel/time_text.hpp"

#include <array>
#include <cstdio>
#include <limits>

namespace switchboard::cel {

namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

/// Takes text off the front, remembering whether all of it was as expected.
class reader {
 public:
  explicit reader(std::string_view text) : rest_{text} {}

  int digits(std::size_t count) {
    int n = 0;
    if (rest_.size() < count) return fail();
    for (; count > 0; --count, rest_.remove_prefix(1)) {
      if (rest_[0] < '0' || rest_[0] > '9') return fail();
      n = n * 10 + (rest_[0] - '0');
    }
    return n;
  }
  bool take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail();
  }
  int fraction_ns() {
    int n = 0;
    int scale = second_ns;
    std::size_t count = 0;
    for (; !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; rest_.remove_prefix(1), ++count)
      if (scale > 1) n += (rest_[0] - '0') * (scale /= 10);
    if (count == 0) fail();
    return n;
  }
  int fail() {
    ok_ = false;
    rest_ = {};
    return 0;
  }
  bool done() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

std::string fraction_text(std::int64_t ns) {
  if (ns == 0) return {};
  std::array<char, 16> digits{};
  std::snprintf(digits.data(), digits.size(), ".%09lld", static_cast<long long>(ns));
  std::string text{digits.data()};
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

std::optional<std::int64_t> take_unit(std::string_view& rest) {
  struct unit {
    std::string_view name;
    std::int64_t ns;
  };
  static constexpr std::array<unit, 8> units{{{"ns", 1},
                                              {"us", 1000},
                                              {"\u00b5s", 1000},
                                              {"\u03bcs", 1000},
                                              {"ms", 1'000'000},
                                              {"s", second_ns},
                                              {"m", 60 * second_ns},
                                              {"h", 3600 * second_ns}}};
  for (const auto& u : units) {
    if (!rest.starts_with(u.name)) continue;
    rest.remove_prefix(u.name.size());
    return u.ns;
  }
  return std::nullopt;
}

// One `12.5h`. In 128 bits nothing overflows before the check: 19 digits and a unit of 3.6e12 ns.
std::optional<__int128> take_term(std::string_view& rest) {
  __int128 whole = 0;
  __int128 part = 0;
  std::int64_t scale = 1;
  std::size_t digits = 0;
  const auto digit = [&] { return !rest.empty() && rest[0] >= '0' && rest[0] <= '9'; };
  for (; digit(); rest.remove_prefix(1), ++digits) {
    whole = whole * 10 + (rest[0] - '0');
    if (whole > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  }
  if (!rest.empty() && rest[0] == '.') {
    rest.remove_prefix(1);
    for (; digit(); rest.remove_prefix(1), ++digits) {
      if (scale >= 100'000'000'000'000'000) continue;
      part = part * 10 + (rest[0] - '0');
      scale *= 10;
    }
  }
  if (digits == 0) return std::nullopt;
  const auto unit = take_unit(rest);
  if (!unit) return std::nullopt;
  return whole * *unit + part * *unit / scale;
}

}  // namespace

std::optional<instant> parse_timestamp(std::string_view text) {
  using namespace std::chrono;
  reader in{text};
  const year y{in.digits(4)};
  in.expect('-');
  const month m{static_cast<unsigned>(in.digits(2))};
  in.expect('-');
  const day d{static_cast<unsigned>(in.digits(2))};
  in.expect('T');
  const int hour = in.digits(2);
  in.expect(':');
  const int minute = in.digits(2);
  in.expect(':');
  const int second = in.digits(2);
  const int ns = in.take('.') ? in.fraction_ns() : 0;
  int offset_s = 0;
  if (!in.take('Z')) {
    const bool west = in.take('-');
    if (!west) in.expect('+');
    const int hours = in.digits(2);
    in.expect(':');
    const int minutes = in.digits(2);
    if (hours > 23 || minutes > 59) return std::nullopt;
    offset_s = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
  }
  const year_month_day full{y, m, d};
  if (!in.done() || !full.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const std::int64_t days = sys_days{full}.time_since_epoch().count();
  const std::int64_t seconds = days * 86400 + hour * 3600 + minute * 60 + second - offset_s;
  if (seconds < first_second || seconds > last_second) return std::nullopt;
  return instant{seconds, ns};
}

std::string format_timestamp(instant at) {
  using namespace std::chrono;
  const sys_seconds whole{seconds{at.seconds}};
  const auto midnight = floor<days>(whole);
  const year_month_day date{midnight};
  const hh_mm_ss clock{whole - midnight};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data() + fraction_text(at.nanoseconds) + 'Z';
}

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return std::chrono::nanoseconds{0};
  if (text.empty()) return std::nullopt;
  __int128 total = 0;
  while (!text.empty()) {
    const auto term = take_term(text);
    if (!term) return std::nullopt;
    total += *term;
    if (total > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  }
  return std::chrono::nanoseconds{static_cast<std::int64_t>(negative ? -total : total)};
}

std::string format_duration(std::chrono::nanoseconds d) {
  const auto ns = d.count();
  // The magnitude in unsigned arithmetic: the most negative number has no positive counterpart.
  const auto size =
      ns < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(ns) : static_cast<std::uint64_t>(ns);
  std::string text{ns < 0 ? "-" : ""};
  text.append(std::to_string(size / second_ns));
  return text.append(fraction_text(static_cast<std::int64_t>(size % second_ns))) += 's';
}

std::optional<instant> add(instant at, std::chrono::nanoseconds d) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(d);
  std::int64_t s = at.seconds + seconds.count();
  std::int64_t ns = at.nanoseconds + (d - seconds).count();
  if (ns >= second_ns) {
    ns -= second_ns;
    ++s;
  }
  if (s < first_second || s > last_second) return std::nullopt;
  return instant{s, static_cast<std::int32_t>(ns)};
}

std::optional<std::chrono::nanoseconds> difference(instant a, instant b) {
  const __int128 ns =
      static_cast<__int128>(a.seconds - b.seconds) * second_ns + (a.nanoseconds - b.nanoseconds);
  if (ns > std::numeric_limits<std::int64_t>::max() ||
      ns < std::numeric_limits<std::int64_t>::min())
    return std::nullopt;
  return std::chrono::nanoseconds{static_cast<std::int64_t>(ns)};
}

}  // namespace switchboard::cel
