#include <cmath>

#include <nlohmann/json.hpp>

#include "tools/whatif/result_text.hpp"

namespace switchboard::whatif {
namespace {

using json = nlohmann::ordered_json;

/// Six digits say all that a simulation knows, and read alike on every machine.
double rounded(double x) {
  return std::round(x * 1e6) / 1e6;
}

json wait_json(const wait_record& w) {
  if (w.count() == 0) return nullptr;
  return {{"mean_ms", std::llround(w.mean_ms())},
          {"p50_ms", std::llround(w.quantile_ms(0.5))},
          {"p90_ms", std::llround(w.quantile_ms(0.9))},
          {"p99_ms", std::llround(w.quantile_ms(0.99))},
          {"longest_ms", w.longest_ms()}};
}

json traffic_json(const traffic& t) {
  return {{"opened", t.opened},
          {"accepted", t.accepted},
          {"in_time", t.in_time},
          {"abandoned", t.abandoned},
          {"abandoned_late", t.abandoned_late},
          {"left_message", t.left_message},
          {"refused", t.refused},
          {"moved_on", t.moved_on},
          {"unfinished", t.unfinished},
          {"service_level", rounded(t.service_level())},
          {"abandonment", rounded(t.abandonment())},
          {"wait", wait_json(t.wait)},
          {"gave_up", wait_json(t.gave_up)}};
}

json estimate_json(const calibration& p50, const calibration& p90) {
  return {{"told", p90.told()},
          {"within_p50", rounded(p50.within())},
          {"within_p90", rounded(p90.within())}};
}

json group_json(const run_result& r, std::size_t g) {
  const auto& group = r.groups[g];
  json out{{"id", group.id}};
  out.update(traffic_json(group.sessions));
  out["target"] = {{"share", group.target}, {"within_ms", group.within_ms}};
  out["queue"] = {{"mean", rounded(group.mean_queue)}, {"longest", group.longest_queue}};
  out["occupancy"] = rounded(group.occupancy);
  out["fairness"] = rounded(group.fairness);
  out["estimated_wait"] = estimate_json(group.p50, group.p90);
  auto& series = out["series"] = json::array();
  for (const auto& i : r.series[g]) {
    const auto n = static_cast<double>(i.accepted);
    series.push_back({{"queue", rounded(i.queue_ms / static_cast<double>(r.interval_ms))},
                      {"accepted", i.accepted},
                      {"wait_ms", i.accepted > 0 ? std::llround(i.wait_ms / n) : 0}});
  }
  return out;
}

json agent_json(const agent_result& a) {
  return {{"id", a.id},
          {"groups", a.groups},
          {"accepted", a.accepted},
          {"missed", a.missed},
          {"declined", a.declined},
          {"staffed_ms", std::llround(a.staffed_ms)},
          {"occupancy", rounded(a.occupancy())},
          {"load", rounded(a.load())}};
}

}  // namespace

json result_json(const run_result& r) {
  json out{{"model", r.name},
           {"seed", r.seed},
           {"start_ms", r.start_ms},
           {"length_ms", r.length_ms},
           {"warm_up_ms", r.warm_up_ms},
           {"simulated", r.simulated}};
  out["floor"] = traffic_json(r.all);
  out["occupancy"] = rounded(r.occupancy);
  out["estimated_wait"] = estimate_json(r.p50, r.p90);
  out["interval_ms"] = r.interval_ms;
  auto& groups = out["groups"] = json::array();
  for (std::size_t g = 0; g < r.groups.size(); ++g) groups.push_back(group_json(r, g));
  auto& agents = out["agents"] = json::array();
  for (const auto& a : r.agents) agents.push_back(agent_json(a));
  auto& classes = out["requests"] = json::array();
  for (const auto& c : r.classes) {
    json one{{"name", c.name}};
    one.update(traffic_json(c.sessions));
    classes.push_back(std::move(one));
  }
  return out;
}

json comparison_json(const run_result& a, const run_result& b) {
  return {{"a", result_json(a)}, {"b", result_json(b)}};
}

}  // namespace switchboard::whatif
