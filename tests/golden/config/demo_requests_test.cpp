#include <fstream>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "config/dispatch_loader.hpp"

namespace switchboard::config {
namespace {

using nlohmann::json;

std::vector<json> demo_requests() {
  std::ifstream in("config/demo/requests.jsonl");
  std::vector<json> out;
  for (std::string line; std::getline(in, line);) out.push_back(json::parse(line));
  return out;
}

TEST(demo_requests, there_are_plenty_and_each_has_an_id_of_its_own) {
  std::set<std::string> ids;
  for (const auto& r : demo_requests()) ids.insert(r.at("request_id"));
  EXPECT_GE(ids.size(), 80u);
  EXPECT_EQ(ids.size(), demo_requests().size());
}

TEST(demo_requests, each_comes_from_a_channel_of_the_demo_and_begins_with_the_customer) {
  auto demo = load_dispatch("config/demo/dispatch.yaml");
  ASSERT_TRUE(demo) << to_string(demo.error());
  std::set<std::string> channels, used;
  for (const auto& c : demo->channels) channels.insert(c.id.value);
  for (const auto& r : demo_requests()) {
    used.insert(r.at("channel"));
    EXPECT_TRUE(channels.contains(r.at("channel"))) << r.at("request_id");
    EXPECT_FALSE(r.at("customer").at("id").get<std::string>().empty());
    ASSERT_GE(r.at("turns").size(), 2u) << r.at("request_id");
    EXPECT_EQ(r.at("turns").at(0).at("from"), "customer") << r.at("request_id");
    for (const auto& turn : r.at("turns")) {
      EXPECT_FALSE(turn.at("text").get<std::string>().empty());
      EXPECT_TRUE(turn.at("from") == "customer" || turn.at("from") == "agent");
    }
  }
  EXPECT_EQ(used, channels);
}

TEST(demo_requests, no_two_say_the_same) {
  std::set<std::string> first_words;
  for (const auto& r : demo_requests()) {
    auto text = r.at("turns").at(0).at("text").get<std::string>();
    EXPECT_TRUE(first_words.insert(text).second) << text;
  }
}

TEST(demo_requests, what_they_ask_of_skills_some_agent_of_the_demo_has) {
  auto demo = load_dispatch("config/demo/dispatch.yaml");
  ASSERT_TRUE(demo) << to_string(demo.error());
  for (const auto& r : demo_requests()) {
    auto skills = r.value("skills", json::object());
    for (const auto& [skill, level] : skills.items()) {
      bool somebody = false;
      for (const auto& a : demo->agents) {
        auto has = a.skills.find(skill);
        somebody = somebody || (has != a.skills.end() && has->second >= level.get<int>());
      }
      EXPECT_TRUE(somebody) << r.at("request_id") << " " << skill;
    }
  }
}

}  // namespace
}  // namespace switchboard::config
