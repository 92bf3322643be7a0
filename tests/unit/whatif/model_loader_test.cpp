#include "tools/whatif/model_loader.hpp"

#include <cstdio>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model_fixture.hpp"

namespace switchboard::whatif_testing {
namespace {

using ::testing::HasSubstr;

const std::string one = "requests: [{name: r, handle: 5m}]\n";

TEST(model_file, an_unknown_key_is_refused_with_its_line_and_the_one_perhaps_meant) {
  EXPECT_EQ(errors_of("lenght: 3h\n" + one),
            "model.yaml:1: lenght: unknown key; did you mean \"length\"?\n");
  EXPECT_EQ(errors_of("requests:\n  - {name: r, handle: 5m, patiense: 3m}\n"),
            "model.yaml:2: requests[0].patiense: unknown key; did you mean \"patience\"?\n");
  EXPECT_THAT(errors_of(one + "agents: {accept: 4s}\n"), HasSubstr("model.yaml:2: agents.accept:"));
}

TEST(model_file, names_that_nobody_declared_are_refused) {
  EXPECT_THAT(errors_of(one + "staffing: [{agents: [c], hours: \"08:00-17:00\"}]\n"),
              HasSubstr("staffing[0].agents[0]: unknown agent \"c\""));
  EXPECT_THAT(errors_of(one + "staffing: [{group: q, online: 1}]\n"), HasSubstr("unknown group"));
  EXPECT_THAT(errors_of("requests: [{name: r, handle: 5m, channel: apq}]\n"),
              HasSubstr("unknown channel \"apq\"; did you mean \"app\"?"));
  EXPECT_THAT(errors_of(one + "hire: [{like: zed}]\n"), HasSubstr("unknown agent"));
  EXPECT_THAT(errors_of(one + "agents: {speed: {z: 2}}\n"), HasSubstr("unknown agent"));
}

TEST(model_file, what_cannot_be_is_refused) {
  EXPECT_THAT(errors_of(""), HasSubstr("\"requests\" is missing"));
  EXPECT_THAT(errors_of("requests: []\n"), HasSubstr("nobody asks"));
  EXPECT_THAT(errors_of("requests: [{name: r}]\n"), HasSubstr("\"handle\" is missing"));
  EXPECT_THAT(errors_of("requests: [{name: r, handle: 5m, per_hour: [1, 2]}]\n"),
              HasSubstr("expected one number, or 24"));
  EXPECT_THAT(errors_of("requests: [{name: r, handle: {mean: 5m, cv: 2}}]\n"),
              HasSubstr("only lognormal has one"));
  EXPECT_THAT(errors_of("start: \"2026-13-02 08:00\"\n" + one),
              HasSubstr("expected a day and time"));
  EXPECT_THAT(errors_of("timezone: Asia/Shangai\n" + one), HasSubstr("Asia/Shanghai"));
  EXPECT_THAT(errors_of("length: 1h\nwarm_up: 1h\n" + one), HasSubstr("warm_up"));
  EXPECT_THAT(errors_of(one + "staffing: [{group: g, online: 3}]\n"),
              HasSubstr("\"g\" has only 2 agents"));
  EXPECT_THAT(errors_of("requests: [{name: r, handle: 5m}, {name: r, handle: 5m}]\n"),
              HasSubstr("declared twice"));
}

TEST(model_file, start_is_what_the_clock_on_the_contact_centers_wall_shows) {
  const auto m = model_of("start: \"2026-11-02 08:30\"\ntimezone: Asia/Shanghai\n" + one);
  EXPECT_EQ(unix_ms(m.start), 1'793'579'400'000);  // 2026-11-02T00:30:00Z
  EXPECT_EQ(m.start_minute, 8 * 60 + 30);
  // New York had changed its clocks the day before.
  const auto n = model_of("start: \"2026-11-02 08:30\"\ntimezone: America/New_York\n" + one);
  EXPECT_EQ(unix_ms(n.start), 1'793'626'200'000);  // 13:30Z
}

TEST(model_file, hires_are_copies_and_work_the_hours_of_whom_they_are_like) {
  const auto m = model_of(one +
                          "hire: [{like: a, count: 2}]\n"
                          "staffing: [{agents: [a], hours: [\"08:00-12:00\", \"11:00-17:00\"]}]\n");
  ASSERT_EQ(m.dispatch.agents.size(), 4u);
  EXPECT_EQ(m.dispatch.agents[3].id.value, "a_3");
  for (std::size_t i : {0u, 2u, 3u}) {
    ASSERT_EQ(m.hours[i].size(), 1u) << i;
    EXPECT_EQ(m.hours[i][0].from_minute, 480);
    EXPECT_EQ(m.hours[i][0].to_minute, 1020);
  }
  EXPECT_TRUE(m.hours[1].empty());
}

TEST(model_file, so_many_of_a_group_are_there_in_each_hour) {
  const auto m =
      model_of(one +
               "staffing: [{group: g, online: [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 1, 0, 0, "
               "0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}]\n");
  ASSERT_EQ(m.hours[0].size(), 1u);
  EXPECT_EQ(m.hours[0][0].from_minute, 480);
  EXPECT_EQ(m.hours[0][0].to_minute, 720);
  ASSERT_EQ(m.hours[1].size(), 1u);
  EXPECT_EQ(m.hours[1][0].from_minute, 540);
  EXPECT_EQ(m.hours[1][0].to_minute, 660);
}

class record : public ::testing::Test {
 protected:
  record() : path_(::testing::TempDir() + "whatif_record_test.csv") {}
  ~record() override { std::remove(path_.c_str()); }
  std::string errors(const std::string& csv) {
    std::ofstream(path_, std::ios::binary) << csv;
    return errors_of(one + "recorded: " + path_ + "\n");
  }
  std::string path_;
};

TEST_F(record, is_read_with_seconds_times_and_durations) {
  ASSERT_EQ(errors("request,at,handle,patience\nr,90,5m30s,\nr,2026-11-02 00:01:00,,12.5\n"), "");
  const auto m = model_of(one + "recorded: " + path_ + "\n");
  ASSERT_EQ(m.recorded.size(), 2u);
  EXPECT_EQ(m.recorded[0].at_ms, 60'000);
  EXPECT_EQ(m.recorded[0].patience_ms, 12'500);
  EXPECT_EQ(m.recorded[1].handle_ms, 330'000);
  EXPECT_LT(m.recorded[1].patience_ms, 0);
}

TEST_F(record, mistakes_name_file_line_and_column) {
  EXPECT_EQ(errors("at,request\n5,q\nsoon,r\n"),
            "whatif_record_test.csv:2: request: unknown request \"q\"; did you mean \"r\"?\n"
            "whatif_record_test.csv:3: at: expected seconds since the start, or \"2026-11-02 "
            "08:00:05\"\n");
  EXPECT_THAT(errors("at,reqest\n"), HasSubstr("did you mean \"request\"?"));
  EXPECT_THAT(errors("at,request\n"), HasSubstr("holds no arrival"));
}

TEST(model_file, the_committed_example_is_valid) {
  const auto m = whatif::load_model("config/demo/model.yaml");
  ASSERT_TRUE(m) << config::to_string(m.error());
  EXPECT_GT(m->requests.size(), 3u);
}

}  // namespace
}  // namespace switchboard::whatif_testing
