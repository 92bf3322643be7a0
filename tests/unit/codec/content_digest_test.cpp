#include "runtime/codec/content_digest.hpp"

#include <gtest/gtest.h>

#include "runtime/base/ids.hpp"

namespace switchboard::test {
namespace {

struct part {
  std::string name;
  int level = 1;
};
template <class V> void describe(V& v, part& x) {
  v("name", x.name);
  v("level", x.level);
}

/// `added` stands for a field that a later version brings.
struct asked {
  std::string text;
  int number = 0;
  std::vector<std::string> words;
  std::optional<int> maybe;
  part nested;
  bool added = false;
};
template <class V> void describe(V& v, asked& x) {
  v("text", x.text);
  v("number", x.number);
  v("words", x.words);
  v("maybe", x.maybe);
  v("nested", x.nested);
  v("added", x.added);
}
struct asked_before {
  std::string text;
  int number = 0;
  std::vector<std::string> words;
  std::optional<int> maybe;
  part nested;
};
template <class V> void describe(V& v, asked_before& x) {
  v("text", x.text);
  v("number", x.number);
  v("words", x.words);
  v("maybe", x.maybe);
  v("nested", x.nested);
}

TEST(content, a_field_that_a_later_version_adds_changes_nothing_where_it_is_not_used) {
  EXPECT_EQ(codec::content_of(asked{"a", 2, {"b"}, 3, {"c", 4}, false}),
            codec::content_of(asked_before{"a", 2, {"b"}, 3, {"c", 4}}));
  EXPECT_NE(codec::content_of(asked{"a", 2, {"b"}, 3, {"c", 4}, true}),
            codec::content_of(asked_before{"a", 2, {"b"}, 3, {"c", 4}}));
}

TEST(content, words_that_run_together_otherwise_are_other_content) {
  EXPECT_NE(codec::content_of(asked{"", 0, {"a", "b"}, {}, {}, false}),
            codec::content_of(asked{"", 0, {"ab"}, {}, {}, false}));
  EXPECT_NE(codec::content_of(asked{"a\nb", 0, {}, {}, {}, false}),
            codec::content_of(asked{"a", 0, {"b"}, {}, {}, false}));
}

TEST(content, nothing_given_and_the_default_given_differ_only_where_that_can_be_told) {
  EXPECT_NE(codec::content_of(asked{"", 0, {}, 0, {}, false}), codec::content_of(asked{}));
  EXPECT_EQ(codec::content_of(asked{}), codec::content_of(asked{"", 0, {}, {}, {}, false}));
}

TEST(digest, is_siphash_under_a_secret_of_the_store) {
  // The first of the reference vectors: key 00 01 ... 0f, no bytes (little-endian
  // 310e0edd47db6f72).
  codec::digest_secret k;
  for (unsigned char i = 0; i < 16; ++i) k.bytes[i] = i;
  EXPECT_EQ(codec::digest(k, ""), 0x310e0edd47db6f72u);
  auto a = codec::secret_of("0123456789abcdef0123456789abcdef"),
       b = codec::secret_of("0123456789abcdef0123456789abcdee");
  EXPECT_NE(a.bytes, b.bytes);
  EXPECT_EQ(a.bytes, codec::secret_of("0123456789abcdef0123456789abcdef").bytes);
}

}  // namespace
}  // namespace switchboard::test
