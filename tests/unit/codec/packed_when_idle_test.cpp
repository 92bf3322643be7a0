#include "runtime/codec/packed_when_idle.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace switchboard {

struct plan_of_old {
  std::string rule;
  std::vector<std::string> groups;
  int step = 0;
};
template <class V> void describe(V& v, plan_of_old& x) {
  v("rule", x.rule);
  v("groups", x.groups);
  v("step", x.step);
}

namespace {

codec::packed_when_idle<plan_of_old> some_plan() {
  return std::make_unique<plan_of_old>(plan_of_old{"everyone", {"g1", "g2"}, 3});
}

TEST(packed_when_idle, what_was_laid_by_is_the_same_to_whoever_looks) {
  auto c = some_plan();
  c.lay_by();
  EXPECT_TRUE(c.laid_by());
  EXPECT_TRUE(c);
  EXPECT_EQ(c->rule, "everyone");
  EXPECT_FALSE(c.laid_by());
  EXPECT_EQ(c->groups, (std::vector<std::string>{"g1", "g2"}));
  c->step = 4;
  c.lay_by();
  EXPECT_EQ((*c).step, 4);
}

TEST(packed_when_idle, nothing_laid_by_stays_nothing) {
  codec::packed_when_idle<plan_of_old> c;
  c.lay_by();
  EXPECT_FALSE(c);
  EXPECT_FALSE(c.laid_by());
  EXPECT_EQ(c.get(), nullptr);
}

TEST(packed_when_idle, a_reset_drops_what_was_laid_by_too) {
  auto c = some_plan();
  c.lay_by();
  c.reset();
  EXPECT_FALSE(c);
  EXPECT_EQ(c.get(), nullptr);
}

}  // namespace
}  // namespace switchboard
