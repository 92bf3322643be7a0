#include "adapters/channel/feed/journal_feed.hpp"

#include <caf/all.hpp>

#include "actors/messages/registration.hpp"
#include "tests/actor/feed/feed_fixture.hpp"

namespace switchboard {
namespace {

struct still_clock final : clock_source {
  timestamp now() const override { return from_unix_ms(1'700'000'000'000); }
};

/// The feed as the daemon has it, with its thread and CAF's, over a store in memory.
struct feeding : testing::Test {
  struct process {
    explicit process(feeding& f) : system(prepared(config)), feed(system, f.services) {
      auto started = feed.start();
      EXPECT_TRUE(started.has_value());
    }
    static caf::actor_system_config& prepared(caf::actor_system_config& c) {
      register_messages(c);
      c.set("scheduler.max-threads", std::size_t{2});
      return c;
    }
    caf::actor_system_config config;
    caf::actor_system system;
    journal_feed feed;
  };

  feeding() { start(); }
  void start() { running = std::make_unique<process>(*this); }
  /// Everything that was durable is there again, the rest is gone.
  void restart() {
    running.reset();
    journal.crash();
    state.restart({make_consumer_projection()});
    start();
  }

  kept_output::answer subscribe(const std::shared_ptr<kept_output>& out,
                                const std::string& consumer, const std::string& after = {},
                                const std::string& channel = "app") {
    running->feed.subscribe(channel, consumer, after, {out, ++msgid});
    auto a = out->answer_to(msgid);
    journal.commit_all();
    return a;
  }
  kept_output::answer acknowledge(const std::string& consumer, const std::string& cursor) {
    auto out = std::make_shared<kept_output>();
    running->feed.acknowledge("app", consumer, cursor, {out, ++msgid});
    return out->answer_to(msgid);
  }
  void say(int records, const std::string& channel = "app") {
    for (int i = 0; i < records; ++i) scribe.say(channel, 1);
    journal.commit_all();
  }
  static auto fresh() { return std::make_shared<kept_output>(); }

  store::memory_journal journal;
  store::memory_state state{journal, {make_consumer_projection()}};
  session_scribe scribe{journal};
  still_clock clock;
  probe_registry probes;
  channel_feed_services services{journal, state, clock, probes};
  std::unique_ptr<process> running;
  std::uint32_t msgid = 0;
};

TEST_F(feeding, a_new_consumer_hears_what_happens_from_now_on) {
  say(3);
  auto out = fresh();
  EXPECT_FALSE(subscribe(out, "crm").why);
  say(2);
  ASSERT_TRUE(out->await(2));
  EXPECT_EQ(out->notifications()[0].cursor.at, 5u) << "the fourth is the consumer's own record";
}

TEST_F(feeding, the_answer_comes_before_the_events) {
  say(100);
  auto out = fresh();
  auto answer = subscribe(out, "crm", "1.0");
  EXPECT_EQ(answer.notified, 0u);
  ASSERT_TRUE(out->await(100));
  EXPECT_EQ(cursors_of(out->notifications()), expected_feed(journal, "app"));
}

TEST_F(feeding, a_consumer_reconnects_from_its_cursor) {
  auto first = fresh();
  subscribe(first, "crm");
  say(10);
  ASSERT_TRUE(first->await(10));
  auto cursor = first->notifications()[6].cursor_text;
  running->feed.unsubscribe(first->id());
  say(5);
  auto second = fresh();
  subscribe(second, "crm", cursor);
  ASSERT_TRUE(second->await(8));
  EXPECT_EQ(cursors_of(second->notifications()),
            expected_feed(journal, "app", *feed_cursor::parse(cursor)));
}

TEST_F(feeding, the_server_keeps_what_was_acknowledged_through_a_restart) {
  auto first = fresh();
  subscribe(first, "crm");
  say(10);
  ASSERT_TRUE(first->await(10));
  auto cursor = first->notifications()[3].cursor_text;
  auto answer = acknowledge("crm", cursor);
  EXPECT_FALSE(answer.why);
  EXPECT_EQ(answer.after, journal.last()) << "it is answered when it is durable";
  journal.commit_all();
  restart();
  auto second = fresh();
  subscribe(second, "crm");
  ASSERT_TRUE(second->await(6));
  EXPECT_EQ(second->notifications()[0].cursor, first->notifications()[4].cursor);
}

TEST_F(feeding, an_ack_that_only_the_journal_has_is_found_at_the_start) {
  auto first = fresh();
  subscribe(first, "crm");
  say(10);
  ASSERT_TRUE(first->await(10));
  state.hold(true);
  acknowledge("crm", first->notifications()[7].cursor_text);
  journal.commit_all();
  running.reset();
  start();
  auto second = fresh();
  subscribe(second, "crm");
  ASSERT_TRUE(second->await(2));
  EXPECT_EQ(second->notifications()[0].cursor, first->notifications()[8].cursor);
}

TEST_F(feeding, a_consumer_lost_before_its_first_ack_misses_nothing) {
  auto first = fresh();
  subscribe(first, "crm");
  say(4);
  ASSERT_TRUE(first->await(4));
  restart();
  auto second = fresh();
  subscribe(second, "crm");
  ASSERT_TRUE(second->await(4));
  EXPECT_EQ(cursors_of(second->notifications()), cursors_of(first->notifications()));
}

TEST_F(feeding, an_older_ack_changes_nothing) {
  auto out = fresh();
  subscribe(out, "crm");
  say(10);
  ASSERT_TRUE(out->await(10));
  acknowledge("crm", out->notifications()[7].cursor_text);
  auto end = journal.last();
  EXPECT_EQ(acknowledge("crm", out->notifications()[2].cursor_text).after, end);
  EXPECT_EQ(journal.last(), end);
}

TEST_F(feeding, a_cursor_older_than_the_journal_is_refused_with_the_first_there_is) {
  say(20);
  journal.trim_below(12);
  auto answer = subscribe(fresh(), "crm", "5.1");
  ASSERT_TRUE(answer.why);
  EXPECT_EQ(answer.why->code, errc::failed_precondition);
  EXPECT_EQ(answer.why->detail_name, "first_cursor");
  EXPECT_EQ(answer.why->detail, 12);
  auto out = fresh();
  EXPECT_FALSE(subscribe(out, "crm", std::to_string(answer.why->detail)).why);
  EXPECT_TRUE(out->await(9));
}

TEST_F(feeding, cursors_that_nobody_gave_out_are_refused) {
  say(3);
  for (auto bad : {"x", "900.1", "1.x"}) {
    auto answer = subscribe(fresh(), "crm", bad);
    ASSERT_TRUE(answer.why) << bad;
    EXPECT_EQ(answer.why->code, errc::invalid_argument);
    EXPECT_EQ(answer.why->field, "after");
  }
  subscribe(fresh(), "crm");
  EXPECT_EQ(acknowledge("crm", "900.1").why->field, "cursor");
  EXPECT_EQ(acknowledge("nobody", "1.1").why->code, errc::not_found);
}

TEST_F(feeding, a_channel_has_so_many_consumers_and_no_more) {
  for (int i = 0; i < 64; ++i) EXPECT_FALSE(subscribe(fresh(), std::to_string(i)).why);
  auto refused = subscribe(fresh(), "one more");
  ASSERT_TRUE(refused.why);
  EXPECT_EQ(refused.why->code, errc::resource_exhausted);
  EXPECT_FALSE(subscribe(fresh(), "17").why) << "those known may come again";
  EXPECT_FALSE(subscribe(fresh(), "one more", {}, "web").why) << "another channel has its own";
}

TEST_F(feeding, a_consumer_long_gone_makes_room_for_another) {
  auto gone = fresh();
  subscribe(gone, "gone");
  for (int i = 1; i < 64; ++i) subscribe(fresh(), std::to_string(i));
  running->feed.unsubscribe(gone->id());
  say(10);
  journal.trim_below(70);
  EXPECT_FALSE(subscribe(fresh(), "one more").why);
  restart();
  auto table = load_consumers(state, journal);
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->at("app").size(), 64u);
  EXPECT_FALSE(table->at("app").contains("gone"));
}

TEST_F(feeding, a_channel_shows_as_an_actor_with_its_consumers) {
  subscribe(fresh(), "crm");
  auto rows = probes.top(actor_kind::adapter, 10);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].key, "channel:app");
}

TEST_F(feeding, after_stop_a_call_is_answered_and_nothing_is_fed) {
  auto out = fresh();
  subscribe(out, "crm");
  running->feed.stop();
  say(3);
  EXPECT_EQ(subscribe(fresh(), "crm").why->code, errc::unavailable);
  running->feed.unsubscribe(out->id());
  EXPECT_EQ(out->count(), 0u);
}

}  // namespace
}  // namespace switchboard
