#include <atomic>

#include <gmock/gmock.h>

#include "adapters/web/health_pages.hpp"
#include "tests/e2e/web/web_fixture.hpp"

namespace switchboard::e2e {

using pages = web_test;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(pages, a_line_carries_several_requests) {
  serve();
  auto line = connect();
  for (int i = 0; i < 3; ++i) {
    line.send(get("/ok"));
    EXPECT_THAT(line.receive(60), HasSubstr("200 OK"));
  }
  line.send(get("/ok", "Connection: close\r\n"));
  std::string rest;
  EXPECT_TRUE(line.closes(millis{1'000}, &rest));
  EXPECT_THAT(rest, HasSubstr("\r\n\r\nfine\n"));
}

TEST_F(pages, an_old_client_gets_one_answer_and_the_end) {
  serve();
  auto all = ask("GET /ok HTTP/1.0\r\n\r\n");
  EXPECT_THAT(all, HasSubstr("Connection: close"));
  EXPECT_THAT(all, HasSubstr("\r\n\r\nfine\n"));
}

TEST_F(pages, unknown_paths_and_methods_are_told_apart) {
  serve();
  EXPECT_THAT(ask(get("/nowhere", "Connection: close\r\n")), StartsWith("HTTP/1.1 404 "));
  auto post = ask("POST /ok HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  EXPECT_THAT(post, StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(post, HasSubstr("\r\nAllow: GET, HEAD\r\n"));
  EXPECT_THAT(ask("BREW /ok HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              StartsWith("HTTP/1.1 405 "));
  auto head = ask("HEAD /ok HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(head, HasSubstr("Content-Length: 5"));
  EXPECT_THAT(head, Not(HasSubstr("fine")));
}

TEST_F(pages, a_request_nobody_answers_in_time_is_answered_503_and_its_late_answer_dropped) {
  web::web_options o;
  o.answer_deadline = millis{150};
  serve(o);
  EXPECT_THAT(ask(get("/never")), StartsWith("HTTP/1.1 503 "));
  ASSERT_EQ(unanswered.size(), 1u);
  unanswered[0](web::plain(200, "late"));
  EXPECT_EQ(server->counters().answer_timeouts, 1u);
  EXPECT_THAT(ask_ok(), StartsWith("HTTP/1.1 200"));
}

TEST_F(pages, stopping_ends_every_connection_and_a_port_in_use_is_an_error) {
  serve();
  auto idle = connect(), busy = connect();
  busy.send(get("/never"));
  ASSERT_TRUE(eventually([&] { return server->counters().requests == 1; }));
  web::web_options same;
  same.port = server->port();
  web::web_server second(same, {});
  EXPECT_EQ(second.start().error().code, errc::unavailable);
  server->stop();
  EXPECT_TRUE(idle.closes(millis{500}));
  EXPECT_TRUE(busy.closes(millis{500}));
  EXPECT_EQ(server->port(), 0);
  unanswered[0](web::plain(200, "nobody is there"));
}

struct health : testing::Test {
  void serve() {
    web::router r;
    web::add_health_pages(r, worker, metrics, [this] {
      return web::readiness{takes_work.load(), takes_work ? "" : "the disk is nearly full"};
    });
    server = std::make_unique<web::web_server>(web::web_options{}, std::move(r));
    ASSERT_TRUE(server->start().has_value());
  }
  std::string get(const std::string& path) {
    raw_socket line(server->port());
    line.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    std::string all;
    line.closes(millis{3'000}, &all);
    return all;
  }
  std::atomic<bool> takes_work{true};
  web::side_worker worker;
  metrics::collection metrics;
  std::unique_ptr<web::web_server> server;
};

TEST_F(health, ready_says_why_not) {
  serve();
  EXPECT_THAT(get("/readyz"), StartsWith("HTTP/1.1 200 "));
  takes_work = false;
  EXPECT_THAT(get("/readyz"), StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(get("/readyz"), HasSubstr("not ready: the disk is nearly full\n"));
  EXPECT_THAT(get("/healthz"), StartsWith("HTTP/1.1 200 ")) << "it lives";
}

TEST_F(health, a_slow_scrape_holds_up_no_other_page) {
  std::atomic<bool> scraping{false}, go_on{false};
  metrics.add([&](metrics::page& p) {
    scraping = true;
    while (!go_on) std::this_thread::sleep_for(millis{2});
    p.gauge("switchboard_up", "Up.", 1);
  });
  serve();
  raw_socket scraper(server->port());
  scraper.send("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  while (!scraping) std::this_thread::sleep_for(millis{1});
  EXPECT_THAT(get("/healthz"), StartsWith("HTTP/1.1 200 "));
  go_on = true;
  std::string page;
  EXPECT_TRUE(scraper.closes(millis{3'000}, &page));
  EXPECT_THAT(page, HasSubstr("text/plain; version=0.0.4"));
  EXPECT_THAT(page, HasSubstr("switchboard_up 1"));
}

}  // namespace switchboard::e2e
