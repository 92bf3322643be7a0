#include "tools/whatif/result_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "model_fixture.hpp"

namespace switchboard::whatif_testing {
namespace {

using ::testing::HasSubstr;

const std::string busy =
    "length: 12h\nseed: 3\nrequests: [{name: \"r <&>\", per_hour: 45, handle: 3m, patience: 2m}]\n";

TEST(what_if_result, json_and_tables_say_the_same) {
  const auto r = whatif::run_model(model_of(busy));
  const auto json = whatif::result_json(r);
  EXPECT_EQ(json["floor"]["opened"], r.all.opened);
  EXPECT_EQ(json["groups"][0]["id"], "g");
  EXPECT_EQ(json["agents"].size(), 2u);
  EXPECT_EQ(json["requests"][0]["accepted"], r.all.accepted);
  std::uint64_t accepted = 0;
  for (const auto& i : json["groups"][0]["series"]) accepted += i["accepted"].get<std::uint64_t>();
  EXPECT_EQ(accepted, r.all.accepted);
  const auto text = whatif::result_text(r);
  EXPECT_THAT(text, HasSubstr("estimated wait:"));
  EXPECT_THAT(text, HasSubstr(std::to_string(r.all.opened)));
}

TEST(what_if_result, the_chart_is_one_svg_whose_texts_cannot_break_it) {
  auto m = model_of(busy);
  m.name = "<script>&\"";
  const auto svg = whatif::result_chart(whatif::run_model(m));
  EXPECT_TRUE(svg.starts_with("<svg "));
  EXPECT_TRUE(svg.ends_with("</svg>\n"));
  EXPECT_THAT(svg, HasSubstr("&lt;script&gt;&amp;&quot;"));
  EXPECT_THAT(svg, ::testing::Not(HasSubstr("nan")));
}

TEST(what_if_result, comparing_a_deployment_with_itself_changes_nothing) {
  const auto m = model_of(busy);
  const auto a = whatif::run_model(m), b = whatif::run_model(m);
  const auto text = whatif::comparison_text(a, b);
  EXPECT_THAT(text, HasSubstr("wait p90"));
  EXPECT_EQ(text.find("+1"), std::string::npos);
  EXPECT_THAT(text, HasSubstr("+0.0 points"));
}

TEST(what_if_result, one_more_agent_shows_as_shorter_waits_on_the_same_arrivals) {
  const auto a = whatif::run_model(model_of(busy)),
             b = whatif::run_model(model_of(busy + "hire: [{like: a}]\n"));
  EXPECT_EQ(a.all.opened, b.all.opened);
  EXPECT_LT(b.all.wait.mean_ms(), a.all.wait.mean_ms() / 2);
  EXPECT_LT(b.all.abandoned, a.all.abandoned / 2);
}

}  // namespace
}  // namespace switchboard::whatif_testing
