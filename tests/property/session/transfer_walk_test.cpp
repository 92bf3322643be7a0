#include "tests/property/session/transfer_walk.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

namespace switchboard::test {
namespace {

/// SEED replays one walk; WALKS asks for more of them.
std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  auto* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST(
    transfer_walk,
    whatever_the_order_a_session_has_one_owner_or_a_place_and_no_agent_more_than_there_is_room_for) {
  auto first = from_environment("SEED", 1),
       walks = std::getenv("SEED") ? 1 : from_environment("WALKS", 400);
  for (auto seed = first; seed < first + walks; ++seed) {
    transfer_walk walk(seed);
    for (int i = 0; i < 120; ++i) {
      walk.step();
      auto wrong = walk.check();
      ASSERT_EQ(wrong, "") << "SEED=" << seed << " step " << i << " after: " << walk.last_command();
    }
    ASSERT_EQ(walk.run_out(), "") << "SEED=" << seed;
  }
}

}  // namespace
}  // namespace switchboard::test
