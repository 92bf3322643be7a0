#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "config/dispatch_loader.hpp"
#include "config/options_loader.hpp"
#include "config/token.hpp"

namespace switchboard::config {
namespace {

// ctest runs this at the top of the source tree.
std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(committed_files, the_example_is_what_the_declarations_generate) {
  EXPECT_EQ(bytes_of("config/switchboardd.yaml"), options_example());
}

TEST(committed_files, the_example_loads_and_is_all_defaults) {
  auto o = parse_options(bytes_of("config/switchboardd.yaml"));
  ASSERT_TRUE(o) << to_string(o.error());
  EXPECT_EQ(o->channel.port, daemon_options().channel.port);
}

TEST(committed_files, the_demo_loads) {
  auto options = load_options("config/demo/demo.yaml");
  ASSERT_TRUE(options) << to_string(options.error());
  EXPECT_EQ(options->data_dir, "data/demo");
  auto dispatch = load_dispatch(options->dispatch);
  ASSERT_TRUE(dispatch) << to_string(dispatch.error());
  EXPECT_EQ(dispatch->groups.size(), 4u);
  EXPECT_GE(dispatch->agents.size(), 12u);
}

TEST(committed_files, the_demos_tokens_are_those_its_first_lines_tell) {
  auto demo = load_dispatch("config/demo/dispatch.yaml");
  ASSERT_TRUE(demo) << to_string(demo.error());
  for (const auto& a : demo->agents) {
    EXPECT_TRUE(token_matches("demo-" + a.id.value, a.token_sha256)) << a.id.value;
  }
  for (const auto& c : demo->channels) {
    EXPECT_TRUE(token_matches("demo-" + c.id.value, c.token_sha256)) << c.id.value;
  }
  ASSERT_EQ(demo->admin_tokens.size(), 1u);
  EXPECT_TRUE(token_matches("demo-admin", demo->admin_tokens[0].token_sha256));
}

TEST(committed_files, the_demo_says_every_automatic_message_in_both_languages) {
  auto demo = load_dispatch("config/demo/dispatch.yaml");
  ASSERT_TRUE(demo) << to_string(demo.error());
  for (auto language : {"zh", "en"}) {
    for (auto name : {"welcome", "continuation", "queue", "assigned", "transferred", "agent_left",
                      "long_silence", "idle_notice", "out_of_hours", "nobody_there", "closing",
                      "rate", "rate_reminder"}) {
      EXPECT_NE(demo->texts.at(language).at(name), "") << language << name;
    }
  }
}

}  // namespace
}  // namespace switchboard::config
