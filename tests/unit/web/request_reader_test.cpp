#include "adapters/web/request_reader.hpp"

#include <gtest/gtest.h>

namespace switchboard::web {
namespace {

using state = request_reader::state;

struct reading : testing::Test {
  request_reader reader{{.header_bytes = 1024, .body_bytes = 512}};

  /// What a whole text comes to, given byte by byte.
  state trickled(std::string_view text) {
    auto at = state::more;
    for (auto& c : text) {
      if (at = reader.read({&c, 1}); at != state::more) break;
    }
    return at;
  }
  /// The status of a text that is refused, given at once; 0 where it is not.
  static unsigned refused(std::string_view text) {
    request_reader fresh({.header_bytes = 1024, .body_bytes = 512});
    return fresh.read(text) == state::bad ? fresh.status() : 0;
  }
};

TEST_F(reading, a_request_is_whole_whether_it_comes_at_once_or_byte_by_byte) {
  constexpr std::string_view text =
      "GET /metrics?name=a HTTP/1.1\r\nHost: x\r\nAccept: text/plain\r\n\r\n";
  for (bool slowly : {false, true}) {
    request_reader::state at = slowly ? trickled(text) : reader.read(text);
    ASSERT_EQ(at, state::complete);
    auto r = reader.take();
    EXPECT_EQ(r.method, "GET");
    EXPECT_EQ(r.path, "/metrics");
    EXPECT_EQ(r.query, "name=a");
    EXPECT_EQ(r.header("accept"), "text/plain");
    EXPECT_TRUE(reader.keep_alive());
    EXPECT_FALSE(reader.begun());
  }
}

TEST_F(reading, requests_sent_without_waiting_come_out_one_after_the_other) {
  ASSERT_EQ(reader.read("\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: "
                        "x\r\nContent-Length: 2\r\n\r\nhiGET /c"),
            state::complete);
  EXPECT_EQ(reader.take().path, "/a");
  ASSERT_EQ(reader.read({}), state::complete);
  EXPECT_EQ(reader.take().body, "hi");
  EXPECT_EQ(reader.read({}), state::more);
  EXPECT_TRUE(reader.begun());
  ASSERT_EQ(reader.read(" HTTP/1.0\r\n\r\n"), state::complete);
  EXPECT_EQ(reader.take().path, "/c");
  EXPECT_FALSE(reader.keep_alive());
  EXPECT_EQ(reader.version(), 10u);
}

TEST_F(reading, a_chunked_body_is_joined) {
  ASSERT_EQ(trickled("POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
                     "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
            state::complete);
  EXPECT_EQ(reader.take().body, "abcde");
}

TEST_F(reading, a_target_by_way_of_a_proxy_is_its_path) {
  ASSERT_EQ(reader.read("GET http://host:1/a?b HTTP/1.1\r\nHost: host:1\r\n\r\n"), state::complete);
  auto r = reader.take();
  EXPECT_EQ(r.path, "/a");
  EXPECT_EQ(r.query, "b");
}

TEST_F(reading, what_is_longer_than_the_limits_is_refused_before_it_is_held) {
  EXPECT_EQ(refused("GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(2'000, 'a')), 431u);
  EXPECT_EQ(refused("GET /" + std::string(2'000, 'a')), 431u);
  EXPECT_EQ(refused("GET / HTTP/1.1\r\n" + std::string(500, 'a') + ": b\r\n" +
                    std::string(600, 'c') + ": d\r\n"),
            431u);
  EXPECT_EQ(refused("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 513\r\n\r\n"), 413u);
  std::string chunks = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 60; ++i) chunks += "a\r\n0123456789\r\n";
  EXPECT_EQ(refused(chunks), 413u);
  std::string extended = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 60; ++i) extended += "1;" + std::string(100, 'e') + "\r\nx\r\n";
  EXPECT_EQ(refused(extended), 413u) << "what surrounds a body is bounded too";
}

TEST_F(reading, what_is_no_request_is_refused) {
  EXPECT_EQ(refused("\x16\x03\x01\x02 hello of TLS\r\n\r\n"), 400u);
  EXPECT_EQ(refused("GET / HTTP/2.0\r\n\r\n"), 505u);
  EXPECT_EQ(refused("GET HTTP/1.1\r\n\r\n"), 400u);
  EXPECT_EQ(refused("GET relative HTTP/1.1\r\nHost: x\r\n\r\n"), 400u);
  EXPECT_EQ(refused("GET / HTTP/1.1\r\n\r\n"), 400u) << "no host";
  EXPECT_EQ(refused("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"), 400u);
  EXPECT_EQ(refused("GET / HTTP/1.1\r\nHost : x\r\n\r\n"), 400u);
  EXPECT_EQ(refused("GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n"), 0u)
      << "obsolete folding is one value";
}

TEST_F(reading, two_ways_to_tell_a_bodys_length_are_refused) {
  EXPECT_NE(refused("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: "
                    "chunked\r\n\r\n0\r\n\r\n"),
            0u);
  EXPECT_NE(
      refused("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
      0u);
  EXPECT_NE(refused("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"), 0u);
}

TEST_F(reading, after_a_bad_one_nothing_more_is_read) {
  ASSERT_EQ(reader.read("nonsense\r\n\r\n"), state::bad);
  EXPECT_EQ(reader.read("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), state::bad);
}

}  // namespace
}  // namespace switchboard::web
