#include <algorithm>
#include <functional>

#include "tools/whatif/result_format.hpp"
#include "tools/whatif/result_text.hpp"

namespace switchboard::whatif {
namespace {

using terminal::text_table;
constexpr auto right = text_table::align::right;

enum class unit { count, span, share };

std::string shown(double x, unit u) {
  switch (u) {
    case unit::count:
      return terminal::count_text(std::llround(x));
    case unit::span:
      return wait_text(x);
    case unit::share:
      return percent_text(x);
  }
  return {};
}

/// What B changes: "+12", "-3.1s", "+2.4 points".
std::string change(double from, double to, unit u) {
  const double d = to - from;
  const char* sign = d < 0 ? "-" : "+";
  if (u == unit::share) return sign + number_text(std::abs(d) * 100, 1) + " points";
  if (std::llround(std::abs(d)) == 0) return "=";
  return sign + shown(std::abs(d), u);
}

struct figure {
  const char* title;
  unit of;
  double (*read)(const traffic&);
};

constexpr figure figures[] = {
    {"sessions", unit::count, [](const traffic& t) { return static_cast<double>(t.opened); }},
    {"accepted", unit::count, [](const traffic& t) { return static_cast<double>(t.accepted); }},
    {"abandonment", unit::share, [](const traffic& t) { return t.abandonment(); }},
    {"left a message", unit::count,
     [](const traffic& t) { return static_cast<double>(t.left_message); }},
    {"wait mean", unit::span, [](const traffic& t) { return t.wait.mean_ms(); }},
    {"wait p50", unit::span, [](const traffic& t) { return t.wait.quantile_ms(0.5); }},
    {"wait p90", unit::span, [](const traffic& t) { return t.wait.quantile_ms(0.9); }},
    {"wait p99", unit::span, [](const traffic& t) { return t.wait.quantile_ms(0.99); }},
    {"service level", unit::share, [](const traffic& t) { return t.service_level(); }},
};

void add(text_table& t, const std::string& of, const char* title, double a, double b, unit u) {
  t.add({of, title, shown(a, u), shown(b, u), change(a, b, u)});
}

void add_traffic(text_table& t, const std::string& of, const traffic& a, const traffic& b) {
  bool first = true;
  for (const auto& f : figures) {
    const double x = f.read(a), y = f.read(b);
    // Who leaves no messages anywhere needs no line about them.
    if (f.of == unit::count && x == 0 && y == 0) continue;
    add(t, first ? of : std::string(), f.title, x, y, f.of);
    first = false;
  }
}

template <class Result>
const Result* named(const std::vector<Result>& all, const std::string& name,
                    std::string Result::*key) {
  const auto at = std::ranges::find(all, name, key);
  return at == all.end() ? nullptr : &*at;
}

}  // namespace

std::string comparison_text(const run_result& a, const run_result& b) {
  static const traffic none;
  text_table t({{""}, {""}, {"A: " + a.name, right}, {"B: " + b.name, right}, {"CHANGE", right}});
  add_traffic(t, "floor", a.all, b.all);
  add(t, "", "occupancy", a.occupancy, b.occupancy, unit::share);
  for (const auto& g : a.groups) {
    const auto* other = named(b.groups, g.id, &group_result::id);
    add_traffic(t, g.id, g.sessions, other ? other->sessions : none);
    add(t, "", "occupancy", g.occupancy, other ? other->occupancy : 0, unit::share);
  }
  for (const auto& g : b.groups) {
    if (!named(a.groups, g.id, &group_result::id)) add_traffic(t, g.id, none, g.sessions);
  }
  for (const auto& c : a.classes) {
    const auto* other = named(b.classes, c.name, &class_result::name);
    if (!other) continue;
    add(t, c.name, "wait mean", c.sessions.wait.mean_ms(), other->sessions.wait.mean_ms(),
        unit::span);
    add(t, "", "service level", c.sessions.service_level(), other->sessions.service_level(),
        unit::share);
  }
  return "the same " + count_text(a.simulated) + " sessions, seed " + std::to_string(a.seed) +
         "\n\n" + t.text();
}

}  // namespace switchboard::whatif
