#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/metrics/metrics_exposer.hpp"

namespace switchboard {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string get(std::uint16_t port, const std::string& path) {
  auto fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string all;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0) {
    auto request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    EXPECT_EQ(::send(fd, request.data(), request.size(), 0), static_cast<ssize_t>(request.size()));
    char some[4096];
    for (ssize_t n; (n = ::recv(fd, some, sizeof some, 0)) > 0;)
      all.append(some, static_cast<std::size_t>(n));
  }
  ::close(fd);
  return all;
}

struct metrics_serving : testing::Test {
  void start() {
    auto started = exposer.start({.port = 0});
    ASSERT_TRUE(started.has_value()) << started.error().message;
    ASSERT_NE(exposer.port(), 0);
  }
  std::string scrape() { return get(exposer.port(), "/metrics"); }
  metrics::exposer exposer;
};

TEST_F(metrics_serving, a_scrape_reads_what_is_watched_at_that_moment) {
  int waiting = 3;
  exposer.add([&](metrics::page& p) {
    p.gauge("switchboard_sessions", "Sessions by state.", waiting, {{"state", "waiting"}});
    p.gauge("switchboard_sessions", "Sessions by state.", 5, {{"state", "active"}});
  });
  start();
  auto first = scrape();
  EXPECT_THAT(first, HasSubstr("200 OK"));
  EXPECT_THAT(first, HasSubstr("# HELP switchboard_sessions Sessions by state."));
  EXPECT_THAT(first, HasSubstr("# TYPE switchboard_sessions gauge"));
  EXPECT_THAT(first, HasSubstr("switchboard_sessions{state=\"waiting\"} 3"));
  EXPECT_THAT(first, HasSubstr("switchboard_sessions{state=\"active\"} 5"));
  waiting = 4;
  EXPECT_THAT(scrape(), HasSubstr("switchboard_sessions{state=\"waiting\"} 4"));
}

TEST_F(metrics_serving, collectors_share_a_family) {
  for (auto room : {"a", "b"}) {
    exposer.add([room](metrics::page& p) {
      p.counter("switchboard_handled_total", "Messages.", 1, {{"room", room}});
    });
  }
  auto all = exposer.collect();
  auto at = std::ranges::find(all, "switchboard_handled_total", &prometheus::MetricFamily::name);
  ASSERT_NE(at, all.end());
  EXPECT_EQ(at->metric.size(), 2u);
}

TEST_F(metrics_serving, a_collector_that_throws_costs_only_itself) {
  exposer.add([](metrics::page&) { throw std::runtime_error("broken"); });
  exposer.add([](metrics::page& p) { p.gauge("switchboard_up", "Up.", 1); });
  start();
  auto page = scrape();
  EXPECT_THAT(page, HasSubstr("switchboard_up 1"));
  EXPECT_THAT(page, HasSubstr("switchboard_metrics_failures_total 1"));
}

TEST_F(metrics_serving, a_sample_that_would_spoil_the_scrape_is_left_out_and_counted) {
  exposer.add([](metrics::page& p) {
    p.gauge("switchboard_good", "Good.", 1, {{"a", "x"}});
    p.gauge("switchboard_good", "Good.", 2, {{"a", "x"}});
    p.counter("switchboard_good", "Good.", 3, {{"a", "y"}});
    p.gauge("bad-name", "Bad.", 4);
    p.gauge("switchboard_good", "Good.", 5, {{"a", "\xff"}});
    p.gauge("switchboard_good", "Good.", 6, {{"__a", "z"}});
  });
  start();
  auto page = scrape();
  EXPECT_THAT(page, HasSubstr("switchboard_good{a=\"x\"} 1"));
  EXPECT_THAT(page, Not(HasSubstr("bad-name")));
  EXPECT_THAT(page, HasSubstr("switchboard_metrics_refused_total 5"));
}

TEST_F(metrics_serving, health_is_a_page_of_its_own) {
  exposer.add([](metrics::page& p) { p.gauge("switchboard_sessions", "Sessions.", 7); });
  exposer.add_health([](metrics::page& p) { p.gauge("switchboard_takes_work", "1 or 0.", 1); });
  start();
  auto page = get(exposer.port(), "/healthz");
  EXPECT_THAT(page, HasSubstr("200 OK"));
  EXPECT_THAT(page, HasSubstr("switchboard_takes_work 1"));
  EXPECT_THAT(page, Not(HasSubstr("switchboard_sessions")));
  EXPECT_THAT(scrape(), Not(HasSubstr("switchboard_takes_work")));
}

TEST_F(metrics_serving, nothing_listens_unless_enabled) {
  EXPECT_TRUE(exposer.start({.enabled = false, .port = 0}).has_value());
  EXPECT_EQ(exposer.port(), 0);
}

TEST_F(metrics_serving, a_port_in_use_is_an_error) {
  start();
  metrics::exposer second;
  auto refused = second.start({.port = exposer.port()});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, errc::unavailable);
}

TEST_F(metrics_serving, after_stop_no_collector_is_asked) {
  int asked = 0;
  exposer.add([&](metrics::page&) { ++asked; });
  start();
  auto port = exposer.port();
  scrape();
  exposer.stop();
  auto before = asked;
  EXPECT_EQ(get(port, "/metrics"), "");
  EXPECT_EQ(asked, before);
  EXPECT_EQ(exposer.port(), 0);
}

}  // namespace
}  // namespace switchboard
