#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "actors/skill_group/node_mask.hpp"

namespace switchboard::dispatcher {

/// The ranks of the signatures' heads, 64 to a block with the block's least, beside a node_mask
/// whose words are the same blocks. The best head an agent fits is found by looking at the blocks,
/// then at the fitting heads of those that can still win: for a thousand signatures some tens of
/// words that lie together, whatever the distribution. (A tournament tree was slower by far where
/// the oldest heads are those hardly anybody fits, which is what a backlog turns into.)
class head_ranks {
 public:
  static constexpr std::int64_t empty = INT64_MAX;

  void set(std::uint32_t signature, std::int64_t rank) {
    if (signature >= ranks_.size()) {
      ranks_.resize((signature / 64 + 1) * 64, empty);
      least_.resize(ranks_.size() / 64, empty);
    }
    auto was = ranks_[signature];
    ranks_[signature] = rank;
    auto& least = least_[signature / 64];
    if (rank <= least) {
      least = rank;
    } else if (was == least) {
      auto block = ranks_.begin() + signature / 64 * 64;
      least = *std::min_element(block, block + 64);
    }
  }

  /// Offers to `look` every signature in `mask` whose rank is at most `limit`; `look` may lower the
  /// limit.
  template <class Look> void search(const node_mask& mask, std::int64_t& limit, Look&& look) const {
    for (std::uint32_t b = 0; b < least_.size(); ++b) {
      if (least_[b] == empty || least_[b] > limit) continue;
      for (auto word = mask.leaf_word(b); word != 0; word &= word - 1) {
        auto signature = b * 64 + static_cast<std::uint32_t>(std::countr_zero(word));
        auto rank = ranks_[signature];
        if (rank <= limit && rank != empty) look(signature, rank);
      }
    }
  }

 private:
  std::vector<std::int64_t> ranks_;  // by signature
  std::vector<std::int64_t> least_;  // by block
};

}  // namespace switchboard::dispatcher
