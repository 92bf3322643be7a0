#include "adapters/channel/transport/output_lane.hpp"

#include <gtest/gtest.h>

namespace switchboard::channel {
namespace {

constexpr std::uint32_t call = 7;

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
  EXPECT_TRUE(lane.put(3, "a", "b", &call));
  EXPECT_FALSE(lane.put(4, "c", "d", nullptr));
  EXPECT_EQ(lane.waits_for(), 3u);
}

TEST_F(output_lane_test, nothing_leaves_one_position_early) {
  (void)lane.put(3, "a", {}, &call);
  EXPECT_EQ(release(2), next::list);
  EXPECT_EQ(out, "");
  EXPECT_EQ(release(3), next::write);
  EXPECT_EQ(out, "a");
  EXPECT_EQ(holds.replies, 1u);
}

TEST_F(output_lane_test, what_comes_during_a_write_leaves_after_it_and_is_not_forgotten) {
  (void)lane.put(1, "a", {}, nullptr);
  ASSERT_EQ(release(1), next::write);
  EXPECT_FALSE(lane.put(2, "b", {}, nullptr)) << "the write looks after it";
  EXPECT_EQ(release(2), next::nothing) << "a gate that calls late must not begin a second write";
  EXPECT_EQ(lane.bytes(), 2u);
  lane.written();
  EXPECT_EQ(release(1), next::list);
  EXPECT_EQ(release(2), next::write);
  EXPECT_EQ(out, "b");
}

TEST_F(output_lane_test, an_empty_one_is_listed_again_by_what_is_put_in_next) {
  (void)lane.put(1, "a", {}, nullptr);
  ASSERT_EQ(release(1), next::write);
  lane.written();
  EXPECT_EQ(release(1), next::nothing);
  EXPECT_TRUE(lane.put(2, "b", {}, nullptr));
}

TEST_F(output_lane_test, a_refusal_leaves_though_the_journal_stands_still) {
  ASSERT_TRUE(lane.put(9, "waits", {}, &call));
  ASSERT_EQ(release(3), next::list);
  EXPECT_TRUE(lane.put_at_once("refused")) << "the gate waits for 9: it has to be told";
  EXPECT_EQ(lane.waits_for(), 0u);
  ASSERT_EQ(release(3), next::write);
  EXPECT_EQ(out, "refused");
  EXPECT_EQ(holds.replies, 1u);
  EXPECT_EQ(release(3), next::nothing) << "listed twice";
  lane.written();
  EXPECT_EQ(release(3), next::list);
  EXPECT_EQ(lane.waits_for(), 9u);
  EXPECT_EQ(release(9), next::write);
  EXPECT_EQ(out, "waits");
}

TEST_F(output_lane_test, a_refusal_does_not_overtake_what_may_leave) {
  (void)lane.put(1, "first", {}, &call);
  (void)lane.put_at_once("second");
  ASSERT_EQ(release(1), next::write);
  EXPECT_EQ(out, "first");
  lane.written();
  ASSERT_EQ(release(1), next::write);
  EXPECT_EQ(out, "second");
}

}  // namespace
}  // namespace switchboard::channel
