#include <future>

#include <boost/asio/io_context.hpp>

#include "tests/e2e/transport/raw_socket.hpp"
#include "tests/e2e/transport/transport_fixture.hpp"

namespace switchboard::e2e {

using client_side = transport_test;

TEST_F(client_side, a_refused_connection_is_an_error_not_a_wait) {
  serve();
  auto o = to_server();
  server->stop();
  client::rpc_client c(o);
  auto connected = c.connect();
  ASSERT_FALSE(connected.has_value());
  EXPECT_EQ(connected.error().code, errc::unavailable);
  EXPECT_FALSE(c.call("echo", "\x80").has_value());
}

TEST_F(client_side, a_call_without_an_answer_times_out_and_the_connection_goes_on) {
  serve();
  auto c = connect();
  auto late = c->call("hold", "\x80", millis{100});
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, errc::deadline_exceeded);
  service.held().at(0).ok(0, "\x80");
  EXPECT_TRUE(c->call("echo", "\x80").has_value());
}

TEST_F(client_side, outstanding_calls_fail_when_the_connection_is_lost) {
  serve();
  auto c = connect();
  std::atomic<int> failed{0};
  std::atomic<bool> closed{false};
  c->set_on_close([&](const error&) { closed = true; });
  for (int i = 0; i < 5; ++i)
    c->call_async("hold", "\x80", [&](auto a) { failed += !a.has_value(); });
  service.await_held(5);
  for (auto& p : service.peers()) p->close(channel::close_reason::by_service);
  EXPECT_TRUE(eventually([&] { return failed == 5 && closed; }));
  EXPECT_FALSE(c->open());
  EXPECT_EQ(c->call("echo", "\x80").error().code, errc::unavailable);
}

TEST_F(client_side, a_call_made_again_from_each_failure_goes_no_deeper) {
  serve();
  boost::asio::io_context io;
  auto c = client::client_connection::create(io, to_server());
  bool connected = false;
  c->connect([&](const result<void>& how) {
    connected = how.has_value();
    c->close();
  });
  io.run();
  ASSERT_TRUE(connected);
  io.restart();
  int left = 300'000;
  bool within = false;
  std::function<void()> again = [&] {
    if (left-- == 0) return;
    within = true;
    c->call("echo", "\x80", [&](const auto& answer) {
      EXPECT_FALSE(within) << "the answer comes from the loop";
      EXPECT_EQ(answer.error().code, errc::unavailable);
      again();
    });
    within = false;
  };
  again();
  io.run();
  EXPECT_EQ(left, -1);
}

TEST_F(client_side, an_error_comes_back_with_its_code_field_and_detail) {
  serve();
  auto c = connect();
  std::promise<result<std::string>> said;
  c->call_async("hold", "\x80", [&](auto a) { said.set_value(a); });
  error why{errc::failed_precondition, "too old", "after", "first_seq", 17};
  service.await_held(1).at(0).fail(0, why);
  EXPECT_EQ(said.get_future().get().error(), why);
}

TEST_F(client_side, notifications_and_answers_arrive_in_the_order_sent) {
  serve();
  auto c = connect();
  std::atomic<int> pushed{0};
  c->set_on_notification(
      [&](std::string_view method, const msgpack::object&) { pushed += method == "flood.drop"; });
  std::atomic<int> pushed_at_answer{-1};
  c->call_async("flood", map_of({{"count", 100}, {"bytes", 100}}),
                [&](auto) { pushed_at_answer = pushed.load(); });
  EXPECT_TRUE(eventually([&] { return pushed_at_answer >= 0; }));
  EXPECT_EQ(pushed_at_answer, 100);
}

TEST_F(client_side, many_threads_may_share_one_client) {
  serve();
  auto c = connect();
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 100; ++i) {
        auto params = map_of({{"n", t * 1000 + i}});
        good += c->call("echo", params) == params;
      }
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_EQ(good, 400);
}

TEST_F(client_side, hundreds_of_connections_run_on_one_thread) {
  serve();
  boost::asio::io_context io;
  std::vector<std::shared_ptr<client::client_connection>> all;
  int answered = 0;
  for (int i = 0; i < 300; ++i) {
    all.push_back(client::client_connection::create(io, to_server()));
    auto c = all.back();
    c->connect([&, c](const result<void>& how) {
      ASSERT_TRUE(how.has_value());
      c->call("hello", "\x80", [&, c](const auto&) {
        for (int k = 0; k < 10; ++k) {
          c->call("echo", "\x80", [&, c](const auto& a) {
            answered += a.has_value();
            if (c->outstanding() == 0) c->close();
          });
        }
      });
    });
  }
  io.run_for(std::chrono::seconds(5));
  EXPECT_EQ(answered, 3'000);
  for (auto& c : all) c->close();
  io.restart();
  io.run_for(std::chrono::seconds(1));
}

}  // namespace switchboard::e2e
