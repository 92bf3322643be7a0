#include "actors/session/session_transfer.hpp"

#include <gtest/gtest.h>

#include "actors/session/session_attendance.hpp"

namespace switchboard {
namespace {

using session_machine::payloads;
const timestamp t0 = from_unix_ms(1'700'000'000'000);
const participant customer{"customer", "u1", "Wang"}, lin{"agent", "lin", "Lin"},
    chen{"agent", "chen", "Chen"}, xu{"supervisor", "xu", "Xu"};
const session_transfer::limits limits{millis{300'000}, millis{1'800'000}};

struct handing_on : ::testing::Test {
  session_state s;
  timestamp now = t0;

  handing_on() {
    s.id = make_session_id(3, t0, 1, 2);
    consultation_request r;
    r.channel = "app";
    r.customer.id = "u1";
    happen(session_machine::open(r, {}, 1, "en"));
    happen(session_machine::identified({}, false));
    happen(session_machine::plan(s, to("g"), {0, {group_id{"g"}}, {}}, now));
    happen(session_machine::propose(s, offer(lin), now));
  }
  void happen(payloads events) {
    for (auto& what : events) apply(s, sequence(s, std::move(what), now));
  }
  void happen(result<payloads> decided) {
    ASSERT_TRUE(decided) << decided.error().message;
    happen(std::move(*decided));
  }
  static routing_plan to(const char* group) {
    routing_plan p;
    p.rule = group;
    p.steps = {{{group_id{group}}, {}, millis{0}, false, false}};
    return p;
  }
  static session_machine::proposal offer(const participant& who, bool automatic = true) {
    return {offer_id{"o-" + who.id}, who, group_id{"h"}, automatic, millis{20'000}, "idle"};
  }
  void begin(const char* mode, std::string agent = {}) {
    happen(session_transfer::begin(
        s, {transfer_id{"t"}, lin, mode, agent.empty() ? "h" : "", agent, false, "why"}, to("h"),
        {0, {group_id{"h"}}, {}}, now, limits));
  }
  void join(const participant& who) {
    happen(session_transfer::propose(s, offer(who), now, limits));
  }
  std::string owner() const { return s.serving ? s.serving->agent.id : ""; }
};

TEST_F(handing_on, warm_the_owner_stays_until_it_is_completed) {
  begin("warm");
  join(chen);
  EXPECT_EQ(owner(), "lin");
  EXPECT_EQ(participants::ties_of(s, "chen"), tie::speaker);
  happen(session_transfer::complete(s, lin, transfer_id{"t"}));
  EXPECT_EQ(owner(), "chen");
  EXPECT_FALSE(s.participants);
  EXPECT_EQ(s.opened_at, t0);
}

TEST_F(handing_on, a_consulted_agent_may_not_write_to_the_customer) {
  begin("consult");
  join(chen);
  EXPECT_EQ(participants::ties_of(s, "chen"), tie::listener);
  EXPECT_EQ(session_machine::send(s, chen, {"m", "text", {"\x80"}}, {}).error().code,
            errc::permission_denied);
  EXPECT_TRUE(session_attendance::whisper(s, chen, {"w", "text", {"\x80"}}));
}

TEST_F(handing_on, nothing_is_completed_before_somebody_has_joined_nor_twice) {
  begin("warm");
  EXPECT_EQ(session_transfer::complete(s, lin, transfer_id{"t"}).error().message,
            "nobody has joined yet");
  join(chen);
  happen(session_transfer::complete(s, lin, transfer_id{"t"}));
  EXPECT_EQ(session_transfer::complete(s, lin, transfer_id{"t"}).error().code,
            errc::failed_precondition);
}

TEST_F(handing_on, of_two_who_could_join_one_does) {
  begin("warm");
  happen(session_transfer::propose(s, offer(chen, false), now, limits));
  EXPECT_FALSE(session_transfer::propose(s, offer({"agent", "sun", ""}), now, limits));
  happen(session_transfer::accept(s, offer_id{"o-chen"}, agent_id{"chen"}, now, limits));
  EXPECT_FALSE(session_transfer::accept(s, offer_id{"o-chen"}, agent_id{"chen"}, now, limits));
  EXPECT_FALSE(session_transfer::propose(s, offer({"agent", "sun", ""}), now, limits));
}

TEST_F(handing_on, the_owner_is_not_asked_to_join_their_own_session) {
  begin("warm");
  EXPECT_FALSE(session_transfer::propose(s, offer(lin), now, limits));
}

TEST_F(handing_on, who_was_asked_by_name_and_declines_ends_it) {
  begin("warm", "chen");
  EXPECT_FALSE(session_transfer::propose(s, offer({"agent", "sun", ""}), now, limits));
  happen(session_transfer::propose(s, offer(chen, false), now, limits));
  happen(session_transfer::end_offer(s, offer_id{"o-chen"}, "declined", true));
  EXPECT_FALSE(s.participants);
  EXPECT_EQ(owner(), "lin");
}

TEST_F(handing_on, a_cold_one_taken_back_waits_for_its_agent_first_and_is_not_asked) {
  begin("cold");
  EXPECT_EQ(s.phase, session_phase::waiting);
  now += millis{200'000};
  happen(session_transfer::cancel(s, lin, transfer_id{"t"}, now));
  EXPECT_EQ(s.dispatch->plan.sticky, agent_id{"lin"});
  EXPECT_EQ(s.dispatch->groups, std::vector{group_id{"h"}}) << "where it was accepted";
  EXPECT_EQ(s.phase_since, now);
  happen(session_machine::propose(s, offer(lin, false), now));
  EXPECT_EQ(owner(), "lin") << "a manual group does not ask who had it";
}

TEST_F(handing_on, a_cold_one_taken_back_while_it_is_offered_leaves_nobody_with_an_offer) {
  begin("cold");
  happen(session_machine::propose(s, offer(chen, false), now));
  happen(session_transfer::cancel(s, lin, transfer_id{"t"}, now));
  EXPECT_FALSE(s.offer);
  EXPECT_FALSE(session_machine::accept(s, offer_id{"o-chen"}, agent_id{"chen"}, now));
}

TEST_F(handing_on, what_is_accepted_cannot_be_taken_back_and_the_answer_says_who_serves) {
  begin("cold");
  happen(session_machine::propose(s, offer(chen), now));
  EXPECT_NE(session_transfer::cancel(s, lin, transfer_id{"t"}, now)
                .error()
                .message.find("served by chen"),
            std::string::npos);
}

TEST_F(handing_on, only_who_began_it_or_a_supervisor_takes_it_back) {
  begin("warm");
  EXPECT_EQ(session_transfer::cancel(s, chen, transfer_id{"t"}, now).error().code,
            errc::permission_denied);
  EXPECT_TRUE(session_transfer::cancel(s, xu, transfer_id{"t"}, now));
}

struct running_out : handing_on {
  void run_out() {
    auto due = participants::next_deadline(s);
    ASSERT_TRUE(due);
    now = *due;
    happen(session_transfer::expire(s, now));
    EXPECT_FALSE(s.participants && s.participants->transfer);
  }
};

TEST_F(running_out, a_cold_one_comes_back) {
  begin("cold");
  run_out();
  EXPECT_EQ(s.dispatch->plan.rule, "returned");
}
TEST_F(running_out, a_search_ends_and_the_owner_goes_on) {
  for (auto* mode : {"warm", "consult", "conference"}) {
    begin(mode);
    run_out();
    EXPECT_EQ(owner(), "lin") << mode;
  }
}
TEST_F(running_out, a_warm_one_is_completed) {
  begin("warm");
  join(chen);
  run_out();
  EXPECT_EQ(owner(), "chen");
}
TEST_F(running_out, a_consult_ends) {
  begin("consult");
  join(chen);
  run_out();
  EXPECT_EQ(owner(), "lin");
  EXPECT_FALSE(participants::find(s, "chen"));
}

TEST_F(handing_on,
       who_has_joined_takes_over_from_an_owner_who_is_lost_and_who_was_consulted_does_not) {
  begin("conference");
  join(chen);
  happen(session_transfer::owner_lost(s, agent_id{"lin"}, "line", now));
  EXPECT_EQ(owner(), "chen");
  happen(session_transfer::begin(s, {transfer_id{"u"}, chen, "consult", "h", "", false, ""},
                                 to("h"), {0, {group_id{"h"}}, {}}, now, limits));
  join(lin);
  happen(session_transfer::owner_lost(s, agent_id{"chen"}, "line", now));
  EXPECT_EQ(owner(), "");
  EXPECT_EQ(s.phase, session_phase::waiting);
  EXPECT_FALSE(participants::find(s, "lin"));
}

TEST_F(handing_on, a_warm_one_whose_owner_is_lost_goes_on_as_a_cold_one) {
  begin("warm");
  happen(session_transfer::owner_lost(s, agent_id{"lin"}, "line", now));
  EXPECT_EQ(s.phase, session_phase::waiting);
  EXPECT_EQ(s.dispatch->groups, std::vector{group_id{"h"}});
}

TEST_F(handing_on, the_customer_sees_only_whom_the_customer_hears) {
  for (auto as : {presence::conference, presence::warm, presence::barge})
    EXPECT_EQ(visibility_of(event::joined{{}, as}), visibility::everyone);
  for (auto as : {presence::consult, presence::monitor}) {
    EXPECT_EQ(visibility_of(event::joined{{}, as}), visibility::agents);
    EXPECT_EQ(visibility_of(event::parted{{}, as, ""}), visibility::agents);
  }
}

TEST_F(handing_on, a_snoozed_session_stays_its_owner_s_also_when_the_owner_is_gone) {
  happen(session_attendance::snooze(s, lin, now + millis{60'000}, "", now, millis{600'000}));
  EXPECT_TRUE(session_transfer::owner_lost(s, agent_id{"lin"}, "night", now).empty());
  EXPECT_EQ(s.participants->snoozed_until, now + millis{60'000});
  happen(session_attendance::wake(s, "time", {}, now));
  EXPECT_EQ(s.phase, session_phase::waiting);
  EXPECT_EQ(s.dispatch->plan.sticky, agent_id{"lin"});
  EXPECT_TRUE(session_attendance::wake(s, "time", {}, now).empty());
}

TEST_F(handing_on, is_not_put_off_into_the_past_nor_for_ever_nor_while_others_are_there) {
  EXPECT_EQ(session_attendance::snooze(s, lin, now, "", now, millis{600'000}).error().field,
            "until");
  EXPECT_EQ(session_attendance::snooze(s, lin, now + millis{600'001}, "", now, millis{600'000})
                .error()
                .field,
            "until");
  begin("conference");
  join(chen);
  EXPECT_FALSE(session_attendance::snooze(s, lin, now + millis{1'000}, "", now, millis{600'000}));
}

TEST_F(handing_on, a_supervisor_who_barges_in_and_listens_again_is_seen_to_go) {
  happen(session_attendance::attend(s, xu, presence::monitor));
  happen(session_attendance::attend(s, xu, presence::barge));
  EXPECT_TRUE(session_attendance::attend(s, xu, presence::barge)->empty());
  auto again = session_attendance::attend(s, xu, presence::monitor);
  ASSERT_TRUE(again);
  EXPECT_EQ(visibility_of(again->front()), visibility::everyone);
  happen(std::move(again));
  EXPECT_EQ(participants::ties_of(s, "xu"), tie::listener);
  EXPECT_EQ(s.participants->parties.size(), 1u);
}

TEST_F(handing_on, a_takeover_ends_what_was_under_way) {
  begin("conference");
  join(chen);
  begin("warm");
  happen(session_attendance::take_over(s, xu, transfer_id{"x"}, offer_id{"r"}));
  EXPECT_EQ(owner(), "xu");
  EXPECT_EQ(s.serving->agent.role, "agent");
  EXPECT_FALSE(s.participants);
}

TEST_F(handing_on, no_more_join_than_may) {
  for (std::size_t i = 0; i < session_transfer::most_parties; ++i) {
    begin("conference");
    join({"agent", "a" + std::to_string(i), ""});
  }
  session_transfer::wish w{transfer_id{"t"}, lin, "conference", "h", "", false, ""};
  EXPECT_EQ(session_transfer::may_begin(s, w).error().code, errc::resource_exhausted);
  EXPECT_EQ(session_attendance::attend(s, xu, presence::monitor).error().code,
            errc::resource_exhausted);
}

TEST_F(handing_on, a_snapshot_with_participants_reads_back_as_the_same_state) {
  begin("warm");
  happen(session_transfer::propose(s, offer(chen, false), now, limits));
  session_state back;
  ASSERT_TRUE(codec::unpack(codec::pack(s), back));
  EXPECT_EQ(codec::pack(back), codec::pack(s));
  EXPECT_EQ(back.participants->transfer->offer->agent.id, "chen");
}

}  // namespace
}  // namespace switchboard
