#include <sys/resource.h>

#include "tests/e2e/transport/raw_socket.hpp"
#include "tests/e2e/transport/transport_fixture.hpp"

namespace switchboard::e2e {
namespace {

std::string request(std::uint32_t msgid, std::string_view method,
                    std::string_view params = "\x80") {
  std::string out;
  codec::begin_request(out, msgid, method);
  return out.append(params);
}

}  // namespace

using limits = transport_test;
using channel::close_reason;

TEST_F(limits, a_full_window_stops_reading_and_answers_open_it_again) {
  channel::transport_options o;
  o.window = 8;
  serve(o);
  auto c = connect();
  std::atomic<int> answered{0};
  for (int i = 0; i < 50; ++i)
    c->call_async("hold", "\x80", [&](auto a) { answered += a.has_value(); });
  ASSERT_EQ(service.await_held(8).size(), 8u);
  std::this_thread::sleep_for(millis{100});
  EXPECT_EQ(service.held().size(), 8u) << "the ninth is not read";
  EXPECT_EQ(counters().in_flight, 8u);
  for (std::size_t done = 0; done < 50;) {
    auto held = service.held();
    for (; done < held.size(); ++done) held[done].ok(0, "\x80");
    std::this_thread::sleep_for(millis{1});
    ASSERT_LE(service.held().size() - done, 8u);
  }
  EXPECT_TRUE(eventually([&] { return answered == 50; }));
  EXPECT_TRUE(eventually([&] { return counters().in_flight == 0; }));
}

TEST_F(limits, a_client_that_never_reads_its_answers_is_not_read_for_ever) {
  channel::transport_options o;
  o.window = 16;
  serve(o);
  raw_socket s(server->port());
  s.send(request(0, "hello"));
  std::string calls;
  for (std::uint32_t i = 0; i < 400; ++i)
    calls += request(i + 1, "echo", text_map(std::string(60'000, 'x')));
  auto sent = s.send_what_fits(calls, millis{1'500});
  EXPECT_LT(sent, calls.size()) << "24 MB went in although nothing was read";
  EXPECT_EQ(counters().connections_open, 1u)
      << "nor is it dropped: its own calls fill only its window";
}

TEST_F(limits, the_node_stops_reading_at_its_limit_and_goes_on_after) {
  channel::transport_options o;
  o.node_in_flight = 10;
  serve(o);
  auto a = connect(), b = connect();
  std::atomic<int> answered{0};
  for (int i = 0; i < 10; ++i) {
    a->call_async("hold", "\x80", [&](auto r) { answered += r.has_value(); });
    b->call_async("hold", "\x80", [&](auto r) { answered += r.has_value(); });
  }
  ASSERT_EQ(service.await_held(10).size(), 10u);
  std::this_thread::sleep_for(millis{120});
  EXPECT_EQ(service.held().size(), 10u);
  EXPECT_GT(counters().node_stops, 0u);
  for (std::size_t done = 0; done < 20;) {
    auto held = service.await_held(done + 1);
    ASSERT_GT(held.size(), done);
    for (; done < held.size(); ++done) held[done].ok(0, "\x80");
  }
  EXPECT_TRUE(eventually([&] { return answered == 20; }));
}

TEST_F(limits, a_slow_reader_is_dropped_and_the_others_do_not_notice) {
  channel::transport_options o;
  o.output_bytes = 1 << 20;
  serve(o);
  auto good = connect();
  raw_socket slow(server->port());
  slow.send(request(1, "hello"));
  ASSERT_TRUE(eventually([&] { return service.peers().size() == 2; }));
  slow.send(request(2, "flood", map_of({{"count", 400}, {"bytes", 60'000}})));
  for (int i = 0; i < 50; ++i)
    ASSERT_TRUE(good->call("echo", text_map("x"), millis{1'000}).has_value());
  ASSERT_TRUE(eventually([&] { return service.closes == 1; }));
  EXPECT_EQ(counters().slow_readers, 1u);
  EXPECT_EQ(service.closed(), std::vector{close_reason::slow_reader});
  EXPECT_TRUE(good->open());
}

TEST_F(limits, many_connections_of_one_token_that_never_read_hold_no_more_than_its_share) {
  channel::transport_options o;
  o.output_bytes = 4 << 20;
  o.port = 0;
  auto budget = std::make_shared<channel::output_budget>(
      channel::output_budget::limits{.of_token = 8u << 20, .in_all = 64u << 20});
  server = std::make_unique<channel::tcp_server>(o, journal, service, budget);
  ASSERT_TRUE(server->start().has_value());
  auto good = connect();
  codec::packer who;
  codec::field(who.map(1), "id", "channel:app");
  std::vector<raw_socket> silent;
  for (int i = 0; i < 20; ++i) {
    silent.emplace_back(server->port());
    silent.back().send(request(1, "hello", who.view()));
  }
  ASSERT_TRUE(eventually([&] { return service.peers().size() == 21; }));
  std::size_t most = 0;
  // Each flood is within what one connection may hold; what the kernel takes of it is beyond our
  // count.
  for (int round = 0; round < 6; ++round) {
    for (auto& s : silent)
      s.send(request(static_cast<std::uint32_t>(2 + round), "flood",
                     map_of({{"count", 40}, {"bytes", 50'000}})));
    for (int i = 0; i < 20; ++i) {
      most = std::max(most, budget->held());
      ASSERT_TRUE(good->call("echo", text_map("x"), millis{2'000}).has_value());
    }
  }
  EXPECT_TRUE(eventually([&] { return counters().over_share > 0; }));
  EXPECT_LE(most, (8u << 20) + (1u << 20)) << "the share, and what was being put in";
  EXPECT_TRUE(good->open()) << "who reads is not dropped for others";
  server->stop();
  EXPECT_EQ(budget->held(), 0u);
}

TEST_F(limits, a_reader_that_takes_nothing_within_the_write_deadline_is_dropped) {
  channel::transport_options o;
  o.output_bytes = 64 << 20;
  o.write_deadline = millis{200};
  serve(o);
  raw_socket slow(server->port());
  slow.send(request(1, "hello") + request(2, "flood", map_of({{"count", 400}, {"bytes", 60'000}})));
  EXPECT_TRUE(eventually([&] { return counters().slow_readers == 1; }));
}

TEST_F(limits, without_hello_a_connection_ends_at_its_deadline) {
  channel::transport_options o;
  o.hello_deadline = millis{150};
  serve(o);
  raw_socket silent(server->port());
  auto greeted = connect();
  EXPECT_TRUE(silent.closes(millis{1'500}));
  ASSERT_TRUE(eventually([&] { return service.closes == 1; }));
  EXPECT_EQ(service.closed(), std::vector{close_reason::hello_timeout});
  std::this_thread::sleep_for(millis{250});
  EXPECT_TRUE(greeted->call("echo", "\x80").has_value());
}

TEST_F(limits, a_message_once_begun_must_end_in_time) {
  channel::transport_options o;
  o.frame_deadline = millis{150};
  serve(o);
  raw_socket s(server->port());
  s.send(request(1, "hello"));
  auto whole = request(2, "echo", text_map(std::string(2'000, 'x')));
  bool gone = false;
  // A byte now and then does not prolong it.
  for (std::size_t i = 0; i < 40 && !gone; ++i) {
    s.send(whole.substr(i, 1));
    std::string rest;
    gone = s.closes(millis{20}, &rest);
  }
  EXPECT_TRUE(gone);
  ASSERT_TRUE(eventually([&] { return service.closes == 1; }));
  EXPECT_EQ(service.closed(), std::vector{close_reason::frame_timeout});
}

TEST_F(limits, an_idle_connection_ends_and_a_busy_one_does_not) {
  channel::transport_options o;
  o.idle_deadline = millis{1'200};
  serve(o);
  auto busy = connect(), idle = connect();
  for (int i = 0; i < 30; ++i) {
    EXPECT_TRUE(busy->call("echo", "\x80").has_value());
    std::this_thread::sleep_for(millis{100});
  }
  EXPECT_FALSE(idle->open());
  EXPECT_EQ(counters().idle_timeouts, 1u);
}

TEST_F(limits, a_call_not_answered_in_time_fails_and_its_late_answer_is_dropped) {
  channel::transport_options o;
  o.call_deadline = millis{150};
  serve(o);
  auto c = connect();
  auto late = c->call("hold", "\x80", millis{3'000});
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, errc::deadline_exceeded);
  EXPECT_NE(late.error().message.find("150 ms"), std::string::npos)
      << "the server said so, not the client";
  service.held().at(0).ok(0, "\x80");
  EXPECT_TRUE(eventually([&] { return counters().late_answers == 1; }));
  EXPECT_EQ(counters().call_timeouts, 1u);
  EXPECT_TRUE(c->call("echo", "\x80").has_value());
  EXPECT_TRUE(eventually([&] { return counters().in_flight == 0; }));
}

TEST_F(limits, a_call_is_answered_only_once) {
  serve();
  auto c = connect();
  c->call_async("hold", "\x80", [](auto) {});
  auto held = service.await_held(1);
  held.at(0).ok(0, "\x80");
  held.at(0).ok(0, "\x80");
  held.at(0).fail(0, {});
  EXPECT_TRUE(c->call("echo", "\x80").has_value());
  EXPECT_EQ(counters().late_answers, 2u);
}

TEST_F(limits, connections_are_capped_in_all) {
  channel::transport_options o;
  o.connections = 3;
  serve(o);
  auto a = connect(), b = connect(), c = connect();
  raw_socket fourth(server->port());
  EXPECT_TRUE(fourth.closes(millis{1'000}));
  EXPECT_EQ(counters().refused_limit, 1u);
  a.reset();
  ASSERT_TRUE(eventually([&] { return counters().connections_open == 2; }));
  EXPECT_TRUE(connect()->open());
}

TEST_F(limits, connections_are_capped_for_each_address) {
  channel::transport_options o;
  o.connections_per_address = 2;
  serve(o);
  auto a = connect(), b = connect();
  raw_socket third(server->port());
  EXPECT_TRUE(third.closes(millis{1'000}));
  EXPECT_EQ(counters().refused_address, 1u);
}

TEST_F(limits, are_taken_up_while_connections_are_open) {
  channel::transport_options o;
  o.idle_deadline = millis{60'000};
  serve(o);
  auto before = connect(), idle = connect();
  o.connections = 3;
  o.limits.message_bytes = 1'000;
  o.call_deadline = millis{150};
  o.idle_deadline = millis{1'200};
  server->take_limits(o);
  auto late = before->call("hold", "\x80", millis{3'000});
  ASSERT_FALSE(late.has_value());
  EXPECT_NE(late.error().message.find("150 ms"), std::string::npos);
  auto large = text_map(std::string(2'000, 'x'));
  EXPECT_TRUE(before->call("echo", large).has_value()) << "was told at its hello that it may";
  auto after = connect();
  EXPECT_FALSE(after->call("echo", large).has_value());
  ASSERT_TRUE(eventually([&] { return counters().connections_open == 2; }));
  auto third = connect();
  raw_socket fourth(server->port());
  EXPECT_TRUE(fourth.closes(millis{1'000}));
  EXPECT_TRUE(eventually([&] { return !idle->open(); }, millis{4'000}));
}

TEST_F(limits, a_storm_of_notifications_is_read_no_faster_than_allowed) {
  channel::transport_options o;
  o.notifications_per_second = 100;
  serve(o);
  auto c = connect();
  for (int i = 0; i < 1'000; ++i) c->notify("session.typing", "\x80");
  std::this_thread::sleep_for(millis{500});
  EXPECT_LE(service.notifications, 200u);
  EXPECT_GE(service.notifications, 100u);
}

TEST_F(limits, two_thousand_idle_connections_cost_little_and_calls_still_fly) {
  serve();
  std::vector<raw_socket> idle;
  idle.reserve(2'000);
  auto resident = [] {
    rusage use{};
    ::getrusage(RUSAGE_SELF, &use);
    return use.ru_maxrss;
  };
  auto before = resident();
  for (int i = 0; i < 2'000; ++i) {
    idle.emplace_back(server->port());
    ASSERT_TRUE(idle.back().send(request(1, "hello")));
  }
  ASSERT_TRUE(eventually([&] { return service.calls == 2'000; }));
  EXPECT_LT(resident() - before, 40 * 1024) << "KiB, in the process: 20 KiB each";
  auto c = connect();
  auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(c->call("echo", text_map("x")).has_value());
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(2));
  server->stop();
  EXPECT_EQ(service.closes, 2'001u);
}

TEST_F(limits, stopping_ends_every_connection_and_answers_no_more) {
  channel::transport_options o;
  o.flush_deadline = millis{200};
  o.io_threads = 3;
  serve(o);
  std::vector<std::unique_ptr<client::rpc_client>> all;
  for (int i = 0; i < 12; ++i) all.push_back(connect());
  std::atomic<int> failed{0};
  for (auto& c : all)
    c->call_async("gated", map_of({{"after", 99}}), [&](auto a) { failed += !a.has_value(); });
  ASSERT_TRUE(eventually([&] { return service.calls == 24; }));
  server->stop();
  EXPECT_EQ(service.closes, 12u);
  EXPECT_EQ(counters().connections_open, 0u);
  EXPECT_TRUE(eventually([&] { return failed == 12; }))
      << "what was never durable is never answered";
}

TEST_F(limits, plain_tcp_beyond_loopback_is_refused_unless_allowed) {
  channel::transport_options o;
  o.port = 0;
  o.address = "0.0.0.0";
  channel::tcp_server refused(o, journal, service);
  auto started = refused.start();
  ASSERT_FALSE(started.has_value());
  EXPECT_EQ(started.error().code, errc::failed_precondition);
  o.allow_plain = true;
  channel::tcp_server allowed(o, journal, service);
  EXPECT_TRUE(allowed.start().has_value());
}

}  // namespace switchboard::e2e
