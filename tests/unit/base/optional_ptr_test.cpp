#include "runtime/base/optional_ptr.hpp"

#include <string>

#include <gtest/gtest.h>

namespace switchboard {
namespace {

TEST(optional_ptr, holds_nothing_until_something_is_put_in_and_nothing_again_after_reset) {
  optional_ptr<std::string> b;
  EXPECT_FALSE(b);
  b = std::string("offer");
  ASSERT_TRUE(b.has_value());
  EXPECT_EQ(*b, "offer");
  b.reset();
  EXPECT_FALSE(b.has_value());
  b.emplace(3, 'x');
  EXPECT_EQ(*b, "xxx");
}

TEST(optional_ptr, a_copy_shares_nothing_with_what_it_was_copied_from) {
  optional_ptr<std::string> a(std::string("one"));
  auto b = a;
  *b += " more";
  EXPECT_EQ(*a, "one");
  EXPECT_EQ(*b, "one more");
}

TEST(optional_ptr, costs_a_pointer) {
  struct large {
    char bytes[400];
  };
  EXPECT_EQ(sizeof(optional_ptr<large>), sizeof(void*));
}

}  // namespace
}  // namespace switchboard
