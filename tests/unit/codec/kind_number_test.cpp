#include "runtime/codec/kind_number.hpp"

#include <gtest/gtest.h>

namespace switchboard::codec {
namespace {

TEST(kind_number, counts_from_one_as_the_index_of_the_variant_does_from_zero) {
  using kinds = std::variant<int, char, bool>;
  EXPECT_EQ((kind_number<int, kinds>), kinds(1).index() + 1);
  EXPECT_EQ((kind_number<char, kinds>), kinds('c').index() + 1);
  EXPECT_EQ((kind_number<bool, kinds>), kinds(true).index() + 1);
}

}  // namespace
}  // namespace switchboard::codec
