#include "actors/access/methods.hpp"

#include <string>

#include <gtest/gtest.h>

#include "actors/access/rights.hpp"

namespace switchboard {
namespace {

using store::work;

work work_of(std::string_view method) {
  return rights::methods()[rights::place_of(method).value()].does;
}

TEST(methods, each_is_found_in_its_place_and_has_rights) {
  const auto all = rights::methods();
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(rights::place_of(all[i].name), i) << all[i].name;
    ASSERT_TRUE(rights::find(all[i].name)) << all[i].name;
    EXPECT_EQ(rights::find(all[i].name)->method, all[i].name);
  }
}

TEST(methods, what_is_none_has_no_place) {
  for (std::string_view name :
       {"", "session", "session.", "session.opens", "hello", "session.recall#others", "open"})
    EXPECT_FALSE(rights::place_of(name)) << name;
  // A part of a method has rights, but nobody calls it.
  EXPECT_TRUE(rights::find("session.recall#others"));
}

TEST(methods, what_makes_room_is_taken_longest_and_what_is_new_shortest) {
  for (auto method : {"session.close", "customer.erase", "agent.state", "agent.decline",
                      "channel.ack", "message.dismiss", "session.leave", "account.disable"}) {
    EXPECT_EQ(work_of(method), work::frees) << method;
  }
  for (auto method : {"session.open", "session.send", "attachment.begin", "message.answer"}) {
    EXPECT_EQ(work_of(method), work::begins) << method;
  }
  for (auto method : {"customer.update", "customer.tag", "session.note", "attachment.chunk"}) {
    EXPECT_EQ(work_of(method), work::goes_on) << method;
  }
  for (auto method : {"customer.get", "admin.status", "session.events", "admin.backup"}) {
    EXPECT_EQ(work_of(method), work::reads) << method;
  }
}

}  // namespace
}  // namespace switchboard
