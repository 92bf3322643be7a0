#include "actors/read_model/history/history_actor.hpp"

#include "tests/actor/customer/customer_fixture.hpp"

namespace switchboard {
namespace {

struct history_actor_test : customer_fixture {
  session_writer s{w.journal, numbered_session(1)};

  template <class M> void ask(M m) {
    w.journal.commit_all();
    caf::send_as(listener, directory.archive, std::move(m));
    sched.run();
  }
};

TEST_F(history_actor_test, gives_a_transcript_in_pages_of_two_hundred_events) {
  s.open(noon);
  while (s.state.seq < 450) s.say("customer", "hello", noon);
  std::uint64_t after = 0;
  for (std::uint64_t ticket = 1; ticket <= 3; ++ticket) {
    ask(read_history{s.state.id, after, ticket});
    ASSERT_EQ(pages.size(), ticket);
    EXPECT_EQ(pages.back().ticket, ticket);
    EXPECT_EQ(pages.back().more, ticket < 3);
    after = pages.back().last;
  }
  EXPECT_EQ(after, 450u);
}

TEST_F(history_actor_test, loads_a_session_that_is_over_and_says_when_there_is_none) {
  s.open(noon);
  s.close(noon);
  ask(load_session{s.state.id});
  ask(load_session{numbered_session(9)});
  ASSERT_EQ(loaded.size(), 2u);
  EXPECT_EQ(loaded[0].snapshot, codec::pack(s.state));
  EXPECT_TRUE(loaded[1].snapshot.empty());
}

TEST_F(history_actor_test, finds_a_trail_by_a_session_of_the_person) {
  s.open(noon);
  s.identify("m:1", noon);
  ask(read_trail{person_id{s.state.id.text()}, 20, {out, 1}});
  ask(read_trail{person_id{numbered_session(9).text()}, 20, {out, 2}});
  ASSERT_EQ(out->rows.size(), 2u);
  EXPECT_NE(out->rows[0].packed.find(s.state.id.text()), std::string::npos);
  EXPECT_EQ(out->rows[1].why->code, errc::not_found);
}

TEST_F(history_actor_test, says_that_a_trail_goes_on) {
  session_writer t(w.journal, numbered_session(2));
  for (auto* x : {&s, &t}) {
    x->open(noon);
    x->identify("m:1", noon);
  }
  ask(read_trail{person_id{"m:1"}, 1, {out, 1}});
  EXPECT_NE(out->rows.at(0).packed.find("\xa4more\xc3"), std::string::npos);
}

}  // namespace
}  // namespace switchboard
