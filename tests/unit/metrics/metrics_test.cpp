#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/metrics/metrics_collection.hpp"

namespace switchboard {
namespace {

using testing::HasSubstr;
using testing::Not;

struct metrics_text : testing::Test {
  std::string scrape() { return all.text(); }
  metrics::collection all;
};

TEST_F(metrics_text, a_scrape_reads_what_is_watched_at_that_moment) {
  int waiting = 3;
  all.add([&](metrics::page& p) {
    p.gauge("switchboard_sessions", "Sessions by state.", waiting, {{"state", "waiting"}});
    p.gauge("switchboard_sessions", "Sessions by state.", 5, {{"state", "active"}});
  });
  auto first = scrape();
  EXPECT_THAT(first, HasSubstr("# HELP switchboard_sessions Sessions by state."));
  EXPECT_THAT(first, HasSubstr("# TYPE switchboard_sessions gauge"));
  EXPECT_THAT(first, HasSubstr("switchboard_sessions{state=\"waiting\"} 3"));
  EXPECT_THAT(first, HasSubstr("switchboard_sessions{state=\"active\"} 5"));
  waiting = 4;
  EXPECT_THAT(scrape(), HasSubstr("switchboard_sessions{state=\"waiting\"} 4"));
}

TEST_F(metrics_text, collectors_share_a_family) {
  for (auto room : {"a", "b"}) {
    all.add([room](metrics::page& p) {
      p.counter("switchboard_handled_total", "Messages.", 1, {{"room", room}});
    });
  }
  auto found = all.collect();
  auto at = std::ranges::find(found, "switchboard_handled_total", &prometheus::MetricFamily::name);
  ASSERT_NE(at, found.end());
  EXPECT_EQ(at->metric.size(), 2u);
}

TEST_F(metrics_text, a_collector_that_throws_costs_only_itself) {
  all.add([](metrics::page&) { throw std::runtime_error("broken"); });
  all.add([](metrics::page& p) { p.gauge("switchboard_up", "Up.", 1); });
  auto page = scrape();
  EXPECT_THAT(page, HasSubstr("switchboard_up 1"));
  EXPECT_THAT(page, HasSubstr("switchboard_metrics_failures_total 1"));
}

TEST_F(metrics_text, a_sample_that_would_spoil_the_scrape_is_left_out_and_counted) {
  all.add([](metrics::page& p) {
    p.gauge("switchboard_good", "Good.", 1, {{"a", "x"}});
    p.gauge("switchboard_good", "Good.", 2, {{"a", "x"}});
    p.counter("switchboard_good", "Good.", 3, {{"a", "y"}});
    p.gauge("bad-name", "Bad.", 4);
    p.gauge("switchboard_good", "Good.", 5, {{"a", "\xff"}});
    p.gauge("switchboard_good", "Good.", 6, {{"__a", "z"}});
  });
  auto page = scrape();
  EXPECT_THAT(page, HasSubstr("switchboard_good{a=\"x\"} 1"));
  EXPECT_THAT(page, Not(HasSubstr("bad-name")));
  EXPECT_THAT(page, HasSubstr("switchboard_metrics_refused_total 5"));
}

}  // namespace
}  // namespace switchboard
