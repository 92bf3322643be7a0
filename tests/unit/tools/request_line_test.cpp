#include <gtest/gtest.h>

#include "tools/demo/demo_script.hpp"
#include "tools/switchboard-channel/chat_line.hpp"
#include "tools/switchboard-channel/push_command.hpp"

namespace switchboard {
namespace {

using channel_tool::reading_place;
using channel_tool::request_of;

constexpr auto line =
    R"({"request_id":"r1","channel":"app","customer":{"id":"c1","name":"曾黎"},"intent":"refund",)"
    R"("turns":[{"from":"customer","text":"漏水"},{"from":"agent","text":"您好"}],"rating":5})";

TEST(request_line, a_pushed_request_takes_the_first_turn_as_its_message) {
  auto request = request_of(line, "app");
  ASSERT_TRUE(request);
  EXPECT_EQ((*request)["message"]["body"]["text"], "漏水");
  EXPECT_FALSE(request->contains("turns"));
  EXPECT_FALSE(request->contains("rating"));
}

TEST(request_line, a_line_nested_without_end_is_refused_and_not_followed_down) {
  std::string deep = R"({"request_id":"r1","customer":{"id":"c1"},"attributes":)";
  deep += std::string(400'000, '[') + std::string(400'000, ']') + '}';
  EXPECT_FALSE(request_of(deep, "app"));
}

TEST(push_progress, a_run_that_stops_goes_on_at_the_first_line_without_an_answer) {
  channel_tool::push_progress p;
  for (auto line : {1u, 2u, 5u, 6u}) p.sent(line);
  p.answered(1);
  p.answered(5);
  EXPECT_EQ(p.go_on_at(6), 2u);
  p.answered(2);
  EXPECT_EQ(p.go_on_at(6), 6u);
  p.answered(6);
  EXPECT_EQ(p.go_on_at(6), 7u);
  EXPECT_EQ(channel_tool::push_progress().go_on_at(0), 1u);
}

TEST(request_line, a_line_of_another_channel_is_skipped) {
  auto request = request_of(line, "web");
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->empty());
}

TEST(request_line, a_line_without_what_must_be_there_is_refused_by_name) {
  EXPECT_EQ(request_of("[1]", "app").error(), "no JSON object");
  EXPECT_EQ(request_of("{\"request_id\":", "app").error(), "no JSON object");
  EXPECT_EQ(request_of("{}", "app").error(), "request_id: missing");
  EXPECT_EQ(request_of(R"({"request_id":"r"})", "app").error(), "customer.id: missing");
}

TEST(request_line, a_visit_keeps_what_both_sides_say_apart_from_the_request) {
  auto visit = demo::parse_visit(line);
  ASSERT_TRUE(visit);
  EXPECT_EQ(visit->turns.size(), 2u);
  EXPECT_TRUE(visit->turns[1].by_agent);
  EXPECT_EQ(visit->rating, 5);
  EXPECT_EQ(visit->customer_name, "曾黎");
  EXPECT_FALSE(visit->request.contains("turns"));
  EXPECT_EQ(visit->request["intent"], "refund");
}

TEST(request_line, a_visit_begins_with_the_customer) {
  auto read = demo::parse_visit(
      R"({"request_id":"r","channel":"app","customer":{"id":"c"},"turns":[{"from":"agent","text":"x"}]})");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error(), "turns: expected to begin with the customer's");
}

TEST(reading_place, takes_each_event_once_and_notices_a_gap) {
  reading_place place;
  EXPECT_EQ(place.take("s", 1, 0), reading_place::verdict::next);
  EXPECT_EQ(place.take("s", 3, 1), reading_place::verdict::next);
  EXPECT_EQ(place.take("s", 3, 1), reading_place::verdict::repeated);
  EXPECT_EQ(place.take("s", 6, 5), reading_place::verdict::gap);
  EXPECT_EQ(place.last("s"), 3u);
  EXPECT_EQ(place.take("s", 5, 3), reading_place::verdict::next);
  EXPECT_EQ(place.last("other"), 0u);
}

}  // namespace
}  // namespace switchboard
