#include "tools/whatif/result_text.hpp"

#include "tools/whatif/result_format.hpp"

namespace switchboard::whatif {
namespace {

using terminal::text_table;
using column = text_table::column;
constexpr auto right = text_table::align::right;

/// mean, p50, p90, p99 of the accepted.
void add_waits(std::vector<std::string>& row, const wait_record& w) {
  if (w.count() == 0) {
    row.insert(row.end(), 4, "-");
    return;
  }
  row.push_back(wait_text(w.mean_ms()));
  for (double share : {0.5, 0.9, 0.99}) row.push_back(wait_text(w.quantile_ms(share)));
}

std::string heading(const run_result& r) {
  return r.name + ": " + terminal::span_text(r.length_ms) + " from " +
         clock_text(0, r.start_minute) + ", seed " + std::to_string(r.seed) + ", " +
         count_text(r.simulated) + " sessions" +
         (r.warm_up_ms > 0 ? ", the first " + terminal::span_text(r.warm_up_ms) + " not counted"
                           : std::string()) +
         "\n\n";
}

std::string overall_table(const run_result& r) {
  text_table t({{"FLOOR"},
                {"SESSIONS", right},
                {"ACCEPTED", right},
                {"ABANDONED", right},
                {"MESSAGE", right},
                {"OPEN", right},
                {"WAIT MEAN", right},
                {"P50", right},
                {"P90", right},
                {"P99", right},
                {"LEVEL", right},
                {"OCCUPANCY", right}});
  std::vector<std::string> row{"all",
                               count_text(r.all.opened),
                               count_text(r.all.accepted),
                               percent_text(r.all.abandonment()),
                               count_text(r.all.left_message),
                               count_text(r.all.unfinished)};
  add_waits(row, r.all.wait);
  row.push_back(percent_text(r.all.service_level()));
  row.push_back(percent_text(r.occupancy));
  t.add(std::move(row));
  return t.text();
}

std::string group_table(const run_result& r) {
  text_table t({{"GROUP"},
                {"ENTERED", right},
                {"ACCEPTED", right},
                {"ABANDONED", right},
                {"MOVED", right},
                {"FULL", right},
                {"WAIT MEAN", right},
                {"P50", right},
                {"P90", right},
                {"P99", right},
                {"LEVEL", right},
                {"TARGET", right},
                {"QUEUE", right},
                {"LONGEST", right},
                {"OCCUPANCY", right},
                {"FAIRNESS", right},
                {"IN P90", right}});
  for (const auto& g : r.groups) {
    const auto& s = g.sessions;
    std::vector<std::string> row{g.id,
                                 count_text(s.opened),
                                 count_text(s.accepted),
                                 percent_text(s.abandonment()),
                                 count_text(s.moved_on),
                                 count_text(s.refused)};
    add_waits(row, s.wait);
    row.push_back(s.accepted > 0 ? percent_text(s.service_level()) : "-");
    row.push_back(number_text(g.target * 100, 0) + "% " + terminal::span_text(g.within_ms));
    row.push_back(number_text(g.mean_queue, 2));
    row.push_back(number_text(g.longest_queue, 0));
    row.push_back(percent_text(g.occupancy));
    row.push_back(number_text(g.fairness, 3));
    row.push_back(g.p90.told() > 0 ? percent_text(g.p90.within()) : "-");
    t.add(std::move(row));
  }
  return t.text();
}

std::string agent_table(const run_result& r) {
  text_table t({{"AGENT"},
                {"ACCEPTED", right},
                {"PER HOUR", right},
                {"MISSED", right},
                {"DECLINED", right},
                {"STAFFED", right},
                {"OCCUPANCY", right},
                {"LOAD", right},
                {"GROUPS"}});
  std::size_t absent = 0;
  for (const auto& a : r.agents) {
    if (a.staffed_ms <= 0) {
      ++absent;
      continue;
    }
    std::string groups;
    for (const auto& g : a.groups) groups += (groups.empty() ? "" : " ") + g;
    t.add({a.id, count_text(a.accepted),
           number_text(static_cast<double>(a.accepted) / (a.staffed_ms / 3'600'000), 2),
           count_text(a.missed), count_text(a.declined),
           terminal::span_text(std::llround(a.staffed_ms)), percent_text(a.occupancy()),
           percent_text(a.load()), groups});
  }
  auto out = t.text();
  if (absent > 0) out += std::to_string(absent) + " agents were never there\n";
  return out;
}

std::string class_table(const run_result& r) {
  text_table t({{"REQUEST"},
                {"SESSIONS", right},
                {"ACCEPTED", right},
                {"ABANDONED", right},
                {"MESSAGE", right},
                {"WAIT MEAN", right},
                {"P50", right},
                {"P90", right},
                {"P99", right},
                {"LEVEL", right}});
  for (const auto& c : r.classes) {
    const auto& s = c.sessions;
    std::vector<std::string> row{c.name, count_text(s.opened), count_text(s.accepted),
                                 percent_text(s.abandonment()), count_text(s.left_message)};
    add_waits(row, s.wait);
    row.push_back(s.accepted > 0 ? percent_text(s.service_level()) : "-");
    t.add(std::move(row));
  }
  return t.text();
}

std::string estimate_text(const run_result& r) {
  if (r.p90.told() == 0) return "estimated wait: nobody who waited could be told one\n";
  return "estimated wait: " + percent_text(r.p90.within()) + " within the p90 told (85% to 95%), " +
         percent_text(r.p50.within()) + " within the p50, of " + count_text(r.p90.told()) +
         " told\n";
}

}  // namespace

std::string result_text(const run_result& r) {
  return heading(r) + overall_table(r) + "\n" + group_table(r) + "\n" + agent_table(r) + "\n" +
         class_table(r) + "\n" + estimate_text(r);
}

}  // namespace switchboard::whatif
