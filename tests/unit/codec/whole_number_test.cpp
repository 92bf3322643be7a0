#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <msgpack.hpp>

#include "runtime/codec/pack.hpp"
#include "runtime/codec/params.hpp"

namespace switchboard::codec {
namespace {

std::optional<std::int64_t> read(double x) {
  msgpack::object o(x);
  return whole_number(o);
}

TEST(whole_number, a_float_that_is_whole_is_that_integer) {
  EXPECT_EQ(read(0.0), 0);
  EXPECT_EQ(read(-0.0), 0);
  EXPECT_EQ(read(5.0), 5);
  EXPECT_EQ(read(1'795'993'261'684.0), 1'795'993'261'684);
  EXPECT_EQ(read(-9'007'199'254'740'992.0), -9'007'199'254'740'992);
  EXPECT_EQ(read(9'007'199'254'740'992.0), 9'007'199'254'740'992);
}

TEST(whole_number, is_nothing_where_a_float_has_a_fraction_is_too_large_or_is_no_number) {
  for (double x :
       {0.5, -1.25, 9'007'199'254'740'994.0, 1e300, -1e300, std::numeric_limits<double>::infinity(),
        -std::numeric_limits<double>::infinity(), std::nan("")}) {
    EXPECT_EQ(read(x), std::nullopt) << x;
  }
}

TEST(whole_number, integers_end_at_two_to_the_53) {
  auto of = [](auto n) {
    msgpack::object o(n);
    return whole_number(o);
  };
  EXPECT_EQ(of(std::uint64_t{1} << 53), std::int64_t{1} << 53);
  EXPECT_EQ(of((std::uint64_t{1} << 53) + 1), std::nullopt);
  EXPECT_EQ(of(std::numeric_limits<std::uint64_t>::max()), std::nullopt);
  EXPECT_EQ(of(-(std::int64_t{1} << 53)), -(std::int64_t{1} << 53));
  EXPECT_EQ(of(-(std::int64_t{1} << 53) - 1), std::nullopt);
  EXPECT_EQ(of(std::numeric_limits<std::int64_t>::min()), std::nullopt);
  EXPECT_EQ(of(true), std::nullopt);
}

TEST(params, take_whole_floats_where_integers_are_expected) {
  packer p;
  p.map(3).str("after").real(0).str("until").real(1'795'993'261'684.0).str("score").real(4.5);
  auto bytes = p.take();
  auto handle = msgpack::unpack(bytes.data(), bytes.size());
  params fields(handle.get());
  EXPECT_EQ(fields.integer("after", 0, 10), 0);
  EXPECT_EQ(fields.maybe_integer("until", 0, std::int64_t{1} << 53), 1'795'993'261'684);
  ASSERT_TRUE(fields.ok());
  fields.integer("score", 1, 5);
  ASSERT_FALSE(fields.ok());
  EXPECT_EQ(fields.why().field, "score");
}

}  // namespace
}  // namespace switchboard::codec
