#include "actors/session/session_trail.hpp"

#include <gtest/gtest.h>

#include "tests/unit/session/session_fixture.hpp"

namespace switchboard {
namespace {

struct trail : test::session_fixture {
  trail() { open(); }
  trail_note told(findings found, bool start = true) {
    found.person = person_id{"m:7"};
    happen(session_machine::identified(std::move(found), false));
    return trail_note_of(s, start);
  }
  static findings of_member() {
    findings f;
    f.member = member_finding{.id = "7", .name = "Wang"};
    f.tags = {"vip"};
    return f;
  }
};

TEST_F(trail, a_person_who_heard_the_request_with_the_question_is_not_told_it_again) {
  auto f = of_member();
  f.trail.emplace();
  auto note = told(f);
  EXPECT_EQ(note.seen_as.id, "");
  EXPECT_EQ(note.member_id, "");
  EXPECT_EQ(note.person.value, "m:7");
  EXPECT_EQ(note.tags, std::vector<std::string>{"vip"}) << "which came beside the trail";
  EXPECT_TRUE(note.start);
}

TEST_F(trail, a_person_who_was_not_heard_in_time_is_told_what_the_request_shows) {
  auto f = of_member();
  f.degraded = {"trail: no answer within 300 ms"};
  auto note = told(f);
  EXPECT_EQ(note.seen_as.id, s.customer);
  EXPECT_EQ(note.member_id, "7");
  EXPECT_EQ(note.member_name, "Wang");
  EXPECT_FALSE(note.start) << "an answer that lacks something does not say that there are no tags";
}

TEST_F(trail, later_only_the_line_is_told) {
  auto note = told(of_member(), false);
  EXPECT_EQ(note.seen_as.id, "");
  EXPECT_TRUE(note.tags.empty());
  EXPECT_EQ(note.entry.session, s.id);
}

}  // namespace
}  // namespace switchboard
