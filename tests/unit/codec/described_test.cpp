#include "runtime/codec/described.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "runtime/base/shared_list.hpp"

namespace switchboard::test {
namespace {

struct told {
  shared_list<std::string> words;
};
template <class V> void describe(V& v, told& x) {
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

struct inner {
  std::string name;
  std::optional<std::int64_t> offset;
  bool operator==(const inner&) const = default;
};
template <class V> void describe(V& v, inner& x) {
  v("name", x.name);
  v("offset", x.offset);
}

struct sample {
  std::string text;
  std::uint8_t small = 0;
  std::int64_t below = 0;
  double ratio = 0;
  bool flag = false;
  timestamp at{};
  std::vector<inner> list;
  std::map<std::string, inner> by_name;
  std::optional<inner> maybe;
  codec::packed_value body;
  bool operator==(const sample&) const = default;
};
template <class V> void describe(V& v, sample& x) {
  v("text", x.text);
  v("small", x.small);
  v("below", x.below);
  v("ratio", x.ratio);
  v("flag", x.flag);
  v("at", x.at);
  v("list", x.list);
  v("by_name", x.by_name);
  v("maybe", x.maybe);
  v.hidden("body", x.body);
}

sample filled() {
  return {"灯",
          200,
          -70'000,
          2.5,
          true,
          from_unix_ms(1'700'000'000'123),
          {{"a", -1}, {"b", {}}},
          {{"k", {"c", 1LL << 40}}},
          inner{"m", 3},
          {std::string("\x81\xa1x\x92\x01\xc0", 6)}};
}

TEST(described, a_filled_value_reads_back_whole) {
  sample got;
  ASSERT_TRUE(codec::unpack(codec::pack(filled()), got));
  EXPECT_EQ(got, filled());
}

/// The pairs of a packed map, each as its own bytes.
std::vector<std::string> pairs_of(std::string_view packed) {
  codec::byte_reader in(packed);
  std::vector<std::string> all;
  for (auto left = in.map().value(); left > 0; --left) {
    std::string pair(in.value().value());
    all.push_back(pair.append(in.value().value()));
  }
  return all;
}
std::string map_of(const std::vector<std::string>& pairs) {
  codec::packer p;
  p.map(static_cast<std::uint32_t>(pairs.size()));
  for (auto& pair : pairs) p.raw(pair);
  return p.take();
}

TEST(described, fields_are_found_in_whatever_order_another_version_wrote_them) {
  auto pairs = pairs_of(codec::pack(filled()));
  for (std::size_t n = 0; n < pairs.size(); ++n) {
    std::ranges::rotate(pairs, pairs.begin() + 1);
    sample got;
    ASSERT_TRUE(codec::unpack(map_of(pairs), got));
    EXPECT_EQ(got, filled()) << n;
  }
  std::ranges::reverse(pairs);
  sample got;
  ASSERT_TRUE(codec::unpack(map_of(pairs), got));
  EXPECT_EQ(got, filled());
}

TEST(described, what_a_newer_version_wrote_between_is_stepped_over) {
  auto pairs = pairs_of(codec::pack(filled()));
  const std::string unknown("\xa3new\x91\x81\xa1x\xc7\x01\x05z", 12), nameless("\x07\x08", 2);
  for (std::size_t n = 0; n <= pairs.size(); ++n) {
    auto more = pairs;
    more.insert(more.begin() + static_cast<std::ptrdiff_t>(n), {unknown, nameless});
    sample got;
    ASSERT_TRUE(codec::unpack(map_of(more), got)) << n;
    EXPECT_EQ(got, filled()) << n;
  }
}

TEST(described, bytes_that_end_early_or_hold_another_type_are_refused) {
  const auto whole = codec::pack(filled());
  for (std::size_t n = 0; n < whole.size(); ++n) {
    sample got;
    EXPECT_FALSE(codec::unpack(std::string_view(whole).substr(0, n), got)) << n;
  }
  auto refuses = [](std::string_view field, const auto& put) {
    codec::packer p;
    put(p.map(1).str(field));
    sample got;
    return !codec::unpack(p.view(), got);
  };
  EXPECT_TRUE(refuses("small", [](auto& p) { p.integer(256); }));
  EXPECT_TRUE(refuses("small", [](auto& p) { p.integer(-1); }));
  EXPECT_TRUE(
      refuses("below", [](auto& p) { p.uinteger(std::numeric_limits<std::uint64_t>::max()); }));
  EXPECT_TRUE(refuses("flag", [](auto& p) { p.integer(1); }));
  EXPECT_TRUE(refuses("text", [](auto& p) { p.integer(1); }));
  EXPECT_TRUE(refuses("list", [](auto& p) { p.map(0); }));
  EXPECT_TRUE(refuses("maybe", [](auto& p) { p.array(0); }));
  // A list that says it is longer than all the bytes there are.
  EXPECT_TRUE(refuses("list", [](auto& p) { p.raw(std::string_view("\xdd\xff\xff\xff\xff", 5)); }));
}

}  // namespace
}  // namespace switchboard::test
