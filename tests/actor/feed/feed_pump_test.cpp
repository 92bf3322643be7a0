#include "tests/actor/feed/feed_fixture.hpp"

namespace switchboard {
namespace {

using clock = feed_pump::clock;

/// The pump, stepped by hand at a time that only the test moves.
struct feed_pumping : testing::Test {
  void make(feed_limits limits = {}) {
    pump = std::make_unique<feed_pump>(
        journal, [] {}, limits);
  }
  std::shared_ptr<kept_output> attach(const std::string& consumer, feed_cursor after,
                                      const std::string& channel = "app") {
    auto out = std::make_shared<kept_output>();
    pump->attach(channel, consumer, after, out);
    return out;
  }
  feed_cursor present() const { return {journal.durable() + 1, 0}; }
  /// All that is due now; a round's pause is not waited for.
  void run_now() {
    for (int i = 0; i < 100'000; ++i) {
      auto due = pump->step(now);
      if (!due || *due > now) return;
    }
    FAIL() << "it never comes to rest";
  }
  int run_rounds() {
    for (int rounds = 1; rounds < 10'000; ++rounds) {
      run_now();
      if (pump->counters().catching_up == 0) return rounds;
      now += std::chrono::milliseconds(20);
    }
    ADD_FAILURE() << "it never catches up";
    return 0;
  }

  store::memory_journal journal;
  session_scribe scribe{journal};
  std::unique_ptr<feed_pump> pump;
  clock::time_point now{};
};

TEST_F(feed_pumping, a_damaged_record_is_passed_over_and_counted_and_ends_no_line_for_ever) {
  make();
  auto live = attach("crm", present());
  for (int n = 1; n <= 10; ++n) scribe.say("app", n);
  journal.damage(4);
  journal.damage(5);
  journal.commit_all();
  run_now();
  EXPECT_EQ(live->count(), 8u);
  auto late = attach("late", {0, 0});
  run_rounds();
  EXPECT_EQ(late->count(), 8u);
  EXPECT_EQ(pump->counters().unreadable, 4u);
  EXPECT_EQ(pump->counters().outrun, 0u);
}

TEST_F(feed_pumping, a_live_consumer_gets_its_channels_events_in_journal_order) {
  make();
  auto out = attach("crm", present());
  scribe.say("app", 1);
  scribe.say("web", 2);
  scribe.say("app", 3, 3);
  scribe.other("app");
  scribe.say("app", 1);
  journal.commit_all();
  run_now();
  EXPECT_EQ(cursors_of(out->notifications()), expected_feed(journal, "app"));
  ASSERT_EQ(out->count(), 5u);
  EXPECT_EQ(out->notifications()[2].cursor_text, "3.2");
  EXPECT_EQ(out->notifications()[4].seq, 2u);
  EXPECT_EQ(out->notifications()[4].after, 5u);
}

TEST_F(feed_pumping, what_is_not_durable_is_not_fed) {
  make();
  auto out = attach("crm", present());
  scribe.say("app", 1);
  scribe.say("app", 1);
  journal.commit_some(1);
  run_now();
  EXPECT_EQ(out->count(), 1u);
  journal.commit_all();
  run_now();
  EXPECT_EQ(out->count(), 2u);
}

TEST_F(feed_pumping, what_customers_do_not_see_is_counted_but_not_sent) {
  make();
  auto out = attach("crm", present());
  scribe.note_and_say("app", 1);
  journal.commit_all();
  run_now();
  ASSERT_EQ(out->count(), 1u);
  EXPECT_EQ(out->notifications()[0].cursor, (feed_cursor{1, 2}));
}

TEST_F(feed_pumping, a_consumer_resumes_inside_a_record) {
  scribe.say("app", 1, 4);
  scribe.say("app", 1);
  journal.commit_all();
  make();
  auto out = attach("crm", {1, 2});
  run_rounds();
  EXPECT_EQ(cursors_of(out->notifications()), (std::vector<feed_cursor>{{1, 3}, {1, 4}, {2, 1}}));
}

TEST_F(feed_pumping, a_consumer_at_the_end_gets_nothing_twice) {
  scribe.say("app", 1, 2);
  journal.commit_all();
  make();
  auto out = attach("crm", {1, 2});
  run_rounds();
  EXPECT_EQ(out->count(), 0u);
  scribe.say("app", 1);
  journal.commit_all();
  run_now();
  EXPECT_EQ(cursors_of(out->notifications()), (std::vector<feed_cursor>{{2, 1}}));
}

TEST_F(feed_pumping, catching_up_keeps_to_its_pace) {
  for (int i = 0; i < 400; ++i) scribe.say("app", 1, 1, 10'000);
  journal.commit_all();
  make();
  auto out = attach("crm", {1, 0});
  run_now();
  auto first_round = out->bytes();
  EXPECT_GE(first_round, 1'000'000u);
  EXPECT_LE(first_round, 1024u * 1024 + 20'000);
  EXPECT_EQ(run_rounds(), 4);
  EXPECT_EQ(cursors_of(out->notifications()), expected_feed(journal, "app"));
}

TEST_F(feed_pumping, those_who_catch_up_take_turns) {
  for (int i = 0; i < 400; ++i) scribe.say("app", 1, 1, 10'000);
  journal.commit_all();
  make();
  auto a = attach("a", {1, 0}), b = attach("b", {1, 0});
  run_now();
  EXPECT_NEAR(static_cast<double>(a->bytes()), static_cast<double>(b->bytes()), 80'000);
  EXPECT_LE(a->bytes() + b->bytes(), 1024u * 1024 + 40'000);
}

TEST_F(feed_pumping, live_events_do_not_wait_for_those_who_catch_up) {
  for (int i = 0; i < 400; ++i) scribe.say("app", 1, 1, 10'000);
  journal.commit_all();
  make();
  auto behind = attach("a", {1, 0}), live = attach("b", present());
  pump->step(now);
  scribe.say("app", 1);
  journal.commit_all();
  pump->step(now);
  EXPECT_EQ(live->count(), 1u);
  EXPECT_LT(behind->count(), 20u);
}

TEST_F(feed_pumping, a_long_past_of_other_channels_is_read_in_rounds) {
  for (int i = 0; i < 40'000; ++i) scribe.other("web");
  scribe.say("app", 1);
  journal.commit_all();
  make();
  auto out = attach("crm", {1, 0});
  EXPECT_EQ(run_rounds(), 3);
  EXPECT_EQ(out->count(), 1u);
}

TEST_F(feed_pumping, the_newest_connection_takes_the_place_of_the_one_before) {
  make();
  auto older = attach("crm", present()), newer = attach("crm", present());
  auto other = attach("bi", present());
  scribe.say("app", 1);
  journal.commit_all();
  run_now();
  EXPECT_EQ(older->count(), 0u);
  EXPECT_EQ(newer->count(), 1u);
  EXPECT_EQ(other->count(), 1u);
}

TEST_F(feed_pumping, a_detached_or_closed_connection_is_forgotten) {
  make();
  auto gone = attach("a", present()), closed = attach("b", present());
  run_now();
  EXPECT_EQ(pump->counters().live, 2u);
  pump->detach(gone->id());
  closed->close();
  scribe.say("app", 1);
  journal.commit_all();
  run_now();
  EXPECT_EQ(gone->count(), 0u);
  EXPECT_EQ(pump->counters().live, 0u);
}

TEST_F(feed_pumping, a_consumer_the_journal_outran_is_dropped_rather_than_given_a_gap) {
  for (int i = 0; i < 400; ++i) scribe.say("app", 1, 1, 10'000);
  journal.commit_all();
  make();
  auto out = attach("crm", {1, 0});
  run_now();
  journal.set_projected(400);
  journal.trim_below(300);
  auto before = out->count();
  run_rounds();
  EXPECT_EQ(out->count(), before);
  EXPECT_EQ(pump->counters().outrun, 1u);
}

TEST_F(feed_pumping, what_was_trimmed_while_nobody_listened_does_not_matter_to_who_comes) {
  make();
  for (int i = 0; i < 20; ++i) scribe.say("app", 1);
  journal.commit_all();
  journal.set_projected(20);
  journal.trim_below(12);
  auto out = attach("crm", {12, 0});
  run_rounds();
  EXPECT_EQ(out->count(), 9u);
  EXPECT_EQ(pump->counters().outrun, 0u);
}

TEST_F(feed_pumping, damaged_events_are_counted_and_those_after_them_still_come) {
  make();
  auto out = attach("crm", present());
  store::record r;
  r.key = std::string(17, '\1');
  r.channel = "app";
  r.events = "\x01\x02";
  journal.append(r);
  scribe.say("app", 1);
  journal.commit_all();
  run_now();
  EXPECT_EQ(out->count(), 1u);
  EXPECT_EQ(pump->counters().unreadable, 1u);
}

TEST(feed_cursors, are_read_back_as_they_were_written_and_nothing_else_is) {
  feed_cursor c{42, 7};
  EXPECT_EQ(c.text(), "42.7");
  EXPECT_EQ(feed_cursor::parse("42.7"), c);
  EXPECT_EQ(feed_cursor::parse("42"), (feed_cursor{42, 0}));
  for (auto bad : {"", ".", "0", "0.1", "-1.2", "1.", "1.x", "1.2.3", "x", " 1", "1 ",
                   "99999999999999999999", "1.4294967296"}) {
    EXPECT_FALSE(feed_cursor::parse(bad)) << bad;
  }
}

}  // namespace
}  // namespace switchboard
