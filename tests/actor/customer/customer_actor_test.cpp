#include "actors/customer/customer_actor.hpp"

#include "actors/read_model/projection/person_finding.hpp"
#include "tests/actor/customer/customer_fixture.hpp"

namespace switchboard {
namespace {

struct customer_actor_test : customer_fixture {
  customer_actor_test() { start_directory(); }

  trail_note note(const std::string& agent = "a7") {
    trail_note n;
    n.person = person_id{"m:1"};
    n.entry.session = numbered_session(1);
    n.entry.channel = "app";
    n.entry.opened_at = clock.time;
    n.entry.agent = agent_id{agent};
    n.seen_as.id = "c1";
    n.seen_as.name = "Li";
    return n;
  }
};

TEST_F(customer_actor_test, a_note_is_in_the_next_answer_and_the_identity_in_the_journal) {
  tell(note());
  tell(trail_query{42, person_id{"m:1"}});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].ticket, 42u);
  EXPECT_EQ(findings[0].trail.last_agent, agent_id{"a7"});
  EXPECT_EQ(findings[0].trail.sessions_30d, 1);
  EXPECT_EQ(w.journal.last(), 1u);
  tell(note());
  EXPECT_EQ(w.journal.last(), 1u);
}

TEST_F(customer_actor_test, what_a_request_shows_is_recorded_before_the_trail_is_told_and_once) {
  identity_claims claims;
  services.claims = &claims;
  const channel_customer who{.id = "c1", .name = "Li", .phone = "+86 13800000001"};
  auto person = projecting::claim_person(w.state, claims, "app", who, "1", clock.time).person;
  ASSERT_EQ(person.value, "m:1");
  EXPECT_EQ(claims.claims(), 2u);
  trail_query q;
  q.person = person;
  q.channel = "app";
  q.seen_as = who;
  q.member_id = "1";
  tell(q);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(w.journal.last(), 1u);
  EXPECT_EQ(claims.claims(), 0u);
  auto n = note();
  n.seen_as = who;
  n.member_id = "1";
  n.start = true;
  tell(n);
  EXPECT_EQ(w.journal.last(), 1u);
  auto found = [&] {
    return projecting::find_person(w.state, claims, "web", {.id = "w1", .phone = "13800000001"}, {})
        .person.value;
  };
  EXPECT_EQ(found(), "m:1");
  tell(call(customer_method::update, {{"phone", "13900000002"}}));
  EXPECT_EQ(found(), "c:web:w1") << "the number is another one's now, though nothing is projected";
  w.journal.commit_all();
  EXPECT_EQ(found(), "c:web:w1");
  claims.projected(w.state.projected());
  EXPECT_EQ(claims.size(), 0u);
}

TEST_F(customer_actor_test, the_answer_to_a_change_waits_for_its_record) {
  tell(call(customer_method::lead_create, {{"title", "A fridge"}}));
  ASSERT_EQ(out->rows.size(), 1u);
  EXPECT_EQ(out->rows[0].after, w.journal.last());
  EXPECT_EQ(w.journal.last(), 1u);
}

TEST_F(customer_actor_test, the_same_op_id_gives_the_same_answer_even_after_sleep) {
  tell(call(customer_method::lead_create, {{"title", "A fridge"}}, "op1"));
  w.journal.commit_all();
  pass(millis{10'000});
  EXPECT_EQ(awake(), 0u);
  tell(call(customer_method::lead_create, {{"title", "A fridge"}}, "op1"));
  tell(call(customer_method::lead_create, {{"title", "A house"}}, "op1"));
  ASSERT_EQ(out->rows.size(), 3u);
  EXPECT_EQ(out->rows[1].packed, out->rows[0].packed);
  EXPECT_EQ(out->rows[2].why->code, errc::already_exists);
  EXPECT_EQ(w.journal.last(), 1u);
}

TEST_F(customer_actor_test, it_stays_awake_until_the_projector_has_come_up) {
  tell(note());
  pass(millis{10'000});
  pass(millis{10'000});
  EXPECT_EQ(awake(), 1u);
  w.journal.commit_all();
  pass(millis{10'000});
  EXPECT_EQ(awake(), 0u);
}

TEST_F(customer_actor_test, it_stays_awake_while_it_is_spoken_of) {
  tell(note());
  w.journal.commit_all();
  pass(millis{9'000});
  tell(trail_query{1, person_id{"m:1"}});
  pass(millis{9'000});
  EXPECT_EQ(awake(), 1u);
  pass(millis{1'000});
  EXPECT_EQ(awake(), 0u);
}

TEST_F(customer_actor_test, what_comes_while_it_falls_asleep_is_not_lost) {
  tell(note());
  w.journal.commit_all();
  clock.time += millis{10'000};
  // Its word to the directory and this change cross: the change is handled before the drain, and
  // must be projected first.
  timers->advance();
  caf::send_as(listener, persons(), call(customer_method::update, {{"name", "Wang"}}));
  sched.run();
  EXPECT_EQ(awake(), 1u);
  tell(call(customer_method::update, {{"phone", "138"}}));
  w.journal.commit_all();
  pass(millis{10'000});
  tell(call(customer_method::get));
  auto& got = out->rows.back().packed;
  EXPECT_NE(got.find("Wang"), std::string::npos);
  EXPECT_NE(got.find("138"), std::string::npos);
  EXPECT_EQ(out->rows.size(), 3u);
}

TEST_F(customer_actor_test, what_comes_after_its_last_word_but_one_goes_to_its_successor) {
  tell(note());
  w.journal.commit_all();
  clock.time += millis{10'000};
  timers->advance();
  // The person alone runs: its word lies before the call with the directory.
  ASSERT_TRUE(sched.try_run_once());
  tell(call(customer_method::get));
  ASSERT_EQ(out->rows.size(), 1u);
  EXPECT_NE(out->rows[0].packed.find("Li"), std::string::npos);
}

TEST_F(customer_actor_test, a_trail_is_read_back_from_the_state) {
  session_writer s(w.journal, numbered_session(5));
  s.open(noon - hour);
  s.identify("m:1", noon - hour);
  s.assign("a9", noon - hour);
  s.close(noon);
  w.journal.commit_all();
  tell(trail_query{1, person_id{"m:1"}});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].trail.last_agent, agent_id{"a9"});
  EXPECT_EQ(findings[0].trail.last_group, group_id{"sales"});
  EXPECT_EQ(findings[0].trail.last_closed, noon);
}

TEST_F(customer_actor_test, history_is_answered_by_the_archive) {
  session_writer s(w.journal, numbered_session(5));
  s.open(noon);
  s.identify("m:1", noon);
  w.journal.commit_all();
  tell(call(customer_method::history));
  ASSERT_EQ(out->rows.size(), 1u);
  EXPECT_NE(out->rows[0].packed.find(s.state.id.text()), std::string::npos);
}

TEST_F(customer_actor_test, leads_are_listed_newest_first) {
  tell(call(customer_method::lead_create, {{"title", "first"}}));
  tell(call(customer_method::lead_create, {{"title", "second"}}));
  auto list = call(customer_method::lead_list);
  tell(list);
  auto& packed = out->rows.back().packed;
  EXPECT_LT(packed.find("second"), packed.find("first"));
  list.number = 1;
  tell(list);
  EXPECT_EQ(out->rows.back().packed.find("first"), std::string::npos);
}

TEST_F(customer_actor_test, what_is_wrong_is_said_and_nothing_is_journaled) {
  tell(call(customer_method::lead_create, {{"title", "x"}, {"stage", "lukewarm"}}));
  ASSERT_EQ(out->rows.size(), 1u);
  EXPECT_EQ(out->rows[0].why->field, "fields.stage");
  EXPECT_EQ(w.journal.last(), 0u);
}

struct after_a_restart : customer_fixture {};

TEST_F(after_a_restart, a_person_is_not_read_from_a_state_that_is_behind) {
  session_writer s(w.journal, numbered_session(5));
  w.state.hold(true);
  s.open(noon);
  s.identify("m:1", noon);
  s.assign("a9", noon);
  w.journal.commit_all();
  services.recovered_upto = w.journal.last();
  start_directory();
  tell(trail_query{1, person_id{"m:1"}});
  EXPECT_TRUE(findings.empty());
  w.state.hold(false);
  pass(millis{100});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].trail.last_agent, agent_id{"a9"});
}

}  // namespace
}  // namespace switchboard
