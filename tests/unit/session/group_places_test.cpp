#include "actors/session/group_places.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

const group_id one{"one"}, two{"two"};

TEST(group_places, a_closed_group_is_not_expected_in_and_not_forgotten) {
  group_places p({one, two});
  EXPECT_TRUE(p.close(one));
  EXPECT_FALSE(p.close(one));
  EXPECT_EQ(p.open(), (std::vector<group_id>{two}));
  EXPECT_EQ(p.all(), (std::vector<group_id>{two, one}));
  EXPECT_TRUE(p.holds(one));
  EXPECT_TRUE(p.close(two));
  EXPECT_TRUE(p.empty());
  EXPECT_FALSE(p.none());
  EXPECT_TRUE(p.reopen(one));
  EXPECT_EQ(p.open(), (std::vector<group_id>{one}));
}

TEST(group_places, a_group_it_never_stood_in_does_not_come_in_by_opening) {
  group_places p({one});
  EXPECT_FALSE(p.close(two));
  EXPECT_FALSE(p.reopen(two));
  EXPECT_TRUE(p.reopen(one)) << "it stands there all the while";
  p.add(one);
  EXPECT_EQ(p.all().size(), 1u);
}

TEST(group_places, leaving_means_closed_ones_too) {
  group_places p({one, two});
  p.close(two);
  EXPECT_TRUE(p.remove(two));
  EXPECT_FALSE(p.remove(two));
  p.close(one);
  p.remove_if([](auto& g) { return g == one; });
  EXPECT_TRUE(p.none());
}

}  // namespace
}  // namespace switchboard
