#include <gmock/gmock.h>

#include "tests/e2e/web/web_fixture.hpp"

namespace switchboard::e2e {

using hostile = web_test;
using testing::HasSubstr;
using testing::StartsWith;

TEST_F(hostile, silent_connections_hold_up_nobody) {
  serve();
  std::vector<raw_socket> silent;
  for (int i = 0; i < 200; ++i) silent.emplace_back(server->port());
  auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) ASSERT_THAT(ask_ok(), StartsWith("HTTP/1.1 200 OK"));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(2));
  EXPECT_LE(server->counters().open.load(), 64u);
}

TEST_F(hostile, a_header_that_trickles_in_ends_at_its_deadline) {
  web::web_options o;
  o.read_deadline = millis{200};
  serve(o);
  auto slow = connect();
  auto text = get("/ok", "X: " + std::string(500, 'a') + "\r\n");
  std::string rest;
  bool gone = false;
  for (std::size_t i = 0; i < 60 && !gone; ++i) {
    slow.send(text.substr(i, 1));
    gone = slow.closes(millis{20}, &rest);
  }
  EXPECT_TRUE(gone);
  EXPECT_THAT(rest, StartsWith("HTTP/1.1 408 "));
  EXPECT_EQ(server->counters().read_timeouts, 1u);
}

TEST_F(hostile, a_body_that_trickles_in_ends_at_its_deadline) {
  web::web_options o;
  o.read_deadline = millis{200};
  serve(o);
  auto slow = connect();
  slow.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
  bool gone = false;
  for (std::size_t i = 0; i < 60 && !gone; ++i) {
    slow.send("x");
    gone = slow.closes(millis{20});
  }
  EXPECT_TRUE(gone);
}

TEST_F(hostile, who_says_nothing_ends_without_a_word) {
  web::web_options o;
  o.read_deadline = o.idle_deadline = millis{150};
  serve(o);
  std::string rest;
  auto silent = connect();
  EXPECT_TRUE(silent.closes(millis{1'500}, &rest));
  EXPECT_EQ(rest, "");
  auto idle = connect();
  idle.send(get("/ok"));
  EXPECT_TRUE(idle.closes(millis{1'500}, &rest)) << "between two requests too";
  EXPECT_THAT(rest, StartsWith("HTTP/1.1 200 OK"));
  EXPECT_EQ(server->counters().idle_timeouts, 1u);
}

TEST_F(hostile, half_a_request_and_gone_leaves_nothing_behind) {
  serve();
  for (int i = 0; i < 30; ++i) {
    auto half = connect();
    half.send("GET /ok HTT");
  }
  EXPECT_TRUE(eventually([&] { return server->counters().open == 0; }));
  EXPECT_THAT(ask_ok(), StartsWith("HTTP/1.1 200"));
}

TEST_F(hostile, too_much_is_refused_with_its_status_and_the_connection_ends) {
  serve();
  EXPECT_THAT(ask("GET /ok HTTP/1.1\r\nHost: x\r\nX: " + std::string(100'000, 'a') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(ask("GET /" + std::string(100'000, 'a') + " HTTP/1.1\r\n"),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n" +
                  std::string(70'000, 'x')),
              StartsWith("HTTP/1.1 413 "));
}

TEST_F(hostile, what_is_no_http_is_told_so) {
  serve();
  EXPECT_THAT(ask("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
              StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(ask("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), StartsWith("HTTP/1.1 505 "));
  EXPECT_THAT(ask("GET /ok\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_EQ(server->counters().bad_requests, 3u);
}

TEST_F(hostile, a_flood_of_pipelined_requests_is_answered_in_order_and_within_bounds) {
  web::web_options o;
  o.requests_per_connection = 100;
  serve(o);
  std::string many;
  for (int i = 0; i < 5'000; ++i)
    many +=
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n" + std::to_string(10'000 + i);
  auto line = connect();
  line.send_what_fits(many, millis{500});
  std::string all;
  EXPECT_TRUE(line.closes(millis{5'000}, &all));
  std::size_t at = 0;
  for (int i = 0; i < 100; ++i) {
    at = all.find(std::to_string(10'000 + i), at);
    ASSERT_NE(at, std::string::npos) << i;
  }
  EXPECT_EQ(server->counters().requests, 100u) << "then it ends, with the rest unread";
}

TEST_F(hostile, a_reader_that_takes_nothing_of_its_answer_is_dropped) {
  web::web_options o;
  o.write_deadline = millis{300};
  serve(o);
  auto slow = connect();
  slow.send(get("/large"));
  EXPECT_TRUE(eventually([&] { return server->counters().write_timeouts == 1; }));
  EXPECT_TRUE(eventually([&] { return server->counters().open == 0; }));
}

TEST_F(hostile, a_reader_that_sips_is_dropped_when_its_time_is_over) {
  web::web_options o;
  o.whole_answer_deadline = millis{600};
  serve(o);
  auto slow = connect();
  slow.send(get("/large"));
  for (int i = 0; i < 60 && server->counters().write_timeouts == 0; ++i) {
    slow.receive(200'000, millis{20});
    std::this_thread::sleep_for(millis{10});
  }
  EXPECT_EQ(server->counters().write_timeouts, 1u);
}

TEST_F(hostile, while_all_are_being_answered_a_new_one_waits_and_is_served_when_one_is_done) {
  web::web_options o;
  o.connections = 3;
  serve(o);
  std::vector<raw_socket> busy;
  for (int i = 0; i < 3; ++i) {
    busy.emplace_back(server->port());
    busy.back().send(get("/never"));
  }
  ASSERT_TRUE(eventually([&] { return server->counters().requests == 3; }));
  auto fourth = connect();
  fourth.send(get("/ok", "Connection: close\r\n"));
  EXPECT_FALSE(fourth.closes(millis{300}));
  EXPECT_FALSE(busy.front().closes(millis{50})) << "who is being answered stays";
  unanswered.front()(web::plain(200, "at last"));
  std::string all;
  EXPECT_TRUE(fourth.closes(millis{2'000}, &all));
  EXPECT_THAT(all, StartsWith("HTTP/1.1 200 OK"));
  EXPECT_EQ(server->counters().refused, 0u);
}

TEST_F(hostile, who_waits_for_a_place_waits_for_so_long_and_in_so_many) {
  web::web_options o;
  o.connections = 1;
  o.waiting = 2;
  o.read_deadline = millis{300};
  serve(o);
  auto busy = connect();
  busy.send(get("/never"));
  ASSERT_TRUE(eventually([&] { return server->counters().requests == 1; }));
  auto first = connect(), second = connect(), third = connect();
  EXPECT_TRUE(first.closes(millis{200})) << "the one that has waited longest";
  EXPECT_TRUE(second.closes(millis{1'000}));
  EXPECT_TRUE(third.closes(millis{1'000}));
  EXPECT_TRUE(eventually([&] { return server->counters().refused == 3; }))
      << server->counters().refused;
}

TEST_F(hostile, pipelines_that_nobody_reads_end_no_connection_but_their_own) {
  serve();
  std::string many;
  for (int i = 0; i < 50; ++i) many += get("/page");
  std::vector<raw_socket> flood;
  for (int i = 0; i < 300; ++i) {
    flood.emplace_back(server->port());
    flood.back().send_what_fits(many, millis{20});
    if (i % 10 != 0) continue;
    // Its request comes a moment after the connection, and more of the crowd in between.
    auto honest = connect();
    for (int n = 0; n < 5; ++n) {
      flood.emplace_back(server->port());
      flood.back().send_what_fits(many, millis{20});
    }
    honest.send(get("/ok", "Connection: close\r\n"));
    std::string all;
    EXPECT_TRUE(honest.closes(millis{5'000}, &all));
    ASSERT_THAT(all, StartsWith("HTTP/1.1 200 OK")) << i;
  }
}

TEST_F(hostile, one_address_gives_way_among_its_own) {
  web::web_options o;
  o.connections = 100;
  o.connections_per_address = 2;
  serve(o);
  auto first = connect(), second = connect();
  ASSERT_TRUE(eventually([&] { return server->counters().open == 2; }));
  EXPECT_THAT(ask_ok(), StartsWith("HTTP/1.1 200"));
  EXPECT_TRUE(first.closes(millis{1'000})) << "the one that has waited longest";
  EXPECT_EQ(server->counters().gave_way, 1u);
}

}  // namespace switchboard::e2e
