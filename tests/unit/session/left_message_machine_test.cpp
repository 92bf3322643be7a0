#include "actors/session/left_message_machine.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

namespace work = left_message_machine;
const timestamp t0 = from_unix_ms(1'700'000'000'000);
const participant customer{"customer", "u1", "Wang"}, lin{"agent", "lin", "Lin"},
    chen{"agent", "chen", "Chen"};

/// A session whose plan led to nobody: it was to be served by g.
struct message_left : ::testing::Test {
  session_state s;
  timestamp now = t0;

  message_left() {
    s.id = make_session_id(3, t0, 1, 2);
    consultation_request r;
    r.request_id = "r1";
    r.channel = "app";
    r.customer.id = "u1";
    happen(session_machine::open(r, {}, 1, "en"));
    happen(session_machine::identified({}, false));
    routing_plan p;
    p.rule = "everyone";
    p.steps.resize(2);
    p.steps[0].groups = {group_id{"g"}};
    p.steps[1].leave_message = true;
    happen(session_machine::plan(s, p, {1, {}, {}}, now));
  }
  void happen(session_machine::payloads events) {
    for (auto& what : events) apply(s, sequence(s, std::move(what), now));
  }
  template <class T> void happen(result<T> decided) {
    ASSERT_TRUE(decided) << decided.error().message;
    happen(std::move(*decided));
  }
  message_content text() { return {"c1", "text", {}}; }
};

TEST_F(message_left, is_kept_for_the_group_that_would_have_served_it) {
  EXPECT_EQ(s.phase, session_phase::left_message);
  ASSERT_TRUE(s.left);
  EXPECT_EQ(s.left->group.value, "g");
}

TEST_F(message_left, takes_what_the_customer_still_writes_until_it_is_settled) {
  happen(session_machine::send(s, customer, text(), {}));
  EXPECT_FALSE(session_machine::send(s, lin, text(), {}));
  happen(work::answer(s, lin, text(), now));
  EXPECT_EQ(session_machine::send(s, customer, text(), {}).error().code, errc::failed_precondition);
}

TEST_F(message_left, belongs_to_who_claimed_it_for_a_while) {
  happen(work::claim(s, lin, now));
  EXPECT_EQ(work::claim(s, chen, now).error().code, errc::aborted);
  EXPECT_EQ(work::answer(s, chen, text(), now).error().code, errc::aborted);
  EXPECT_TRUE(session_machine::may_touch(s, lin)) << "who answers has to read";
  EXPECT_FALSE(session_machine::may_touch(s, chen));
  now = t0 + work::claim_lasts;
  EXPECT_TRUE(work::claim(s, chen, now)) << "a claim that nothing follows lapses";
}

TEST_F(message_left, given_back_is_open_again) {
  EXPECT_FALSE(work::release(s, lin, "", now)) << "nobody has it";
  happen(work::claim(s, lin, now));
  happen(work::release(s, lin, "not mine", now));
  happen(work::claim(s, chen, now));
}

TEST_F(message_left, is_answered_or_dismissed_once) {
  happen(work::answer(s, lin, text(), now));
  EXPECT_EQ(s.messages, 1u);
  EXPECT_EQ(work::answer(s, lin, text(), now).error().code, errc::failed_precondition);
  EXPECT_EQ(work::claim(s, chen, now).error().code, errc::failed_precondition);
  EXPECT_EQ(work::dismiss(s, chen, "", now).error().code, errc::failed_precondition);
}

}  // namespace
}  // namespace switchboard
