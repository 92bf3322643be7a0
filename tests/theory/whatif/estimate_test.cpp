#include <gtest/gtest.h>

#include "theory_model.hpp"

namespace switchboard::theory {
namespace {

whatif::span_law spans(double mean_ms) {
  return {whatif::law_shape::exponential, mean_ms};
}

/// Shares of waits within the p50 and p90 told, over a few seeds.
struct held {
  double p50 = 0, p90 = 0;
  std::uint64_t told = 0;
};

held calibrate(deployment_model m, const char* name, int seeds = 3) {
  held out;
  for (int seed = 1; seed <= seeds; ++seed) {
    m.seed = static_cast<std::uint64_t>(seed);
    const auto r = whatif::run_model(m);
    out.p50 += r.p50.within() * static_cast<double>(r.p50.told());
    out.p90 += r.p90.within() * static_cast<double>(r.p90.told());
    out.told += r.p90.told();
  }
  out.p50 /= static_cast<double>(out.told);
  out.p90 /= static_cast<double>(out.told);
  std::printf("%s: %.1f %% within p90, %.1f %% within p50, of %llu\n", name, 100 * out.p90,
              100 * out.p50, static_cast<unsigned long long>(out.told));
  return out;
}

void expect_calibrated(const held& h) {
  EXPECT_GT(h.told, 1'000u);
  EXPECT_GT(h.p90, 0.85);
  EXPECT_LT(h.p90, 0.95);
}

TEST(estimated_wait, holds_on_a_deployment_that_stays_as_it_is) {
  for (double patience : {0.0, 0.7}) {
    auto m = model_of(one_group(20) + everyone);
    m.requests = {class_of("all", patience > 0 ? 1.05 : 0.95, 20)};
    if (patience > 0) m.requests[0].patience = spans(patience * mean_service_ms);
    last_for(m, 12'000);
    m.warm_up = m.length / 10;
    expect_calibrated(calibrate(m, patience > 0 ? "stationary with patience" : "stationary"));
  }
}

/// Five-minute sessions, rates that treble and fall over a day, agents who come and go.
TEST(estimated_wait, holds_while_the_day_rises_and_falls) {
  auto m = model_of(one_group(30) + everyone);
  auto c = class_of("all", 0, 1);
  c.handle = spans(300'000);
  c.patience = spans(600'000);
  for (int h = 0; h < 24; ++h) c.per_hour[static_cast<std::size_t>(h)] = 60;
  const double day[] = {120, 240, 330, 380, 400, 330, 260, 300, 360, 330, 240, 120};
  for (int h = 0; h < 12; ++h) c.per_hour[static_cast<std::size_t>(8 + h)] = day[h];
  m.requests = {c};
  for (std::size_t a = 0; a < m.hours.size(); ++a) {
    if (a >= 8)
      m.hours[a] = {{(9 + static_cast<int>(a) % 3) * 60, (17 + static_cast<int>(a) % 4) * 60}};
  }
  m.length = millis{4 * 24 * 3'600'000ll};
  expect_calibrated(calibrate(m, "ramp"));
}

/// Two kinds of need, agents with one or both skills, one kind more urgent.
TEST(estimated_wait, holds_with_several_skills_and_priorities) {
  std::string text = "groups:\n  - {id: g, queue: {max: 1000000}}\nagents:\n";
  for (int a = 0; a < 24; ++a) {
    const char* skills = a % 3 == 0 ? "{x: 1}" : a % 3 == 1 ? "{y: 1}" : "{x: 1, y: 1}";
    text += "  - {id: a" + std::to_string(100 + a) +
            ", groups: [g], capacity: 1, skills: " + skills + "}\n";
  }
  auto m = model_of(
      text +
      "rules:\n  - {name: x, when: '\"x\" in request.skills', priority: 3, steps: [{group: g}]}\n"
      "  - {name: rest, steps: [{group: g}]}\n");
  for (const char* skill : {"x", "y"}) {
    auto c = class_of(skill, 0.5, 24);
    c.request.skills = {{skill, 1}};
    c.handle = spans(300'000);
    for (auto& rate : c.per_hour) rate *= mean_service_ms / 300'000;
    c.patience = spans(400'000);
    m.requests.push_back(c);
  }
  last_for(m, 12'000);
  m.warm_up = m.length / 10;
  expect_calibrated(calibrate(m, "several skills"));
}

/// Several sessions at once and lognormal handle times, as real contact centers have them.
TEST(estimated_wait, holds_with_agents_who_serve_several_at_once) {
  std::string text =
      "groups:\n  - {id: g, queue: {max: 1000000}, strategy: least_loaded}\nagents:\n";
  for (int a = 0; a < 6; ++a)
    text += "  - {id: a" + std::to_string(a) + ", groups: [g], capacity: 4}\n";
  auto m = model_of(text + everyone);
  auto c = class_of("all", 1.0, 24);
  c.handle = {whatif::law_shape::lognormal, mean_service_ms, 1.2};
  c.patience = spans(mean_service_ms / 2);
  m.requests = {c};
  last_for(m, 12'000);
  m.warm_up = m.length / 10;
  expect_calibrated(calibrate(m, "several at once"));
}

}  // namespace
}  // namespace switchboard::theory
