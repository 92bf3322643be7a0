#include "actors/read_model/projection/session_projection.hpp"

#include <gtest/gtest.h>

#include "actors/read_model/projection/session_reading.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "actors/session/journal_key.hpp"
#include "tests/unit/read_model/session_writer.hpp"

namespace switchboard {
namespace {

struct session_projection_test : testing::Test {
  memory_world w;
  session_writer s{w.journal, numbered_session(1)};

  auto now_projected() {
    w.journal.commit_all();
    return w.state.view();
  }
};

std::string all_of(const std::vector<std::string>& events) {
  std::string out;
  for (auto& e : events) out += e;
  return out;
}

TEST(state_keys, what_hangs_on_a_customer_of_a_channel_lies_side_by_side) {
  using namespace projecting;
  auto caller = caller_key("app", "u1");
  auto open = open_key("app", "u1", "r1");
  EXPECT_TRUE(open.starts_with(caller));
  EXPECT_EQ(open.size(), open_key_size);
  EXPECT_NE(open, open_key("app", "u1", "r2"));
  EXPECT_TRUE(last_close_key("app", "u1").starts_with(caller));
  EXPECT_EQ(contact_table(contact_kind::identity), table::callers);
  EXPECT_TRUE(
      contact_key(contact_kind::identity, caller, person_id{"c:app:u1"}).starts_with(caller));
}

TEST_F(session_projection_test,
       messages_of_a_later_batch_reach_the_session_without_its_snapshot_being_written) {
  s.open(noon);
  auto snapshot = now_projected()->find("live", projecting::live_key(s.state.id));
  s.say("agent", "hello", noon + second);
  auto view = now_projected();
  EXPECT_EQ(view->find("live", projecting::live_key(s.state.id)), snapshot);
  auto read = projecting::read_session(*view, s.state.id);
  ASSERT_TRUE(read);
  EXPECT_EQ(codec::pack(*read), codec::pack(s.state));
}

TEST(state_keys, sort_by_time_what_is_over_and_by_shard_what_lives) {
  auto early = make_session_id(200, noon, 1, 2), late = make_session_id(3, noon + second, 1, 2);
  EXPECT_LT(projecting::session_key(early), projecting::session_key(late));
  EXPECT_GT(projecting::live_key(early), projecting::live_key(late));
  for (auto& id : {early, late}) {
    EXPECT_EQ(projecting::session_of_state_key(projecting::session_key(id)), id);
    EXPECT_EQ(projecting::session_of_live_key(projecting::live_key(id)), id);
  }
}

TEST_F(session_projection_test, a_session_that_is_over_moves_to_the_other_table) {
  s.open(noon);
  now_projected();
  s.close(noon + second);
  s.write({event::read{1, {"customer", "c1", ""}}}, noon + 2 * second);
  auto view = now_projected();
  auto key = projecting::live_key(s.state.id);
  EXPECT_FALSE(view->find("live", key));
  EXPECT_FALSE(view->find("pulse", key));
  auto read = projecting::read_session(*view, s.state.id);
  ASSERT_TRUE(read);
  EXPECT_EQ(codec::pack(*read), codec::pack(s.state));
}

TEST_F(session_projection_test, the_body_of_a_recalled_message_vanishes_from_the_transcript) {
  s.open(noon);
  s.say("customer", "secret in an old chunk", noon);
  auto old_seq = s.state.seq;
  s.say("customer", "stays", noon);
  now_projected();
  s.say("customer", "secret in this batch", noon);
  auto new_seq = s.state.seq;
  s.write({event::recalled{old_seq, {"customer", "c1", ""}}}, noon);
  s.write({event::recalled{new_seq, {"customer", "c1", ""}}}, noon);
  auto view = now_projected();
  auto page = projecting::read_transcript(*view, s.state.id, 0);
  EXPECT_EQ(page.events.find("secret"), std::string::npos);
  EXPECT_NE(page.events.find("stays"), std::string::npos);
  EXPECT_EQ(page.last, s.state.seq);
  for (auto seq : {old_seq, new_seq}) {
    EXPECT_TRUE(view->find("recalled", projecting::recalled_key(s.state.id, seq)));
  }
  EXPECT_FALSE(view->find("recalled", projecting::recalled_key(s.state.id, old_seq + 1)));
  std::vector<std::uint64_t> seqs;
  ASSERT_TRUE(session_codec::for_each(page.events, [&](auto& e) {
    seqs.push_back(e.seq);
    if (e.seq != old_seq) return;
    EXPECT_EQ(e.open_part, std::string_view("\x82\xabmessage_seq\x03\xa8recalled\xc3"));
    EXPECT_NE(e.key.key, 0u);
  }));
  EXPECT_EQ(seqs.size(), s.state.seq);
}

TEST_F(session_projection_test, a_transcript_is_read_in_pages_from_any_seq) {
  s.open(noon);
  for (int i = 0; i < 40; ++i) {
    s.say("customer", "message " + std::to_string(i), noon);
    if (i % 7 == 0) now_projected();
  }
  auto view = now_projected();
  for (std::uint64_t after : {0, 5, 6, 17, 41, 42}) {
    std::string read;
    auto at = after;
    for (;;) {
      auto page = projecting::read_transcript(*view, s.state.id, at, {.events = 6, .bytes = 500});
      read += page.events;
      if (!page.more) break;
      ASSERT_GT(page.last, at);
      at = page.last;
    }
    EXPECT_EQ(read, all_of({s.events.begin() + static_cast<long>(after), s.events.end()}));
  }
}

TEST_F(session_projection_test, a_trail_is_newest_first_and_one_persons_only) {
  session_writer older(w.journal, numbered_session(2)), other(w.journal, numbered_session(3));
  older.open(noon - day);
  older.identify("m:1", noon - day);
  older.assign("a7", noon - day);
  older.close(noon - day + hour);
  s.open(noon);
  s.identify("m:1", noon);
  other.open(noon - hour);
  other.identify(std::string("m:1\0x", 5), noon - hour);
  auto view = now_projected();
  std::vector<trail_entry> seen;
  projecting::for_each_in_trail(*view, person_id{"m:1"},
                                [&](auto& e) { return seen.push_back(e), true; });
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].session, s.state.id);
  EXPECT_EQ(seen[1].session, older.state.id);
  EXPECT_EQ(seen[1].agent, agent_id{"a7"});
  EXPECT_EQ(seen[1].outcome, "closed");
}

TEST_F(session_projection_test, a_session_found_to_be_another_persons_leaves_the_first_ones_trail) {
  s.open(noon);
  s.identify("c:app:c1", noon);
  now_projected();
  s.identify("m:1", noon);
  auto view = now_projected();
  int n = 0;
  projecting::for_each_in_trail(*view, person_id{"c:app:c1"}, [&](auto&) { return ++n, true; });
  EXPECT_EQ(n, 0);
  projecting::for_each_in_trail(*view, person_id{"m:1"}, [&](auto&) { return ++n, true; });
  EXPECT_EQ(n, 1);
}

TEST_F(session_projection_test, an_open_is_remembered_until_a_day_after_the_close) {
  s.open(noon, "c1", "r1");
  s.write({event::requested{"r2", "", "", ""}}, noon + second, {9, 77});
  let_pass(w.journal, noon, noon + 2 * day);
  auto view = now_projected();
  auto first = projecting::find_open(*view, "app", "c1", "r1");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->session, s.state.id);
  EXPECT_NE(first->content, 0u);
  EXPECT_NE(first->key, 0u);
  EXPECT_EQ(projecting::find_open(*view, "app", "c1", "r2")->content, 77u);
  EXPECT_FALSE(projecting::find_open(*view, "app", "c2", "r1"));
  s.close(noon + 2 * day);
  let_pass(w.journal, noon + 2 * day, noon + 3 * day - hour);
  EXPECT_TRUE(projecting::find_open(*now_projected(), "app", "c1", "r2"));
  let_pass(w.journal, noon + 3 * day - hour, noon + 3 * day + hour);
  EXPECT_FALSE(projecting::find_open(*now_projected(), "app", "c1", "r2"));
}

TEST_F(session_projection_test,
       an_open_is_remembered_when_the_clock_was_set_forward_by_days_and_right_again) {
  s.open(noon, "c1", "r1");
  s.close(noon + hour);
  now_projected();
  for (int n = 1; n <= 20; ++n) {
    const auto set = n % 2 == 0 ? millis{0} : 40 * day;
    let_pass(w.journal, noon + n * hour + set, noon + (n + 1) * hour + set);
    EXPECT_TRUE(projecting::find_open(*now_projected(), "app", "c1", "r1")) << n;
  }
  let_pass(w.journal, noon + 21 * hour, noon + 26 * hour);
  EXPECT_FALSE(projecting::find_open(*now_projected(), "app", "c1", "r1"));
}

TEST_F(session_projection_test,
       an_open_is_forgotten_in_time_though_the_clock_was_set_back_by_days) {
  s.open(noon, "c1", "r1");
  s.close(noon + hour);
  let_pass(w.journal, noon - 9 * day, noon - 9 * day + 23 * hour);
  EXPECT_TRUE(projecting::find_open(*now_projected(), "app", "c1", "r1"));
  let_pass(w.journal, noon - 8 * day, noon - 8 * day + 2 * hour);
  EXPECT_FALSE(projecting::find_open(*now_projected(), "app", "c1", "r1"));
}

TEST_F(session_projection_test,
       sessions_that_stamp_in_a_time_of_their_own_do_not_take_the_record_time_further) {
  s.open(noon, "c1", "r1");
  s.close(noon);
  session_writer ahead(w.journal, numbered_session(2));
  ahead.open(noon + second, "c2", "r2");
  // Opened before the clock was set back by a day, it is stamped no earlier than before.
  for (int n = 0; n < 400; ++n) {
    ahead.say("customer", "hello", noon + second + n * second);
    let_pass(w.journal, noon - day + n * second, noon - day + n * second);
  }
  EXPECT_TRUE(projecting::find_open(*now_projected(), "app", "c1", "r1"));
}

TEST_F(session_projection_test, what_has_expired_is_swept_away_but_not_what_took_its_place) {
  s.open(noon, "c1", "r1");
  s.close(noon);
  let_pass(w.journal, noon, noon + day + hour);
  now_projected();
  session_writer later(w.journal, numbered_session(2)), last(w.journal, numbered_session(3));
  later.open(noon + day + hour, "c1", "r1");
  auto view = now_projected();
  EXPECT_EQ(projecting::find_open(*view, "app", "c1", "r1")->session, later.state.id);
  EXPECT_EQ(projecting::find_last_close(*view, "app", "c1")->session, s.state.id);
  let_pass(w.journal, noon + day + hour, noon + 31 * day);
  last.open(noon + 31 * day, "c9", "r9");
  view = now_projected();
  EXPECT_EQ(projecting::find_open(*view, "app", "c1", "r1")->session, later.state.id);
  EXPECT_FALSE(projecting::find_last_close(*view, "app", "c1"));
  bool any = false;
  view->scan("expiry", std::string_view("\0", 1), [&](auto, auto) { return any = true; });
  EXPECT_FALSE(any);
}

TEST_F(session_projection_test, an_open_is_remembered_for_as_long_as_is_configured) {
  millis kept = 3 * day;
  store::memory_journal journal;
  store::memory_state state{journal, {std::make_shared<session_projection>([&] { return kept; })}};
  auto projected = [&] {
    journal.commit_all();
    return state.view();
  };
  session_writer first(journal, numbered_session(1));
  first.open(noon, "c1", "r1");
  first.close(noon);
  let_pass(journal, noon, noon + 2 * day);
  EXPECT_TRUE(projecting::find_open(*projected(), "app", "c1", "r1", kept));
  EXPECT_FALSE(projecting::find_open(*projected(), "app", "c1", "r1", day));
  // Said to be kept for longer before its time was over.
  kept = 5 * day;
  let_pass(journal, noon + 2 * day, noon + 4 * day);
  EXPECT_TRUE(projecting::find_open(*projected(), "app", "c1", "r1", kept));
  let_pass(journal, noon + 4 * day, noon + 6 * day);
  EXPECT_FALSE(projecting::find_open(*projected(), "app", "c1", "r1", 30 * day));
}

TEST_F(session_projection_test, the_last_close_says_whom_a_continuation_goes_to) {
  s.open(noon);
  s.assign("a7", noon);
  s.close(noon + hour);
  auto close = projecting::find_last_close(*now_projected(), "app", "c1");
  ASSERT_TRUE(close);
  EXPECT_EQ(close->last_agent, agent_id{"a7"});
  EXPECT_EQ(close->closed_at, noon + hour);
}

TEST_F(session_projection_test, an_event_of_a_newer_version_only_moves_the_seq) {
  s.open(noon);
  codec::packer p;
  p.array(11)
      .uinteger(99)
      .uinteger(s.state.seq + 1)
      .time(noon)
      .uinteger(0)
      .uinteger(0)
      .uinteger(0)
      .uinteger(0)
      .uinteger(0);
  p.bin("\x80").bin({}).map(1).str("new").array(2).real(1.5).nil();
  store::record r;
  r.key = journal_key(s.state.id);
  r.events = p.take();
  w.journal.append(r);
  auto read = projecting::read_session(*now_projected(), s.state.id);
  ASSERT_TRUE(read);
  s.state.seq += 1;
  EXPECT_EQ(codec::pack(*read), codec::pack(s.state));
}

}  // namespace
}  // namespace switchboard
