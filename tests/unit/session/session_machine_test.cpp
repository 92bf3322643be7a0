#include "actors/session/session_machine.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

using session_machine::payloads;
const timestamp t0 = from_unix_ms(1'700'000'000'000);
const participant customer{"customer", "u1", "Wang"}, lin{"agent", "lin", "Lin"},
    chen{"agent", "chen", "Chen"};

struct session_life : ::testing::Test {
  session_state s;
  timestamp now = t0;

  session_life() { s.id = make_session_id(3, t0, 1, 2); }

  void happen(payloads events) {
    for (auto& what : events) apply(s, sequence(s, std::move(what), now));
  }
  template <class T> void happen(result<T> decided) {
    ASSERT_TRUE(decided) << decided.error().message;
    happen(std::move(*decided));
  }
  static routing_plan one_step(millis wait = millis{0}) {
    routing_plan p;
    p.rule = "everyone";
    p.steps = {{{group_id{"g"}}, {}, wait, false, false}};
    return p;
  }
  session_machine::proposal offer(const participant& who, bool automatic, std::string id = "o1") {
    return {offer_id{std::move(id)}, who, group_id{"g"}, automatic, millis{20'000}, "longest idle"};
  }
  void wait() {
    consultation_request r;
    r.request_id = "r1";
    r.channel = "app";
    r.customer.id = "u1";
    happen(session_machine::open(r, {}, 1, "en"));
    happen(session_machine::identified({}, false));
    happen(session_machine::plan(s, one_step(millis{20'000}), {0, {group_id{"g"}}, {}}, now));
  }
  void serve(const participant& who) { happen(session_machine::propose(s, offer(who, true), now)); }
};

TEST_F(session_life, goes_from_identifying_through_waiting_to_active) {
  wait();
  EXPECT_EQ(s.phase, session_phase::waiting);
  EXPECT_EQ(s.dispatch->step_until, now + millis{20'000});
  serve(lin);
  EXPECT_EQ(s.phase, session_phase::active);
  EXPECT_EQ(s.serving->agent.id, "lin");
}

TEST_F(session_life, of_two_proposals_takes_one_and_refuses_the_other) {
  wait();
  serve(lin);
  auto second = session_machine::propose(s, offer(chen, true, "o2"), now);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::failed_precondition);
}

TEST_F(session_life, of_two_accepts_one_wins_and_the_loser_is_told_who) {
  wait();
  happen(session_machine::propose(s, offer(lin, false), now));
  happen(session_machine::accept(s, offer_id{"o1"}, agent_id{"lin"}, now));
  auto late = session_machine::accept(s, offer_id{"o1"}, agent_id{"chen"}, now);
  ASSERT_FALSE(late);
  EXPECT_NE(late.error().message.find("lin"), std::string::npos);
}

TEST_F(session_life, an_offer_that_timed_out_cannot_be_accepted_any_more) {
  wait();
  happen(session_machine::propose(s, offer(lin, false), now));
  now += millis{20'001};
  EXPECT_FALSE(session_machine::accept(s, offer_id{"o1"}, agent_id{"lin"}, now));
}

TEST_F(session_life, a_missed_offer_returns_it_to_waiting_and_remembers_the_agent) {
  wait();
  happen(session_machine::propose(s, offer(lin, false), now));
  happen(session_machine::end_offer(s, offer_id{"o1"}, "timeout", true));
  EXPECT_EQ(s.phase, session_phase::waiting);
  EXPECT_EQ(s.dispatch->asked, std::vector{agent_id{"lin"}});
  EXPECT_TRUE(session_machine::end_offer(s, offer_id{"o1"}, "timeout", true).empty())
      << "an offer ends once";
}

TEST_F(session_life, a_lost_agent_leaves_it_waiting_with_its_old_age) {
  wait();
  serve(lin);
  now += millis{60'000};
  happen(session_machine::agent_lost(s, agent_id{"lin"}, "connection lost"));
  EXPECT_EQ(s.phase, session_phase::waiting);
  EXPECT_EQ(s.opened_at, t0);
  EXPECT_FALSE(s.serving);
}

TEST_F(session_life, only_who_serves_it_may_write_and_nobody_after_the_end) {
  wait();
  serve(lin);
  message_content m{"m1", "text", {"\x80"}};
  EXPECT_TRUE(session_machine::send(s, lin, m, {}));
  EXPECT_EQ(session_machine::send(s, chen, m, {}).error().code, errc::permission_denied);
  happen(session_machine::close(s, lin, "done"));
  EXPECT_EQ(s.phase, session_phase::closed);
  EXPECT_EQ(session_machine::send(s, customer, m, {}).error().code, errc::failed_precondition);
  EXPECT_TRUE(session_machine::close(s, lin, "again")->empty());
}

TEST_F(session_life, closed_while_nobody_ever_served_counts_as_abandoned) {
  wait();
  happen(session_machine::close(s, customer, "tired of waiting"));
  EXPECT_EQ(s.phase, session_phase::abandoned);
}

TEST_F(session_life, a_plan_without_a_step_left_leaves_a_message) {
  consultation_request r;
  happen(session_machine::open(r, {}, 1, "en"));
  happen(session_machine::plan(s, one_step(), {1, {}, {}}, now));
  EXPECT_EQ(s.phase, session_phase::left_message);
}

TEST_F(session_life, a_cold_transfer_lets_the_agent_go_and_keeps_the_age) {
  wait();
  serve(lin);
  now += millis{5'000};
  happen(session_machine::transfer(s, {transfer_id{"t"}, lin, "cold", "g2", "", false, ""},
                                   one_step(), {0, {group_id{"g2"}}, {}}, now));
  EXPECT_EQ(s.phase, session_phase::waiting);
  EXPECT_EQ(s.opened_at, t0);
  EXPECT_EQ(s.dispatch->groups, std::vector{group_id{"g2"}});
  EXPECT_EQ(s.transfers, 1u);
}

TEST_F(session_life, a_rating_is_given_once_and_only_of_somebody) {
  wait();
  EXPECT_EQ(session_machine::rate(s, 5, "").error().code, errc::failed_precondition);
  serve(lin);
  happen(session_machine::rate(s, 5, "good"));
  EXPECT_TRUE(session_machine::rate(s, 5, "")->empty());
  EXPECT_EQ(session_machine::rate(s, 1, "").error().code, errc::already_exists);
}

TEST_F(session_life, only_the_sender_recalls_and_only_within_the_window) {
  wait();
  serve(lin);
  EXPECT_TRUE(session_machine::recall(s, customer, 4, customer, now, now + millis{120'000}, {}));
  EXPECT_FALSE(session_machine::recall(s, customer, 4, customer, now, now + millis{120'001}, {}));
  EXPECT_EQ(session_machine::recall(s, lin, 4, customer, now, now, {}).error().code,
            errc::permission_denied);
}

TEST_F(session_life, unread_messages_are_counted_until_read_or_answered) {
  wait();
  serve(lin);
  auto say = [&](const participant& who) {
    happen(session_machine::send(s, who, {"", "text", {}}, {}));
  };
  say(customer);
  auto first = s.unanswered_since;
  now += millis{1000};
  say(customer);
  EXPECT_EQ(s.unread_by_agent, 2u);
  EXPECT_EQ(s.unanswered_since, first) << "since the first that nobody has answered";
  happen(payloads{event::read{s.seq - 1, lin, 1}});
  EXPECT_EQ(s.unread_by_agent, 1u);
  say(lin);
  EXPECT_EQ(s.unread_by_agent, 0u);
  EXPECT_EQ(s.unread_by_customer, 1u);
  EXPECT_EQ(s.unanswered_since, timestamp{});
}

TEST_F(session_life, what_was_told_is_remembered_and_a_plain_session_carries_none_of_it) {
  wait();
  serve(lin);
  EXPECT_EQ(s.reception, nullptr);
  happen(payloads{event::alert{"unanswered", "leader", 3, 2, t0, {agent_id{"lin"}}}});
  ASSERT_NE(s.reception, nullptr);
  EXPECT_EQ(s.reception->unanswered, (told_alerts{3, now, true}));
  EXPECT_EQ(s.reception->waiting, told_alerts{});
  happen(payloads{event::recalled{1, customer, {}, "file"}});
  EXPECT_EQ(s.reception->gone_attachments, (std::vector<std::string>{"file"}));
  session_state back;
  ASSERT_TRUE(codec::unpack(codec::pack(s), back));
  EXPECT_EQ(codec::pack(back), codec::pack(s));
}

TEST_F(session_life,
       past_the_window_only_the_right_to_do_so_takes_back_and_never_a_customer_s_words) {
  wait();
  serve(lin);
  session_machine::limits l;
  l.recall_window = millis{1000};
  l.recall_rule = "groups.g.recall_window";
  auto late = t0 + millis{1001};
  auto refused = session_machine::recall(s, lin, 4, lin, t0, late, l);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().rule, "groups.g.recall_window");
  l.recall_any_time = true;
  EXPECT_TRUE(session_machine::recall(s, lin, 4, chen, t0, late, l));
  EXPECT_EQ(session_machine::recall(s, lin, 4, customer, t0, t0, l).error().code,
            errc::permission_denied);
}

}  // namespace
}  // namespace switchboard
