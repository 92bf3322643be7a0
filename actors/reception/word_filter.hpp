#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard {

/// Finds the words of up to 64 lists in one pass over a text (Aho and Corasick, 1975), on folded
/// characters (runtime/text/fold.hpp). A word that begins or ends with an ASCII letter or digit
/// counts there only at a word's edge ("ass" is not in "class"); Chinese, which has no such edges,
/// counts anywhere. Immutable once built; thread-safe.
class word_filter {
 public:
  static constexpr std::size_t most_lists = 64;
  /// In characters, folded; longer ones are left out, and so are those of which nothing shows.
  static constexpr std::size_t longest_word = 255;
  /// A word found: its bytes in the text, with what is hidden among them, and the lists that hold
  /// it.
  struct hit {
    std::uint32_t begin = 0, end = 0;
    std::uint64_t lists = 0;
  };

  word_filter() = default;
  /// One set of words a list.
  explicit word_filter(const std::vector<std::vector<std::string>>& lists);

  bool empty() const { return words_ == 0; }
  std::size_t words() const { return words_; }
  /// Appends the hits of those `lists` (a bit each), in the order of their ends.
  void find(std::string_view text, std::uint64_t lists, std::vector<hit>& out) const;

 private:
  /// Private-use characters have no shape of their own: most screens show nothing or a box, so they
  /// hide no word. Words of a list that hold some are looked for by themselves.
  enum class reading { past_private_use, with_private_use };
  void find(std::string_view text, std::uint64_t lists, reading how, std::vector<hit>& out) const;

  struct node {
    std::uint32_t fail = 0;     // the longest proper suffix that is a prefix of some word
    std::uint32_t shorter = 0;  // the next node along `fail` at which a word ends
    std::uint32_t length = 0;   // in characters, of the word that ends here
    std::uint64_t lists = 0;
    bool edge_before = false, edge_after = false;
    bool has_private_use = false;
  };
  struct edge {
    std::uint64_t key = 0;  // node and character; 0: free
    std::uint32_t to = 0;
  };
  class builder;

  std::uint32_t step(std::uint32_t from, char32_t c) const;
  std::uint32_t child(std::uint32_t from, char32_t c) const;
  bool may_begin(char32_t c) const { return c >= 0x10000 || (first_[c >> 6] >> (c & 63) & 1) != 0; }

  std::vector<node> nodes_;
  std::vector<edge> edges_;                       // open addressing
  std::vector<std::uint64_t> first_;              // a bit per character with which a word begins
  std::array<std::uint32_t, 128> ascii_first_{};  // the node it leads to, where it is ASCII
  std::size_t words_ = 0;
  bool has_private_use_ = false;
};

}  // namespace switchboard
