#include <map>

#include <gtest/gtest.h>

#include "actors/router/group_balance.hpp"
#include "tests/unit/router/routing_fixture.hpp"

namespace switchboard {
namespace {

using namespace router_testing;
using config::balance_by;

class balancing : public testing::Test {
 protected:
  std::string pick(balance_by by) const {
    return balance(groups({"a", "b", "c"}), by, c.board, c.session).group.value;
  }
  /// How often each group is chosen by 3000 sessions.
  std::map<std::string, int> spread(balance_by by) {
    std::map<std::string, int> out;
    for (int i = 0; i < 3000; ++i) {
      c.session.ulid[15] = static_cast<std::uint8_t>(i);
      c.session.ulid[14] = static_cast<std::uint8_t>(i >> 8);
      ++out[pick(by)];
    }
    return out;
  }
  customer c;
};

TEST_F(balancing, by_wait_prefers_a_free_agent_to_any_estimate) {
  c.reports("a", {.waiting = 1, .online = 9, .available = 1, .eta = time_estimate{0, 0}});
  c.reports("b", {.online = 1, .available = 1, .eta = time_estimate{60'000, 0}});
  c.reports("c", {.online = 9, .eta = time_estimate{1, 0}});
  EXPECT_EQ(pick(balance_by::shortest_wait), "b");
}

TEST_F(balancing, by_wait_compares_estimates_and_the_oldest_waiter_without_data) {
  c.reports("a", {.waiting = 1, .online = 1, .eta = time_estimate{40'000, 0}});
  c.reports("b", {.waiting = 1, .online = 1, .oldest = millis{20'000}});
  c.reports("c", {.waiting = 1, .online = 1, .oldest = millis{30'000}});
  EXPECT_EQ(pick(balance_by::shortest_wait), "b");
  c.reports("a", {.waiting = 1, .online = 1, .oldest = millis{1}, .eta = time_estimate{10'000, 0}});
  EXPECT_EQ(pick(balance_by::shortest_wait), "a");
}

TEST_F(balancing, by_length_takes_the_fewest_waiting) {
  c.reports("a", {.waiting = 5, .online = 1});
  c.reports("b", {.waiting = 4, .online = 1});
  c.reports("c", {.waiting = 6, .online = 1});
  EXPECT_EQ(pick(balance_by::fewest_waiting), "b");
}

TEST_F(balancing, by_room_takes_the_most_available) {
  c.reports("a", {.online = 5, .available = 1});
  c.reports("b", {.online = 5, .available = 2});
  c.reports("c", {.online = 5, .available = 3});
  EXPECT_EQ(pick(balance_by::most_available), "c");
}

TEST_F(balancing, prefers_an_empty_queue_with_nobody_online_last) {
  c.reports("a", {.waiting = 50, .online = 1, .oldest = millis{90'000}});
  c.reports("b", {.waiting = 0, .online = 0});
  for (auto by :
       {balance_by::shortest_wait, balance_by::fewest_waiting, balance_by::most_available})
    EXPECT_EQ(pick(by), "a");
}

TEST_F(balancing, spreads_equal_groups_evenly_and_each_session_always_alike) {
  for (auto by : {balance_by::round_robin, balance_by::shortest_wait}) {
    for (const auto& [group, times] : spread(by)) EXPECT_NEAR(times, 1000, 150) << group;
    EXPECT_EQ(pick(by), pick(by));
  }
}

TEST_F(balancing, goes_round_whatever_the_queues_are) {
  c.reports("a", {.waiting = 50, .online = 0});
  c.reports("b", {.online = 5, .available = 5});
  const auto all = spread(balance_by::round_robin);
  EXPECT_EQ(all.size(), 3u);
}

TEST_F(balancing, has_no_reason_to_give_where_there_is_one_group) {
  const auto only = balance(groups({"a"}), balance_by::shortest_wait, c.board, c.session);
  EXPECT_EQ(only.group, group_id("a"));
  EXPECT_EQ(only.why, "");
}

}  // namespace
}  // namespace switchboard
