#include "adapters/channel/transport/output_lane.hpp"

#include <gtest/gtest.h>

namespace switchboard::channel {
namespace {

using next = output_lane::next;

struct output_lane_test : testing::Test {
  output_lane lane;
  std::string out;
  gated_queue::released holds;
  next release(store::position durable) {
    out.clear();
    return lane.release(durable, 1'000, out, holds);
  }
};

TEST_F(output_lane_test, is_listed_once_however_much_is_put_in) {
  EXPECT_TRUE(lane.put(3, "a", "b", true));
  EXPECT_FALSE(lane.put(4, "c", "d", false));
  EXPECT_EQ(lane.waits_for(), 3u);
}

TEST_F(output_lane_test, nothing_leaves_one_position_early) {
  (void)lane.put(3, "a", {}, true);
  EXPECT_EQ(release(2), next::list);
  EXPECT_EQ(out, "");
  EXPECT_EQ(release(3), next::write);
  EXPECT_EQ(out, "a");
  EXPECT_EQ(holds.replies, 1u);
}

TEST_F(output_lane_test, what_comes_during_a_write_leaves_after_it_and_is_not_forgotten) {
  (void)lane.put(1, "a", {}, false);
  ASSERT_EQ(release(1), next::write);
  EXPECT_FALSE(lane.put(2, "b", {}, false)) << "the write looks after it";
  EXPECT_EQ(release(2), next::nothing) << "a gate that calls late must not begin a second write";
  EXPECT_EQ(lane.bytes(), 2u);
  lane.written();
  EXPECT_EQ(release(1), next::list);
  EXPECT_EQ(release(2), next::write);
  EXPECT_EQ(out, "b");
}

TEST_F(output_lane_test, an_empty_one_is_listed_again_by_what_is_put_in_next) {
  (void)lane.put(1, "a", {}, false);
  ASSERT_EQ(release(1), next::write);
  lane.written();
  EXPECT_EQ(release(1), next::nothing);
  EXPECT_TRUE(lane.put(2, "b", {}, false));
}

}  // namespace
}  // namespace switchboard::channel
