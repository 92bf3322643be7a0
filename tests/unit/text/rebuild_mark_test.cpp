#include "runtime/text/rebuild_mark.hpp"

#include <set>

#include <gtest/gtest.h>

#include "runtime/text/fold.hpp"

namespace switchboard {
namespace {

/// An index of the records' folded names, in a store that keeps what a step wrote, or nothing of
/// it.
struct indexed {
  std::set<std::string> records{"A", "B", "C", "D", "E"};
  std::set<std::string> index{"old 1", "old 2", "old 3"};
  std::string mark;

  bool step() {
    rebuild_mark m(mark);
    if (m.done()) return false;
    m.step(
        [&] {
          std::size_t n = 0;
          for (; n < 2 && !index.empty(); ++n) index.erase(index.begin());
          return n;
        },
        [&](const std::string& from) {
          std::string last;
          auto at = records.upper_bound(from);
          for (int n = 0; n < 2 && at != records.end(); ++n, ++at) index.insert(folded(last = *at));
          return last;
        });
    mark = m.text();
    return true;
  }
};

const std::set<std::string> whole{"a", "b", "c", "d", "e"};

TEST(rebuild_mark, an_index_without_a_mark_is_made_anew_in_steps) {
  indexed i;
  int steps = 0;
  while (i.step()) ++steps;
  EXPECT_EQ(i.index, whole);
  EXPECT_GT(steps, 4) << "bounded ones";
  EXPECT_FALSE(i.step());
}

TEST(rebuild_mark, cut_after_any_step_it_goes_on_and_comes_to_the_same) {
  for (int cut = 0; cut < 8; ++cut) {
    indexed i;
    for (int n = 0; n < cut; ++n) i.step();
    auto kept = i;  // another process, with what was written
    while (kept.step()) continue;
    EXPECT_EQ(kept.index, whole) << cut;
  }
}

TEST(rebuild_mark, one_of_another_folding_is_made_anew_whole_however_far_it_had_come) {
  indexed i;
  i.mark = "1, Unicode 9.0\nd";
  while (i.step()) continue;
  EXPECT_EQ(i.index, whole);
  i.mark = "1, Unicode 9.0\nbC";
  i.index.insert("stale");
  while (i.step()) continue;
  EXPECT_EQ(i.index, whole);
}

TEST(rebuild_mark, what_makes_no_sense_counts_as_no_mark) {
  for (auto text : {"", "x", "\n", "d"}) EXPECT_FALSE(rebuild_mark(text).done()) << text;
  EXPECT_FALSE(rebuild_mark(folding() + "\n").done());
  EXPECT_FALSE(rebuild_mark(folding() + "\nz").done());
  EXPECT_TRUE(rebuild_mark(folding() + "\nd").done());
}

}  // namespace
}  // namespace switchboard
