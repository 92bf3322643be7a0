#include "runtime/codec/frame_decoder.hpp"

#include <chrono>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <msgpack.hpp>

#include "runtime/codec/pack.hpp"
#include "runtime/codec/params.hpp"

namespace switchboard::codec {
namespace {

using kind = frame::kind;

std::string request(std::uint32_t msgid, std::string_view method, std::string_view params) {
  std::string out;
  begin_request(out, msgid, method);
  out.append(params);
  return out;
}

std::string text_params(std::size_t bytes) {
  packer p;
  field(p.map(1), "text", std::string(bytes, 't'));
  return p.take();
}

/// Everything the decoder says about `bytes`, given in pieces of `piece`.
struct outcome {
  std::vector<std::string> frames;
  std::optional<bad_frame> bad;
};

void collect(frame_decoder& d, outcome& out) {
  while (!out.bad) {
    auto next = d.next();
    if (!next) {
      out.bad = next.error();
      return;
    }
    if (!*next) return;
    auto& f = **next;
    auto line = std::to_string(static_cast<int>(f.what)) + " " + std::to_string(f.msgid) + " " +
                std::string(f.method);
    line += f.params ? packed(*f.params) : packed(*f.failure) + packed(*f.result);
    out.frames.push_back(line);
  }
}

outcome decode(const std::string& bytes, std::size_t piece = 1 << 20, frame_limits limits = {}) {
  frame_decoder d(limits);
  outcome out;
  for (std::size_t at = 0; at < bytes.size() && !out.bad; at += piece) {
    d.feed(std::string_view(bytes).substr(at, piece));
    collect(d, out);
  }
  return out;
}

void expect_refused(const std::string& bytes, errc code, std::string_view words,
                    std::optional<std::uint32_t> msgid) {
  for (std::size_t piece : {std::size_t{1}, std::size_t{3}, bytes.size()}) {
    auto out = decode(bytes, piece);
    ASSERT_TRUE(out.bad.has_value()) << "in pieces of " << piece;
    EXPECT_EQ(out.bad->why.code, code);
    EXPECT_NE(out.bad->why.message.find(words), std::string::npos) << out.bad->why.message;
    EXPECT_EQ(out.bad->msgid, msgid) << "in pieces of " << piece;
  }
}

TEST(frame_decoder, reads_each_kind_of_message) {
  packer p;
  p.array(4).integer(1).integer(9).nil().str("fine");
  p.array(4).integer(1).integer(10).map(0).nil();
  p.array(3).integer(2).str("session.typing").array(1).map(0);
  auto out = decode(request(7, "session.send", text_params(3)) + p.take());
  ASSERT_FALSE(out.bad) << out.bad->why.message;
  EXPECT_EQ(out.frames, (std::vector<std::string>{"0 7 session.send" + text_params(3),
                                                  "1 9 \xc0\xa4"
                                                  "fine",
                                                  "1 10 \x80\xc0", "2 0 session.typing\x80"}));
}

TEST(frame_decoder, takes_an_empty_params_array_as_one_empty_map) {
  packer p;
  p.array(4).integer(0).integer(1).str("agent.snapshot").array(0);
  EXPECT_EQ(decode(p.take()).frames, std::vector<std::string>{"0 1 agent.snapshot\x80"});
}

TEST(frame_decoder, takes_every_width_of_an_integer_including_signed_ones) {
  for (std::string msgid :
       {std::string("\x07"), std::string("\xcc\x07"), std::string("\xcd\0\x07", 3),
        std::string("\xce\0\0\0\x07", 5), std::string("\xcf\0\0\0\0\0\0\0\x07", 9),
        std::string("\xd0\x07"), std::string("\xd3\0\0\0\0\0\0\0\x07", 9)}) {
    EXPECT_EQ(decode("\x94" + std::string(1, '\0') + msgid + "\xa1m\x91\x80").frames,
              std::vector<std::string>{"0 7 m\x80"});
  }
}

TEST(frame_decoder, says_the_same_however_the_bytes_are_cut) {
  std::string stream;
  for (std::uint32_t i = 0; i < 40; ++i)
    stream += request(i * 7919, "session.send", text_params(i * 37));
  auto whole = decode(stream);
  ASSERT_EQ(whole.frames.size(), 40u);
  for (std::size_t piece : {1, 2, 3, 5, 64, 199, 4096})
    EXPECT_EQ(decode(stream, piece).frames, whole.frames) << piece;
}

TEST(frame_decoder, keeps_a_message_valid_until_the_next_is_asked_for) {
  frame_decoder d;
  d.feed(request(1, "a", text_params(10)) + request(2, "b", text_params(20)));
  auto first = d.next();
  ASSERT_TRUE(first && *first);
  EXPECT_EQ(packed(*(*first)->params), text_params(10));
  EXPECT_EQ((*first)->method, "a");
  auto second = d.next();
  ASSERT_TRUE(second && *second);
  EXPECT_EQ(packed(*(*second)->params), text_params(20));
  EXPECT_EQ(d.buffered(), 0u);
}

TEST(frame_decoder, waits_for_the_rest_of_a_truncated_message) {
  auto whole = request(1, "session.send", text_params(200));
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    auto out = decode(whole.substr(0, cut));
    EXPECT_TRUE(out.frames.empty() && !out.bad) << cut;
  }
}

TEST(frame_decoder, takes_a_message_of_exactly_the_limit_and_refuses_one_byte_more) {
  frame_limits limits;
  limits.message_bytes = 1000;
  auto overhead = request(1, "m", text_params(900)).size() - 900;
  auto exact = request(1, "m", text_params(1000 - overhead)),
       over = request(1, "m", text_params(1001 - overhead));
  ASSERT_EQ(exact.size(), 1000u);
  for (std::size_t piece : {1, 7, 5000}) {
    EXPECT_EQ(decode(exact + exact, piece, limits).frames.size(), 2u) << piece;
    auto out = decode(over, piece, limits);
    ASSERT_TRUE(out.bad) << piece;
    EXPECT_EQ(out.bad->why.code, errc::resource_exhausted);
    EXPECT_EQ(out.bad->msgid, 1u);
  }
}

TEST(frame_decoder, refuses_what_is_no_message_at_its_first_byte) {
  expect_refused("GET / HTTP/1.1\r\n", errc::invalid_argument, "[0, msgid, method, [map]]", {});
  expect_refused("\x16\x03\x01\x02", errc::invalid_argument, "[0, msgid, method, [map]]", {});
  expect_refused("\xc1", errc::invalid_argument, "0xc1", {});
  expect_refused("\x80", errc::invalid_argument, "[0, msgid, method, [map]]", {});
  expect_refused("\x92\x01", errc::invalid_argument, "got an array of 2", {});
}

TEST(frame_decoder, refuses_each_wrong_shape_saying_what_it_expected) {
  auto nul = std::string(1, '\0');
  expect_refused("\x94\x03", errc::invalid_argument, "must be 0, 1 or 2", {});
  expect_refused("\x94\xa1x", errc::invalid_argument, "must be 0, 1 or 2", {});
  expect_refused("\x93" + nul, errc::invalid_argument, "3 elements after type 0", {});
  expect_refused("\x94\x02", errc::invalid_argument, "4 elements after type 2", {});
  expect_refused("\x94" + nul + "\xff", errc::invalid_argument, "msgid", {});
  expect_refused("\x94" + nul + std::string("\xcf\0\0\0\1\0\0\0\0", 9), errc::invalid_argument,
                 "msgid", {});
  expect_refused("\x94" + nul + "\xa1x", errc::invalid_argument, "msgid", {});
  expect_refused("\x94" + nul + "\x05\x06", errc::invalid_argument, "method", 5u);
  expect_refused("\x94" + nul + "\x05\xa0", errc::invalid_argument, "method", 5u);
  expect_refused("\x94" + nul + "\x05\xc4\x01m", errc::invalid_argument, "method", 5u);
  expect_refused("\x94" + nul + "\x05\xa1m\x80", errc::invalid_argument, "params", 5u);
  expect_refused("\x94" + nul + "\x05\xa1m\xc0", errc::invalid_argument, "params", 5u);
  expect_refused("\x94" + nul + "\x05\xa1m\x92", errc::invalid_argument, "got 2 elements", 5u);
  expect_refused("\x94" + nul + "\x05\xa1m\x91\x01", errc::invalid_argument, "params", 5u);
  expect_refused("\x94" + nul + "\x05\xa1m\x91\x91", errc::invalid_argument, "params", 5u);
  expect_refused("\x93\x02\x05", errc::invalid_argument, "method", {});
  expect_refused("\x93\x02\xa1m\x80", errc::invalid_argument, "params", {});
}

TEST(frame_decoder, refuses_an_over_long_method_name) {
  expect_refused(request(3, std::string(129, 'm'), "\x80"), errc::invalid_argument, "method", 3u);
}

TEST(frame_decoder, refuses_deep_nesting_and_takes_the_deepest_allowed) {
  // The message's array, the params array and the map are three levels.
  auto nested = [](int levels) {
    std::string params = "\x81\xa1k";
    for (int i = 0; i < levels; ++i) params += '\x91';
    return request(4, "m", params + "\xc0");
  };
  EXPECT_EQ(decode(nested(13)).frames.size(), 1u);
  expect_refused(nested(14), errc::invalid_argument, "nested deeper than 16", 4u);
  expect_refused(nested(60'000), errc::invalid_argument, "nested deeper than 16", 4u);
  EXPECT_EQ(decode(nested(14), 1).bad->msgid, 4u);
}

TEST(frame_decoder, refuses_a_huge_declared_count_before_making_room_for_it) {
  auto in_map = [](const std::string& value) { return request(6, "m", "\x81\xa1k" + value); };
  expect_refused(in_map("\xdd\xff\xff\xff\xff"), errc::invalid_argument, "4294967295 declared", 6u);
  expect_refused(in_map("\xdf\xff\xff\xff\xff"), errc::invalid_argument, "4294967295 declared", 6u);
  expect_refused(in_map(std::string("\xdf\x80\0\0\0", 5)), errc::invalid_argument,
                 "2147483648 declared", 6u);
  expect_refused("\xdd\xff\xff\xff\xff", errc::invalid_argument, "got an array of 4294967295", {});
}

TEST(frame_decoder, refuses_many_arrays_that_are_too_much_together) {
  std::string value = "\xdc\x03\xe8";
  for (int i = 0; i < 1000; ++i) value += std::string("\xdc\0\x3c", 3) + std::string(60, '\xc0');
  expect_refused(request(6, "m", "\x81\xa1k" + value), errc::invalid_argument, "too many elements",
                 6u);
}

TEST(frame_decoder, holds_no_more_than_came_when_a_huge_text_is_declared) {
  frame_decoder d;
  d.feed(request(8, "m", std::string("\x81\xa1k\xdb\xff\xff\xff\xff", 8)));
  auto waits = d.next();
  ASSERT_TRUE(waits && !*waits);
  EXPECT_LT(d.prepare(1).size(), 4096u);
  d.feed(std::string(64 * 1024, 'x'));
  auto refused = d.next();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().why.code, errc::resource_exhausted);
  EXPECT_EQ(refused.error().msgid, 8u);
}

TEST(frame_decoder, says_nothing_new_after_a_bad_message) {
  frame_decoder d;
  d.feed("x" + request(1, "m", "\x80"));
  EXPECT_FALSE(d.next());
  d.feed(request(2, "m", "\x80"));
  auto again = d.next();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().msgid, std::nullopt);
}

TEST(frame_decoder, hands_out_the_good_messages_before_a_bad_one) {
  auto out = decode(request(1, "m", "\x80") + request(2, "m", "\x80") + "\xc1");
  EXPECT_EQ(out.frames.size(), 2u);
  EXPECT_TRUE(out.bad);
}

TEST(frame_decoder, may_be_trusted_with_more_after_hello) {
  frame_limits small;
  small.message_bytes = 100;
  frame_decoder d(small);
  d.feed(request(1, "hello", text_params(10)));
  ASSERT_TRUE(d.next().value());
  d.limit({});
  d.feed(request(2, "m", text_params(5'000)));
  EXPECT_TRUE(d.next().value());
}

TEST(frame_decoder, gives_its_buffer_back_when_idle) {
  frame_decoder d;
  d.feed(request(1, "m", text_params(40'000)));
  ASSERT_TRUE(d.next().value());
  d.shrink(4096);
  EXPECT_EQ(d.next().value(), nullptr);
  EXPECT_LE(d.prepare(1024).size(), 4096u);
}

// Quadratic work would be 64 Ki * 64 Ki / 2 = 2 G element visits, some ten seconds; linear is a few
// milliseconds.
TEST(frame_decoder, reads_a_slow_trickle_of_many_small_elements_in_linear_time) {
  std::string params = "\x81\xa1k\xdc\x3a\x98";
  for (int i = 0; i < 15'000; ++i) params += "\xcc\xff";
  auto stream = request(1, "m", params);
  auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(decode(stream, 1).frames.size(), 1u);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(500));
}

TEST(frame_decoder, survives_random_bytes_and_random_damage) {
  std::mt19937 rng(20240117);
  auto good =
      request(1, "session.send", text_params(60)) + request(2, "session.read", text_params(3));
  for (int round = 0; round < 20'000; ++round) {
    auto bytes = good;
    for (auto n = rng() % 4 + 1; n > 0; --n) bytes[rng() % bytes.size()] = static_cast<char>(rng());
    auto whole = decode(bytes), cut = decode(bytes, rng() % 7 + 1);
    ASSERT_EQ(whole.frames, cut.frames) << "round " << round;
    ASSERT_EQ(whole.bad.has_value(), cut.bad.has_value()) << "round " << round;
    ASSERT_EQ(whole.bad ? whole.bad->msgid : std::nullopt, cut.bad ? cut.bad->msgid : std::nullopt)
        << "round " << round;
  }
}

TEST(frame_writing, is_what_the_decoder_reads) {
  std::string out;
  begin_result(out, 70'000);
  out += "\xa2ok";
  append_failure(out, 5, "\x80");
  begin_notification(out, "session.event");
  out += '\x80';
  EXPECT_EQ(decode(out).frames, (std::vector<std::string>{"1 70000 \xc0\xa2ok", "1 5 \x80\xc0",
                                                          "2 0 session.event\x80"}));
}

}  // namespace
}  // namespace switchboard::codec
