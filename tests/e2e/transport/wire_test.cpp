#include <random>

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

std::string answer(std::uint32_t msgid, std::string_view result = "\x80") {
  std::string out;
  codec::begin_result(out, msgid);
  return out.append(result);
}

struct read_back {
  std::vector<std::uint32_t> msgids;
  std::vector<error> failures;
};

read_back parse(const std::string& bytes) {
  codec::frame_decoder d(codec::frame_limits{.message_bytes = 1 << 20});
  d.feed(bytes);
  read_back out;
  for (auto next = d.next(); next && *next; next = d.next()) {
    out.msgids.push_back((*next)->msgid);
    if ((*next)->failure && (*next)->failure->type == msgpack::type::MAP) {
      out.failures.push_back(client::read_error(*(*next)->failure));
    }
  }
  return out;
}

}  // namespace

using wire = transport_test;

TEST_F(wire, a_call_sent_one_byte_at_a_time_is_answered) {
  serve();
  raw_socket s(server->port());
  for (char c : request(1, "hello") + request(2, "echo", text_map("slowly")))
    ASSERT_TRUE(s.send({&c, 1}));
  auto expected = answer(1) + answer(2, text_map("slowly"));
  EXPECT_EQ(s.receive(expected.size()), expected);
}

TEST_F(wire, many_calls_in_one_write_are_answered_in_order) {
  serve();
  raw_socket s(server->port());
  std::string calls = request(0, "hello"), expected = answer(0);
  for (std::uint32_t i = 1; i <= 1'000; ++i) {
    calls += request(i, "echo", text_map("message " + std::to_string(i)));
    expected += answer(i, text_map("message " + std::to_string(i)));
  }
  std::thread sender([&] { s.send(calls); });
  EXPECT_EQ(s.receive(expected.size(), millis{5'000}), expected);
  sender.join();
  EXPECT_LT(counters().writes, 500u) << "answers are gathered into few writes";
}

TEST_F(wire, before_hello_the_service_says_unauthenticated) {
  serve();
  auto c = connect(false);
  auto refused = c->call("echo", text_map("x"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, errc::unauthenticated);
  EXPECT_TRUE(c->hello({}).has_value()) << "and the connection is still good";
}

TEST_F(wire, a_bad_request_is_answered_then_the_connection_closed) {
  serve();
  raw_socket s(server->port());
  auto good = answer(1) + answer(2);
  ASSERT_TRUE(s.send(request(1, "hello") + request(2, "echo") +
                     std::string("\x94\0\x09\xa4"
                                 "echo\x91\x05",
                                 10)));
  std::string all;
  EXPECT_TRUE(s.closes(millis{3'000}, &all));
  EXPECT_EQ(all.substr(0, good.size()), good) << "what came before is answered first";
  auto said = parse(all);
  ASSERT_EQ(said.failures.size(), 1u);
  EXPECT_EQ(said.failures[0].code, errc::invalid_argument);
  EXPECT_EQ(said.msgids.back(), 9u);
  EXPECT_EQ(counters().bad_frames, 1u);
  s.half_close();
  ASSERT_TRUE(eventually([&] { return service.closes == 1; }));
  EXPECT_EQ(service.closed(), std::vector{channel::close_reason::bad_frame});
}

TEST_F(wire, the_answer_to_an_oversized_message_arrives_although_the_rest_is_never_read) {
  serve();
  raw_socket s(server->port());
  ASSERT_TRUE(s.send(request(1, "hello")));
  s.receive(answer(1).size());
  s.send_what_fits(request(2, "echo", text_map(std::string(200'000, 'x'))), millis{500});
  std::string all;
  EXPECT_TRUE(s.closes(millis{4'000}, &all));
  auto said = parse(all);
  ASSERT_EQ(said.failures.size(), 1u);
  EXPECT_EQ(said.failures[0].code, errc::resource_exhausted);
  EXPECT_EQ(said.msgids.back(), 2u);
}

TEST_F(wire, a_message_of_full_size_needs_hello_first) {
  serve();
  raw_socket s(server->port());
  ASSERT_TRUE(s.send(request(1, "echo", text_map(std::string(6'000, 'x')))));
  std::string all;
  EXPECT_TRUE(s.closes(millis{3'000}, &all));
  EXPECT_EQ(parse(all).failures.size(), 1u);
  auto c = connect();
  EXPECT_TRUE(c->call("echo", text_map(std::string(60'000, 'x'))).has_value());
}

TEST_F(wire, two_calls_of_one_msgid_at_once_end_the_connection) {
  serve();
  raw_socket s(server->port());
  ASSERT_TRUE(s.send(request(1, "hello") + request(7, "hold") + request(7, "hold")));
  std::string all;
  EXPECT_TRUE(s.closes(millis{3'000}, &all));
  EXPECT_EQ(parse(all).msgids.back(), 7u);
}

TEST_F(wire, a_response_to_the_server_ends_the_connection) {
  serve();
  raw_socket s(server->port());
  ASSERT_TRUE(s.send(answer(3)));
  EXPECT_TRUE(s.closes(millis{3'000}));
}

TEST_F(wire, random_bytes_close_their_own_connection_and_no_other) {
  serve();
  auto c = connect();
  std::mt19937 rng(7);
  for (int round = 0; round < 200; ++round) {
    raw_socket s(server->port());
    std::string noise(rng() % 600 + 1, '\0');
    for (auto& b : noise) b = static_cast<char>(rng());
    if (round % 2 == 0) noise = request(1, "hello") + noise;
    s.send(noise);
    if (round % 20 != 0) continue;
    ASSERT_TRUE(c->call("echo", text_map("still here")).has_value()) << "round " << round;
  }
  EXPECT_TRUE(eventually([&] { return counters().connections_open == 1; }));
  EXPECT_TRUE(c->call("echo", text_map("still here")).has_value());
}

TEST_F(wire, notifications_reach_the_service) {
  serve();
  auto c = connect();
  for (int i = 0; i < 10; ++i) c->notify("session.typing", map_of({{"session_id", i}}));
  EXPECT_TRUE(eventually([&] { return service.notifications == 10; }));
}

TEST_F(wire, a_service_may_close_after_its_answer) {
  serve();
  auto c = connect();
  EXPECT_TRUE(c->call("quit", "\x80").has_value());
  EXPECT_TRUE(eventually([&] { return !c->open() && service.closes == 1; }));
  EXPECT_EQ(service.closed(), std::vector{channel::close_reason::by_service});
}

TEST_F(wire, a_client_that_half_closes_after_its_call_is_told_nothing_more) {
  serve();
  raw_socket s(server->port());
  ASSERT_TRUE(s.send(request(1, "hello")));
  s.receive(answer(1).size());
  s.half_close();
  EXPECT_TRUE(s.closes(millis{3'000}));
  EXPECT_TRUE(eventually([&] { return service.closes == 1; }));
}

TEST_F(wire, the_outbox_of_a_gone_connection_takes_output_in_silence) {
  serve();
  auto c = connect();
  c->call_async("hold", "\x80", [](auto) {});
  auto held = service.await_held(1);
  ASSERT_EQ(held.size(), 1u);
  c.reset();
  ASSERT_TRUE(eventually([&] { return !held[0].out->open(); }));
  held[0].ok(0, "\x80");
  held[0].out->notify(0, "\x93\x02\xa1n\x90");
  server->stop();
  held[0].ok(0, "\x80");
  EXPECT_EQ(service.closes, 1u);
}

}  // namespace switchboard::e2e
