#include "adapters/channel/transport/output_budget.hpp"

#include <map>

#include <gtest/gtest.h>

namespace switchboard::channel {
namespace {

struct outputs : testing::Test {
  output_budget budget{{.of_token = 100, .in_all = 250}};
  std::map<std::string, output_budget::connection_ptr> all;
  std::vector<std::string> dropped;

  output_budget::connection& open(const std::string& name, const std::string& token) {
    auto made = budget.enter(name, [this, name] {
      dropped.push_back(name);
      budget.hold(*all.at(name), 0);
    });
    all[name] = made;
    budget.own(*made, token);
    return *made;
  }
  void hold(const std::string& name, std::size_t bytes) {
    if (budget.hold(*all.at(name), bytes)) budget.relieve();
  }
};

TEST_F(outputs, a_token_over_its_share_loses_the_connection_that_holds_most) {
  open("a1", "a"), open("a2", "a"), open("a3", "a"), open("b1", "b");
  hold("a1", 30);
  hold("a2", 40);
  hold("b1", 99);
  EXPECT_TRUE(dropped.empty());
  hold("a3", 31);
  EXPECT_EQ(dropped, std::vector<std::string>{"a2"});
  EXPECT_EQ(budget.held(), 30u + 31u + 99u);
}

TEST_F(outputs, a_full_node_loses_the_largest_of_the_token_that_holds_most) {
  open("a1", "a"), open("a2", "a"), open("b1", "b"), open("c1", "c");
  hold("a1", 50);
  hold("a2", 40);
  hold("b1", 80);
  EXPECT_TRUE(dropped.empty());
  hold("c1", 85);
  EXPECT_EQ(dropped, std::vector<std::string>{"a1"})
      << "90 of a's token, though no connection of it is the largest";
}

TEST_F(outputs, what_has_left_counts_no_more) {
  auto& a = open("a1", "a");
  open("a2", "a");
  hold("a1", 90);
  hold("a1", 5);
  hold("a2", 90);
  EXPECT_TRUE(dropped.empty());
  EXPECT_EQ(budget.held(), 95u);
  budget.leave(all.at("a1"));
  EXPECT_EQ(budget.held(), 90u);
  (void)a;
}

TEST_F(outputs, a_share_lowered_while_it_runs_holds_from_then_on) {
  open("a1", "a"), open("a2", "a");
  hold("a1", 50);
  hold("a2", 40);
  budget.take({.of_token = 60, .in_all = 250});
  hold("a2", 41);
  EXPECT_EQ(dropped, std::vector<std::string>{"a1"});
}

TEST_F(outputs, a_connection_takes_what_it_holds_along_to_its_token) {
  auto made = budget.enter("x", [&] { dropped.push_back("x"); });
  budget.hold(*made, 60);
  open("a1", "a");
  hold("a1", 60);
  EXPECT_TRUE(dropped.empty());
  budget.own(*made, "a");
  budget.relieve();
  EXPECT_EQ(dropped.size(), 1u);
}

TEST_F(outputs, dropping_ends_although_nothing_is_freed_at_once) {
  auto stuck = budget.enter("stuck", [&] { dropped.push_back("stuck"); });
  budget.own(*stuck, "a");
  if (budget.hold(*stuck, 500)) budget.relieve();
  EXPECT_EQ(dropped, std::vector<std::string>{"stuck"});
}

}  // namespace
}  // namespace switchboard::channel
