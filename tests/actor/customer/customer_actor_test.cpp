#include "actors/read_model/projection/person_finding.hpp"
#include "actors/read_model/projection/state_keys.hpp"
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
  trail_note note_of(const std::string& person) {
    auto n = note();
    n.person = person_id{person};
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
  EXPECT_EQ(awake(), 0);
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
  EXPECT_EQ(awake(), 1);
  w.journal.commit_all();
  pass(millis{10'000});
  EXPECT_EQ(awake(), 0);
}

TEST_F(customer_actor_test, it_stays_awake_while_it_is_spoken_of) {
  tell(note());
  w.journal.commit_all();
  pass(millis{9'000});
  tell(trail_query{1, person_id{"m:1"}});
  pass(millis{9'000});
  EXPECT_EQ(awake(), 1);
  pass(millis{1'000});
  EXPECT_EQ(awake(), 0);
}

TEST_F(customer_actor_test, what_comes_when_it_has_just_gone_to_sleep_finds_what_was_before) {
  tell(note());
  w.journal.commit_all();
  pass(millis{10'000});
  EXPECT_EQ(awake(), 0);
  tell(call(customer_method::update, {{"phone", "138"}}));
  EXPECT_EQ(awake(), 1);
  pass(millis{10'000});
  EXPECT_EQ(awake(), 1) << "the change is not in the state";
  w.journal.commit_all();
  pass(millis{100});
  EXPECT_EQ(awake(), 0);
  tell(call(customer_method::get));
  auto& got = out->rows.back().packed;
  EXPECT_NE(got.find("Li"), std::string::npos);
  EXPECT_NE(got.find("138"), std::string::npos);
}

TEST_F(customer_actor_test, persons_go_to_sleep_a_few_at_a_time_with_messages_and_without) {
  for (int i = 0; i < 500; ++i) tell(note_of("m:" + std::to_string(i)));
  w.journal.commit_all();
  EXPECT_EQ(awake(), 500);
  EXPECT_EQ(timers->armed(), 1u) << "no person has a timer of its own";
  clock.time += millis{10'000};
  tell(note_of("m:500"));
  EXPECT_EQ(awake(), 499) << "two went, one came";
  pass(millis{0});
  EXPECT_LT(awake(), 499);
  EXPECT_GT(awake(), 100) << "no burst";
  pass(millis{100});
  pass(millis{100});
  EXPECT_EQ(awake(), 1) << "and without any message";
}

TEST_F(customer_actor_test, with_as_many_in_use_as_may_be_the_quietest_goes_or_a_call_is_refused) {
  services.options.awake = 2;
  auto named = [&](const std::string& person) {
    auto c = call(customer_method::update, {{"name", person}});
    c.person = person_id{person};
    return c;
  };
  tell(named("m:1"));
  tell(named("m:2"));
  tell(named("m:3"));
  ASSERT_TRUE(out->rows.back().why) << "nothing is projected, so nobody may be forgotten";
  EXPECT_EQ(out->rows.back().why->code, errc::resource_exhausted);
  tell(note_of("m:4"));
  EXPECT_EQ(awake(), 3) << "a session's word";
  w.journal.commit_all();
  tell(named("m:3"));
  EXPECT_FALSE(out->rows.back().why);
  EXPECT_EQ(awake(), 2);
  tell(call(customer_method::get));
  EXPECT_NE(out->rows.back().packed.find("m:1"), std::string::npos);
}

TEST_F(customer_actor_test, whoever_cannot_be_read_is_refused_and_nobody_else) {
  tell(note_of("m:1"));
  tell(note_of("m:2"));
  w.journal.commit_all();
  pass(millis{10'000});
  ASSERT_EQ(awake(), 0);
  w.state.damage("customers", projecting::person_key(person_id{"m:1"}));
  for (int i = 0; i < 3; ++i) {
    tell(call(customer_method::get));
    ASSERT_TRUE(out->rows.back().why);
    EXPECT_EQ(out->rows.back().why->code, errc::internal);
    tell(note_of("m:1"));
  }
  tell(trail_query{1, person_id{"m:1"}});
  EXPECT_TRUE(findings.empty());
  EXPECT_EQ(awake(), 0);
  auto other = call(customer_method::update, {{"name", "Wang"}});
  other.person = person_id{"m:2"};
  tell(other);
  EXPECT_FALSE(out->rows.back().why);
  tell(trail_query{2, person_id{"m:2"}});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].ticket, 2u);
}

struct what_is_mined : customer_actor_test {
  what_is_mined() {
    services.config = [] {
      auto c = std::make_shared<config::dispatch_config>();
      c->mining.emplace_back();
      return c;
    };
    miner = system.spawn([this](caf::event_based_actor*) -> caf::behavior {
      return {[this](const mine_session& m) { mined.push_back(m); }};
    });
    directory.miner = caf::actor_cast<miner_actor>(miner);
  }
  ~what_is_mined() override { caf::anon_send_exit(miner, caf::exit_reason::user_shutdown); }
  trail_note closed(const std::string& person, int session) {
    auto n = note_of(person);
    n.entry.session = numbered_session(session);
    n.entry.closed_at = clock.time;
    n.entry.messages = 3;
    return n;
  }
  caf::actor miner;
  std::vector<mine_session> mined;
};

TEST_F(what_is_mined, is_a_closed_session_once_when_it_is_projected) {
  tell(closed("m:1", 1));
  tell(closed("m:1", 1));
  tell(closed("m:2", 2));
  pass(millis{100});
  EXPECT_TRUE(mined.empty());
  w.journal.commit_all();
  pass(millis{100});
  ASSERT_EQ(mined.size(), 2u);
  EXPECT_EQ(mined[0].session, numbered_session(1));
  EXPECT_EQ(mined[0].person.value, "m:1");
  EXPECT_EQ(mined[1].person.value, "m:2");
}

TEST_F(what_is_mined, is_nothing_of_who_was_erased_meanwhile) {
  tell(closed("m:1", 1));
  tell(closed("m:2", 2));
  tell(call(customer_method::erase));
  w.journal.commit_all();
  pass(millis{100});
  ASSERT_EQ(mined.size(), 1u);
  EXPECT_EQ(mined[0].person.value, "m:2");
}

TEST_F(what_is_mined, waits_in_bounded_memory) {
  services.options.to_mine = 1;
  tell(closed("m:1", 1));
  tell(closed("m:2", 2));
  w.journal.commit_all();
  pass(millis{100});
  EXPECT_EQ(mined.size(), 1u);
  tell(closed("m:2", 2));
  pass(millis{100});
  EXPECT_EQ(mined.size(), 2u);
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

}  // namespace
}  // namespace switchboard
