#include "adapters/web/response_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::web {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(response_text, says_status_length_and_body) {
  auto text = text_of(plain(503, "not ready: the disk is full"), {});
  EXPECT_THAT(text, StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nContent-Length: 28\r\n"));
  EXPECT_THAT(text, EndsWith("\r\n\r\nnot ready: the disk is full\n"));
  EXPECT_THAT(text, Not(HasSubstr("Connection")));
}

TEST(response_text, to_head_it_says_the_length_of_a_body_that_is_not_sent) {
  auto text = text_of(plain(200, "ok"), {.head_only = true});
  EXPECT_THAT(text, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_THAT(text, EndsWith("\r\n\r\n"));
}

TEST(response_text, says_whether_another_request_may_follow) {
  EXPECT_THAT(text_of(plain(200, "ok"), {.keep_alive = false}), HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(text_of(plain(200, "ok"), {.version = 10}), HasSubstr("Connection: keep-alive\r\n"));
}

TEST(response_text, a_header_with_a_line_end_is_left_out) {
  auto r = plain(200, "ok");
  r.headers = {{"Location", "/a\r\nSet-Cookie: x=1"}, {"X-Good", "yes"}, {"Bad\n", "z"}};
  auto text = text_of(r, {});
  EXPECT_THAT(text, Not(HasSubstr("Set-Cookie")));
  EXPECT_THAT(text, Not(HasSubstr("Bad")));
  EXPECT_THAT(text, HasSubstr("X-Good: yes\r\n"));
}

}  // namespace
}  // namespace switchboard::web
