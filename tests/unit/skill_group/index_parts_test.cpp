#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "actors/skill_group/eligibility_matrix.hpp"
#include "actors/skill_group/slot_table.hpp"
#include "actors/skill_group/sorted_blocks.hpp"
#include "actors/skill_group/winner_tree.hpp"

namespace switchboard::dispatcher {
namespace {

TEST(sorted_blocks, keeps_order_and_ranks_through_growth_and_removal_anywhere) {
  std::mt19937_64 rng(5);
  sorted_blocks<int> blocks;
  std::set<int> reference;
  for (int i = 0; i < 20'000; ++i) {
    int x = static_cast<int>(rng() % 3'000);
    if (rng() % 2) {
      if (reference.insert(x).second) blocks.insert(x);
    } else {
      ASSERT_EQ(blocks.erase(x), reference.erase(x) == 1);
    }
    ASSERT_EQ(blocks.size(), reference.size());
    if (i % 50 != 0 || reference.empty()) continue;
    ASSERT_EQ(blocks.front(), *reference.begin());
    ASSERT_EQ(blocks.rank(x),
              static_cast<std::size_t>(std::distance(reference.begin(), reference.lower_bound(x))));
    std::vector<int> all;
    blocks.scan([&](int y) {
      all.push_back(y);
      return true;
    });
    ASSERT_TRUE(std::equal(all.begin(), all.end(), reference.begin(), reference.end()));
  }
}

TEST(sorted_blocks, a_queue_grows_at_its_end_and_shrinks_at_its_front) {
  sorted_blocks<int> blocks;
  for (int i = 0; i < 10'000; ++i) {
    blocks.insert(i);
    if (i >= 1'000) {
      ASSERT_TRUE(blocks.erase(i - 1'000));
      ASSERT_EQ(blocks.rank(i), 999u);
    }
  }
}

TEST(winner_tree, the_root_is_the_least_after_any_change) {
  std::mt19937_64 rng(3);
  winner_tree<int> tree(true);
  std::map<std::uint32_t, int> reference;
  for (int i = 0; i < 5'000; ++i) {
    auto leaf = static_cast<std::uint32_t>(rng() % 100);
    if (rng() % 3) {
      reference[leaf] = static_cast<int>(rng() % 1'000);
      tree.set(leaf, reference[leaf]);
    } else {
      reference.erase(leaf);
      tree.clear(leaf);
    }
    ASSERT_EQ(tree.empty(), reference.empty());
    if (reference.empty()) continue;
    auto by_key = [](auto& a, auto& b) { return a.second < b.second; };
    ASSERT_EQ(tree.root().key,
              std::min_element(reference.begin(), reference.end(), by_key)->second);
    ASSERT_EQ(tree.greatest(1),
              std::max_element(reference.begin(), reference.end(), by_key)->second);
    auto others = reference;
    others.erase(tree.root().leaf);
    ASSERT_EQ(tree.runner_up().empty(), others.empty());
    if (others.empty()) continue;
    ASSERT_EQ(tree.runner_up().key, std::min_element(others.begin(), others.end(), by_key)->second);
  }
}

TEST(slot_table, finds_what_is_in_it_through_collisions_and_removal) {
  std::mt19937_64 rng(11);
  slot_table table;
  std::vector<std::uint64_t> hashes(400);
  for (auto& h : hashes) h = rng() % 50;
  std::set<std::uint32_t> in;
  for (int i = 0; i < 20'000; ++i) {
    auto slot = static_cast<std::uint32_t>(rng() % hashes.size());
    if (in.insert(slot).second) {
      table.insert(hashes[slot], slot);
    } else {
      table.erase(hashes[slot], slot);
      in.erase(slot);
    }
    auto probe = static_cast<std::uint32_t>(rng() % hashes.size());
    auto found = table.find(hashes[probe], [&](std::uint32_t s) { return s == probe; });
    ASSERT_EQ(found == probe, in.contains(probe));
  }
  EXPECT_EQ(table.size(), in.size());
}

TEST(eligibility_matrix, signatures_nobody_uses_are_forgotten_and_their_numbers_reused) {
  eligibility_matrix fits(false);
  auto pro = fits.acquire(profile{{{"s7", 9}}, 5});
  for (int i = 0; i < 20'000; ++i) {
    requirement need{{{"s" + std::to_string(i), 1}}, 1};
    auto n = fits.acquire(need);
    ASSERT_EQ(fits.fits(n, pro), i == 7);
    fits.release(n);
  }
  EXPECT_LE(fits.signature_count(), eligibility_matrix::max_idle_signatures + 2);
}

TEST(eligibility_matrix, a_profile_that_changed_hands_fits_by_its_new_skills) {
  eligibility_matrix fits(false);
  requirement need{{{"refund", 3}}, 2};
  auto n = fits.acquire(need);
  auto p = fits.acquire(profile{{{"refund", 2}}, 4});
  EXPECT_FALSE(fits.fits(n, p));
  fits.release_profile(p);
  EXPECT_EQ(fits.acquire(profile{{{"refund", 3}}, 4}), p);
  EXPECT_TRUE(fits.fits(n, p));
  EXPECT_TRUE(fits.signatures_for(p).has(n));
  fits.came_online(p, +1);
  EXPECT_EQ(fits.online_for(n), 1u);
}

}  // namespace
}  // namespace switchboard::dispatcher
