#include "actors/router/attribute_value.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "runtime/codec/pack.hpp"

namespace switchboard {
namespace {

using cel::kind;
using codec::packer;

cel::value field_of(packer& p, const char* key) {
  const auto map = attribute_value(p.view());
  return map.is(kind::map) ? map.map_field(key).value_or(cel::value{}) : map;
}

TEST(attributes, keep_the_kind_of_every_value) {
  packer p;
  p.map(9).str("nil").nil().str("yes").boolean(true).str("less").integer(-5);
  p.str("more").uinteger(5).str("most").uinteger(~0ull).str("half").real(0.5);
  p.str("text").str("木").str("bytes").bin("\xff").str("list").array(2).integer(1).str("x");
  EXPECT_TRUE(field_of(p, "nil").is(kind::null));
  EXPECT_TRUE(field_of(p, "yes").is_true());
  EXPECT_EQ(field_of(p, "less").as_int(), -5);
  EXPECT_EQ(field_of(p, "more").as_int(), 5);
  EXPECT_EQ(field_of(p, "most").as_uint(), ~0ull);
  EXPECT_EQ(field_of(p, "half").as_double(), 0.5);
  EXPECT_EQ(field_of(p, "text").as_text(), "木");
  EXPECT_TRUE(field_of(p, "bytes").is(kind::bytes));
  EXPECT_EQ(field_of(p, "list").as_list().size(), 2u);
}

TEST(attributes, may_be_missing_altogether) {
  EXPECT_EQ(attribute_value("").map_size(), 0u);
}

TEST(attributes, are_an_error_when_they_are_damaged_or_no_map) {
  packer list;
  list.array(0);
  EXPECT_TRUE(attribute_value(list.view()).is_error());
  packer cut;
  cut.map(3).str("x");
  EXPECT_TRUE(attribute_value(cut.view()).is_error());
  EXPECT_TRUE(attribute_value("\xc1").is_error());
}

TEST(attributes, are_an_error_with_keys_that_no_map_has) {
  packer real_key;
  real_key.map(1).real(0.5).nil();
  EXPECT_TRUE(attribute_value(real_key.view()).is_error());
  packer twice;
  twice.map(2).str("a").nil().str("a").nil();
  EXPECT_TRUE(attribute_value(twice.view()).is_error());
}

TEST(attributes, are_an_error_when_nested_too_deep) {
  const auto nested = [](int depth) {
    std::string out;
    for (int i = 0; i < depth; ++i) out += "\x81\xa1k";
    return attribute_value(out + '\xc0');
  };
  EXPECT_FALSE(nested(attribute_depth).is_error());
  EXPECT_TRUE(nested(attribute_depth + 1).is_error());
  EXPECT_TRUE(nested(10'000).is_error());
}

}  // namespace
}  // namespace switchboard
