#include "actors/session/session_requests.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

TEST(session_requests, what_comes_before_the_keys_are_known_is_held_and_taken_up_once) {
  session_requests part(false);
  EXPECT_FALSE(part.known());
  session_call call;
  call.op_id = "op";
  send_message message;
  EXPECT_TRUE(part.hold(call));
  EXPECT_TRUE(part.hold(message));
  part.add({7, 1}, 3, {}, "said");
  auto held = part.all_known();
  EXPECT_TRUE(part.known());
  ASSERT_EQ(held.calls.size(), 1u);
  EXPECT_EQ(held.calls[0].op_id, "op");
  EXPECT_EQ(held.sends.size(), 1u);
  EXPECT_TRUE(held.opens.empty());
  EXPECT_TRUE(part.all_known().calls.empty());
  ASSERT_TRUE(part.answered().find(7));
  EXPECT_EQ(part.answered().said(*part.answered().find(7)), "said");
}

TEST(session_requests, not_more_is_held_than_may) {
  session_requests part(false);
  for (std::size_t i = 0; i < session_requests::most_held; ++i) {
    session_call call;
    EXPECT_TRUE(part.hold(call));
  }
  session_call call;
  EXPECT_FALSE(part.hold(call));
  send_message message;
  EXPECT_TRUE(part.hold(message)) << "each kind by itself";
  EXPECT_EQ(part.give_up().calls.size(), session_requests::most_held);
  EXPECT_FALSE(part.known());
}

TEST(session_requests, keys_that_are_forgotten_are_to_be_read_back) {
  session_requests part(true);
  part.add({7, 1}, 3, {}, {});
  part.forget(false);
  EXPECT_FALSE(part.known());
  EXPECT_FALSE(part.answered().find(7));
}

}  // namespace
}  // namespace switchboard
