#include "runtime/codec/described.hpp"

#include <string>

#include <gtest/gtest.h>

#include "runtime/base/shared_list.hpp"

namespace switchboard::test {
namespace {

struct told {
  shared_list<std::string> words;
};
template <class V>
void describe(V& v, told& x) {
  v("words", x.words);
}

TEST(described, a_shared_list_travels_as_the_list_it_is) {
  told sent{{"a", "b"}}, got;
  ASSERT_TRUE(codec::unpack(codec::pack(sent), got));
  EXPECT_EQ(got.words, sent.words);
  told none{{"left over"}};
  ASSERT_TRUE(codec::unpack(codec::pack(told{}), none));
  EXPECT_EQ(none.words.size(), 1u) << "absent fields keep what they had";
}

}  // namespace
}  // namespace switchboard::test
