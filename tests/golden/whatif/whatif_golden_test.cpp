#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "tools/switchboardctl/envelope.hpp"
#include "tools/whatif/model_loader.hpp"
#include "tools/whatif/model_run.hpp"
#include "tools/whatif/result_text.hpp"

namespace switchboard::whatif {
namespace {

// ctest runs this at the top of the source tree.
const std::string folder = "tests/golden/whatif/";

/// The committed bytes. With SWITCHBOARD_WRITE_GOLDEN set they are written instead, to be looked at
/// and committed where a decision was meant to change.
void expect_golden(const std::string& name, const std::string& bytes) {
  if (std::getenv("SWITCHBOARD_WRITE_GOLDEN")) {
    std::ofstream(folder + name, std::ios::binary) << bytes;
    return;
  }
  std::ifstream in(folder + name, std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), bytes) << name;
}

TEST(what_if_golden, tables_json_and_chart_are_those_committed) {
  const auto model = load_model(folder + "model.yaml");
  ASSERT_TRUE(model) << config::to_string(model.error());
  const auto result = run_model(*model);
  expect_golden("result.txt", result_text(result));
  expect_golden("result.json", ctl::envelope(ctl::report{result_json(result), {}}));
  expect_golden("result.svg", result_chart(result));
}

}  // namespace
}  // namespace switchboard::whatif
