#include "tools/switchboardctl/inspection/activity_reading.hpp"

#include <gtest/gtest.h>

#include "runtime/hosting/span_histogram.hpp"

namespace switchboard::ctl {
namespace {

json answer(std::int64_t at_us, std::int64_t handled, std::int64_t work_us, json work) {
  return {{"at_us", at_us},
          {"ns_per_tick", 0.5},
          {"waiting_jobs", 3},
          {"workers", {{{"busy_us", 300'000}, {"kind", "router"}, {"message", "route_request"}}}},
          {"living", {{"session", 12}, {"agent", 0}}},
          {"messages",
           {{{"kind", "session"},
             {"message", "send_message"},
             {"handled", handled},
             {"failed", 1},
             {"work_us", work_us},
             {"work", std::move(work)},
             {"wait", json::array()}}}},
          {"busiest", {{"window_us", 0}, {"actors", json::array()}}}};
}

TEST(activity_reading, what_is_shown_is_the_difference_of_two_answers) {
  const auto low = span_histogram::bucket_of(20'000), high = span_histogram::bucket_of(4'000'000);
  const auto a = activity_between(answer(1'000'000, 50, 10'000, {low, 50}),
                                  answer(3'000'000, 1'050, 410'000, {low, 950, high, 100}));
  EXPECT_DOUBLE_EQ(a.seconds, 2);
  ASSERT_EQ(a.kinds.size(), 1u);
  EXPECT_EQ(a.kinds[0].kind, "session");
  EXPECT_EQ(a.kinds[0].living, 12);
  EXPECT_EQ(a.kinds[0].failed, 0);
  EXPECT_DOUBLE_EQ(a.kinds[0].per_second, 500);
  EXPECT_DOUBLE_EQ(a.kinds[0].share, 0.2);
  // 900 of 1,000 lie where 20,000 ticks of half a nanosecond lie, the rest at 2 ms.
  EXPECT_NEAR(a.kinds[0].work.p50, 10, 3);
  EXPECT_NEAR(a.kinds[0].work.p99, 2'000, 600);
  EXPECT_LT(a.kinds[0].wait.p50, 0);
  EXPECT_EQ(a.messages.at(0).message, "send_message");
  EXPECT_EQ(a.threads.at(0).message, "route_request");
}

TEST(activity_reading, a_daemon_that_began_anew_is_counted_from_its_start) {
  const auto a = activity_between(answer(90'000'000, 70'000, 1, json::array()),
                                  answer(500'000, 100, 1, json::array()));
  EXPECT_DOUBLE_EQ(a.seconds, 0.5);
  EXPECT_DOUBLE_EQ(a.kinds.at(0).per_second, 200);
}

TEST(activity_reading, an_answer_that_lacks_everything_is_no_crash) {
  EXPECT_TRUE(activity_between(json(), json::object()).kinds.empty());
  EXPECT_TRUE(activity_between(json::object(), {{"messages", 7}, {"busiest", "x"}}).kinds.empty());
}

TEST(activity_reading, spans_of_time_take_few_columns) {
  EXPECT_EQ(latency_text(-1), "-");
  EXPECT_EQ(latency_text(80.4), "80us");
  EXPECT_EQ(latency_text(1'940), "1.9ms");
  EXPECT_EQ(latency_text(41'000), "41ms");
  EXPECT_EQ(latency_text(2'340'000), "2.3s");
}

}  // namespace
}  // namespace switchboard::ctl
