#include "actors/access/method_effects.hpp"

#include <gtest/gtest.h>

#include "actors/access/rights.hpp"

namespace switchboard {
namespace {

using store::work;

TEST(method_effects, every_method_says_what_it_does_to_the_store) {
  std::vector<std::string> with_rights, with_effects;
  for (auto& r : rights::table()) {
    // What stands behind a # is a part of a method with rights of its own.
    if (r.method.find('#') == r.method.npos) with_rights.emplace_back(r.method);
  }
  for (auto& e : rights::effects()) with_effects.emplace_back(e.method);
  EXPECT_EQ(with_effects, with_rights) << "a line in method_effects.cpp for each in rights.cpp";
}

TEST(method_effects, a_method_without_a_line_writes) {
  EXPECT_EQ(rights::effect_of("customer.new_thing").does, work::goes_on);
}

TEST(method_effects, what_makes_room_is_taken_longest_and_what_is_new_shortest) {
  for (auto method : {"session.close", "customer.erase", "agent.state", "agent.decline",
                      "channel.ack", "message.dismiss", "session.leave", "account.disable"}) {
    EXPECT_EQ(rights::effect_of(method).does, work::frees) << method;
  }
  for (auto method : {"session.open", "session.send", "attachment.begin", "message.answer"}) {
    EXPECT_EQ(rights::effect_of(method).does, work::begins) << method;
  }
  for (auto method : {"customer.update", "customer.tag", "session.note", "attachment.chunk"}) {
    EXPECT_EQ(rights::effect_of(method).does, work::goes_on) << method;
  }
  for (auto method : {"customer.get", "admin.status", "session.events", "admin.backup"}) {
    EXPECT_EQ(rights::effect_of(method).does, work::reads) << method;
  }
}

}  // namespace
}  // namespace switchboard
