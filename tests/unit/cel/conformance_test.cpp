#include "runtime/cel/conformance.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace switchboard::cel {
namespace {

TEST(cel_conformance, the_projects_own_samples_pass) {
  std::ifstream cases{CEL_SAMPLES};
  std::ostringstream report;
  EXPECT_EQ(run_conformance(cases, report), 0) << report.str();
}

TEST(cel_conformance, the_public_cases_pass_where_they_are_present) {
  std::ifstream cases{CEL_CASES};
  if (!cases) GTEST_SKIP() << "no public cases beside the source tree";
  std::ostringstream report;
  EXPECT_EQ(run_conformance(cases, report), 0) << report.str();
}

TEST(cel_conformance, a_wrong_value_a_wrong_kind_and_a_missing_error_are_failures) {
  std::istringstream cases{
      R"({"file":"f","section":"s","name":"value","expr":"1 + 1","value":{"int":"3"}})"
      "\n"
      R"({"file":"f","section":"s","name":"kind","expr":"[1]","value":{"list":[{"uint":"1"}]}})"
      "\n"
      R"({"file":"f","section":"s","name":"error","expr":"1","error":"anything"})"
      "\n"
      R"({"file":"f","section":"s","name":"fine","expr":"1 / 0","error":"anything"})"
      "\nno json\n"};
  std::ostringstream report;
  EXPECT_EQ(run_conformance(cases, report), 1);
  EXPECT_NE(report.str().find("FAILED f/s/value: 1 + 1\n  expected 3, found 2\n"),
            std::string::npos)
      << report.str();
  EXPECT_TRUE(report.str().ends_with("1 passed, 4 failed\n")) << report.str();
}

TEST(cel_conformance, no_cases_at_all_are_a_failure) {
  std::istringstream cases;
  std::ostringstream report;
  EXPECT_EQ(run_conformance(cases, report), 1);
  EXPECT_EQ(report.str(), "0 passed, 0 failed\n");
}

TEST(cel_conformance, typed_json_survives_the_way_there_and_back) {
  const auto typed = nlohmann::json::parse(R"({"map":[
      [{"string":"all"},{"list":[{"null":true},{"bool":false},{"int":"-1"},{"uint":"18446744073709551615"},
        {"double":"0.5"},{"double":"-Infinity"},{"bytes":"AP8="},{"type":"google.protobuf.Duration"},
        {"timestamp":{"seconds":"1","nanos":"2"}},{"duration":{"seconds":"-1","nanos":"-500"}}]}],
      [{"bool":true},{"string":"x"}]]})");
  const auto v = from_json(typed);
  ASSERT_TRUE(v) << v.error();
  EXPECT_EQ(to_json(*v), typed);
}

TEST(cel_conformance, json_that_is_no_typed_value_is_refused) {
  for (const auto* text :
       {R"({"int":"x"})", R"({"what":1})", R"([])", R"({"int":"1","uint":"1"})", R"({"bytes":"%"})",
        R"({"map":[[{"null":true},{"int":"1"}]]})",
        R"({"duration":{"seconds":"9223372036854775807"}})", R"({"type":"nothing"})"})
    EXPECT_FALSE(from_json(nlohmann::json::parse(text))) << text;
}

}  // namespace
}  // namespace switchboard::cel
