#include "runtime/base/shared_list.hpp"

#include <string>

#include <gtest/gtest.h>

namespace switchboard::test {
namespace {

TEST(shared_list, a_copy_is_the_same_list_and_an_equal_one_is_only_equal) {
  shared_list<std::string> list{"a", "b"}, equal{"a", "b"}, other{"a"};
  auto copy = list;
  EXPECT_TRUE(copy.same(list));
  EXPECT_EQ(copy, list);
  EXPECT_FALSE(equal.same(list));
  EXPECT_EQ(equal, list);
  EXPECT_FALSE(other == list);
}

TEST(shared_list, nothing_and_a_list_of_nothing_are_the_same) {
  shared_list<std::string> nothing, empty(std::vector<std::string>{});
  EXPECT_TRUE(nothing.same(empty));
  EXPECT_TRUE(empty.empty());
  EXPECT_EQ(empty.begin(), empty.end());
}

}  // namespace
}  // namespace switchboard::test
