#include "tools/switchboardctl/envelope.hpp"

#include <gtest/gtest.h>

namespace switchboard::ctl {
namespace {

TEST(envelope, success_holds_the_data_on_one_line) {
  outcome what = report{{{"node", "demo"}, {"note", "两\n行"}}, "text"};
  EXPECT_EQ(envelope(what),
            "{\"version\":1,\"ok\":true,\"data\":{\"node\":\"demo\",\"note\":\"两\\n行\"}}\n");
}

TEST(envelope, failure_holds_code_message_and_details) {
  failure why{exit_code::failed, "not_found", "no such session", {{"field", "session_id"}}, {}};
  EXPECT_EQ(envelope(tl::unexpected(why)),
            "{\"version\":1,\"ok\":false,\"error\":{\"code\":\"not_found\",\"message\":\"no such "
            "session\",\"field\":\"session_id\"}}\n");
}

TEST(envelope, details_cannot_take_the_place_of_the_code) {
  failure why{exit_code::failed, "not_found", "gone", {{"code", "other"}}, {}};
  auto read = json::parse(envelope(tl::unexpected(why)));
  EXPECT_EQ(read["error"]["code"], "not_found");
}

TEST(envelope, text_that_is_no_utf8_is_replaced_and_does_not_throw) {
  outcome what = report{{{"name", "a\xff"}}, ""};
  EXPECT_NE(envelope(what).find("\uFFFD"), std::string::npos);
}

TEST(envelope, a_late_answer_has_its_own_exit_code) {
  error late{errc::deadline_exceeded, "no answer in time", {}, {}, 0};
  EXPECT_EQ(failure_of(late).exit, exit_code::timed_out);
  error refused{errc::failed_precondition, "too old", {}, "first_seq", 12};
  auto why = failure_of(refused);
  EXPECT_EQ(why.exit, exit_code::failed);
  EXPECT_EQ(why.details["first_seq"], 12);
}

TEST(envelope, people_read_each_error_on_a_line_of_its_own) {
  failure why{exit_code::failed, "invalid_argument", "nothing was imported", {}, {}};
  why.details["errors"] = {"m.csv:2: phone: expected digits", "m.csv:3: name: \x1b[2J"};
  EXPECT_EQ(failure_text(why),
            "switchboardctl: nothing was imported\nm.csv:2: phone: expected digits\n"
            "m.csv:3: name:  [2J\n");
}

TEST(envelope, the_number_of_a_daemon_s_errors_is_no_line_of_its_own) {
  const error e{errc::invalid_argument, "d.yaml:5: rules[0]: no", "text", "errors", 1};
  EXPECT_EQ(failure_text(failure_of(e)), "switchboardctl: d.yaml:5: rules[0]: no\n");
}

}  // namespace
}  // namespace switchboard::ctl
