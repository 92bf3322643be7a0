#include <cmath>

#include <gtest/gtest.h>
#include <msgpack.hpp>

#include "runtime/codec/frame_decoder.hpp"
#include "runtime/codec/pack.hpp"

/// What the frame decoder finds in the params of a message that is whole, at whatever depth.
namespace switchboard::codec {
namespace {

using std::string_literals::operator""s;

std::string request(std::string_view params, std::string_view method = "session.send") {
  std::string out;
  begin_request(out, 7, method);
  out.append(params);
  return out;
}

/// "field|message" of what is wrong, or "" where nothing is; the frame itself must be taken, whole
/// or in pieces.
std::string wrong(const std::string& frame_bytes, std::size_t piece = 1 << 20) {
  frame_decoder d;
  for (std::size_t at = 0; at < frame_bytes.size(); at += piece) {
    d.feed(std::string_view(frame_bytes).substr(at, piece));
    auto f = d.next();
    if (!f) return "bad frame: " + f.error().why.message;
    if (!*f) continue;
    if (!(*f)->wrong) return {};
    EXPECT_EQ((*f)->msgid, 7u);
    EXPECT_EQ((*f)->wrong->code, errc::invalid_argument);
    return (*f)->wrong->field + "|" + (*f)->wrong->message;
  }
  return "incomplete";
}

std::string in_body(const std::string& value) {
  return "\x82\xa4"
         "body\x82\xa4text\xa1t\xa1x" +
         value + "\xa4type\xa4text";
}

void expect_wrong(const std::string& params, const std::string& field, const std::string& why) {
  EXPECT_EQ(wrong(request(params)), field + "|" + field + ": " + why);
  EXPECT_EQ(wrong(request(params), 3), field + "|" + field + ": " + why) << "in pieces";
}

TEST(wire_content, what_every_client_can_read_is_taken) {
  EXPECT_EQ(wrong(request("\x80")), "");
  EXPECT_EQ(wrong(request(in_body("\x95\xc0\xc3\xcb\x3f\xf0\0\0\0\0\0\0\xc4\x01\xff\xa6你好"s))),
            "");
  EXPECT_EQ(wrong(request(in_body("\xcf\0\x20\0\0\0\0\0\0"s))), "");
}

TEST(wire_content, text_that_is_no_utf8_is_named_by_its_field_however_deep) {
  expect_wrong(
      "\x81\xa4"
      "note\xa1\xff",
      "note", "is not UTF-8");
  expect_wrong(in_body("\xa1\xff"), "body.x", "is not UTF-8");
  expect_wrong(in_body("\x92\x01\x82\xa1"
                       "a\x01\xa1"
                       "b\xa2\xed\xa0"),
               "body.x.1.b", "is not UTF-8");
  expect_wrong(
      "\x81\xa3"
      "add\x92\xa1"
      "a\xa1\x80",
      "add.1", "is not UTF-8");
}

TEST(wire_content, keys_that_are_no_text_name_the_map_they_are_in) {
  expect_wrong("\x81\x05\x01", "params", "expected keys of text");
  expect_wrong(in_body("\x81\x05\x01"), "body.x", "expected keys of text");
  expect_wrong(in_body("\x81\xc4\x01k\x01"), "body.x", "expected keys of text");
  expect_wrong(in_body("\x81\x91\x01\x01"), "body.x", "expected keys of text");
  expect_wrong(in_body("\x81\xa1\xff\x01"), "body.x", "is not UTF-8");
}

TEST(wire_content, a_key_given_twice_is_refused_since_readers_would_take_different_values) {
  expect_wrong(
      "\x82\xa1"
      "a\x01\xa1"
      "a\x02",
      "a", "is there twice");
  expect_wrong(in_body("\x83\xa1"
                       "a\x01\xa1"
                       "b\x01\xa1"
                       "a\x02"),
               "body.x.a", "is there twice");
  std::string many = "\xde\x01\x2c"s;
  for (int i = 0; i < 300; ++i) many += "\xa4" + std::to_string(1000 + (i == 299 ? 7 : i)) + "\x01";
  expect_wrong(in_body(many), "body.x.1007", "is there twice");
}

TEST(wire_content, extension_types_are_refused) {
  const std::string why =
      "is of an extension type, and the wire has none; a time is an integer of milliseconds";
  expect_wrong(in_body("\xd4\x05\x01"), "body.x", why);
  expect_wrong(in_body("\xd6\xff\0\0\0\1"s), "body.x", why);
  expect_wrong(in_body("\xc7\0\1"s), "body.x", why);
}

TEST(wire_content, numbers_that_are_not_finite_are_refused) {
  expect_wrong(in_body("\xcb\x7f\xf8\0\0\0\0\0\0"s), "body.x", "is no finite number");
  expect_wrong(in_body("\xcb\xff\xf0\0\0\0\0\0\0"s), "body.x", "is no finite number");
  expect_wrong(in_body("\xca\x7f\xc0\0\0"s), "body.x", "is no finite number");
}

TEST(wire_content, integers_beyond_two_to_the_53_are_refused) {
  const std::string why = "expected an integer from -9007199254740992 to 9007199254740992";
  expect_wrong(in_body("\xcf\0\x20\0\0\0\0\0\1"s), "body.x", why);
  expect_wrong(in_body("\xd3\xff\xdf\xff\xff\xff\xff\xff\xff"s), "body.x", why);
  expect_wrong(
      "\x81\xa5"
      "after\xcf\xff\xff\xff\xff\xff\xff\xff\xff",
      "after", why);
}

TEST(wire_content, the_first_of_several_faults_is_named_and_the_stream_goes_on) {
  auto twice = request(
                   "\x82\xa1"
                   "a\xa1\xff\xa1"
                   "b\xd4\1\1") +
               request("\x80");
  frame_decoder d;
  d.feed(twice);
  auto first = d.next();
  ASSERT_TRUE(first && *first && (*first)->wrong);
  EXPECT_EQ((*first)->wrong->field, "a");
  auto second = d.next();
  ASSERT_TRUE(second && *second);
  EXPECT_EQ((*second)->wrong, nullptr);
}

TEST(wire_content, a_method_that_is_no_utf8_is_refused_and_a_long_way_is_cut) {
  EXPECT_EQ(wrong(request("\x80", "a\xff")), "method|method: is not UTF-8");
  std::string deep;
  for (int i = 0; i < 12; ++i) deep += "\x81\xd9\x41" + std::string(65, 'k');
  auto said = wrong(request(deep + "\xa1\xff"));
  EXPECT_LT(said.size(), 1000u);
  EXPECT_TRUE(said.starts_with(std::string(64, 'k') + "." + std::string(64, 'k') + "."));
}

TEST(wire_content, answers_of_a_server_are_not_judged) {
  std::string bytes;
  begin_result(bytes, 7);
  bytes += "\xa1\xff";
  frame_decoder d;
  d.feed(bytes);
  auto f = d.next();
  ASSERT_TRUE(f && *f);
  EXPECT_EQ((*f)->wrong, nullptr);
}

}  // namespace
}  // namespace switchboard::codec
