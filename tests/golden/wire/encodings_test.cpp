#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <msgpack.hpp>

#include "actors/session/session_codec.hpp"
#include "adapters/channel/gateway/request_reader.hpp"
#include "runtime/codec/frame_decoder.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard {
namespace {

std::string from_hex(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return out;
}

std::string send_with(const std::string& value) {
  codec::packer body;
  body.map(2).str("text").str("t").str("value").raw(value);
  std::string frame;
  codec::begin_request(frame, 1, "session.send");
  codec::packer p(frame);
  p.map(4);
  field(p, "session_id", "s");
  field(p, "client_msg_id", "m1");
  field(p, "type", "text");
  p.str("body").raw(body.view());
  return frame;
}

/// The value as it stands in the event that readers get, or why the request is refused.
std::string delivered(const std::string& value) {
  codec::frame_decoder decoder;
  decoder.feed(send_with(value));
  auto frame = decoder.next();
  if (!frame) return "bad frame: " + frame.error().why.message;
  if (!*frame) return "incomplete";
  if ((*frame)->wrong) return (*frame)->wrong->message;
  codec::params p(*(*frame)->params);
  auto content = gateway_reading::message(p);
  if (!p.ok()) return p.why().message;
  session_event e;
  e.what =
      event::message{1, {"customer", "c1", ""}, content.type, content.body, content.client_msg_id};
  std::string stored, map;
  session_codec::encode(e, stored);
  session_codec::for_each(
      stored, [&](auto& s) { session_codec::append_event_map(map, {}, reader::customer, s); });
  const std::string before =
                        "\xa4"
                        "body\x82\xa4text\xa1t\xa5value",
                    after =
                        "\xad"
                        "client_msg_id";
  auto from = map.find(before), to = map.find(after);
  if (from == std::string::npos || to == std::string::npos) return "no such field in the event";
  from += before.size();
  return map.substr(from, to - from);
}

TEST(encodings, of_a_bodys_value_are_delivered_as_the_type_that_was_sent_or_refused_by_name) {
  std::ifstream file("tests/golden/wire/encodings.txt");
  int seen = 0, refused = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    ++seen;
    auto bar = line.find(" | ");
    ASSERT_NE(bar, std::string::npos) << line;
    auto sent = from_hex(line.substr(0, bar)), expected = line.substr(bar + 3);
    auto got = delivered(sent);
    if (expected.find(' ') == std::string::npos) {
      EXPECT_EQ(got, from_hex(expected)) << line;
    } else {
      ++refused;
      EXPECT_TRUE(got.starts_with("body.value: ")) << line << ": " << got;
      EXPECT_NE(got.find(expected), std::string::npos) << line << ": " << got;
    }
  }
  EXPECT_EQ(seen, 233);
  EXPECT_EQ(refused, 36);
}

}  // namespace
}  // namespace switchboard
