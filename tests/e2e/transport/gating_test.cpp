#include <future>

#include "tests/e2e/transport/transport_fixture.hpp"

namespace switchboard::e2e {

using gating = transport_test;

TEST_F(gating, an_answer_that_depends_on_nothing_leaves_at_once) {
  serve();
  auto c = connect();
  auto answer = c->call("echo", text_map("hello"));
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(*answer, text_map("hello"));
}

TEST_F(gating, an_answer_waits_for_its_position_and_no_longer) {
  serve();
  auto c = connect();
  std::promise<void> came;
  std::atomic<bool> there{false};
  c->call_async("gated", map_of({{"after", 5}}), [&](auto answer) {
    there = true;
    EXPECT_TRUE(answer.has_value());
    came.set_value();
  });
  ASSERT_TRUE(eventually([&] { return service.calls == 2; }));
  journal.commit(4);
  std::this_thread::sleep_for(millis{50});
  EXPECT_FALSE(there);
  journal.commit(5);
  EXPECT_EQ(came.get_future().wait_for(millis{2'000}), std::future_status::ready);
}

TEST_F(gating, output_leaves_in_call_order_even_when_later_positions_are_smaller) {
  serve();
  auto c = connect();
  std::mutex lock;
  std::vector<int> order;
  std::atomic<int> done{0};
  int tag = 0;
  for (int after : {7, 3, 0, 9, 8}) {
    c->call_async("gated", map_of({{"after", after}, {"tag", tag}}), [&, tag](auto answer) {
      EXPECT_TRUE(answer.has_value());
      std::lock_guard hold(lock);
      order.push_back(tag);
      ++done;
    });
    ++tag;
  }
  ASSERT_TRUE(eventually([&] { return service.calls == 6; }));
  journal.commit(3);
  std::this_thread::sleep_for(millis{50});
  EXPECT_EQ(done, 0) << "the first in line waits for 7";
  journal.commit(7);
  ASSERT_TRUE(eventually([&] { return done == 3; }));
  std::this_thread::sleep_for(millis{50});
  EXPECT_EQ(done, 3) << "the fourth waits for 9, the fifth behind it";
  journal.commit(9);
  ASSERT_TRUE(eventually([&] { return done == 5; }));
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST_F(gating, one_connection_waiting_does_not_hold_another) {
  serve();
  auto waits = connect(), goes = connect();
  waits->call_async("gated", map_of({{"after", 100}}), [](auto) {});
  ASSERT_TRUE(eventually([&] { return service.calls == 3; }));
  EXPECT_TRUE(goes->call("echo", text_map("x"), millis{1'000}).has_value());
}

TEST_F(gating, no_commit_is_missed_while_outputs_come_from_another_thread) {
  serve();
  auto c = connect();
  constexpr int total = 20'000;
  std::atomic<int> came{0};
  c->set_on_notification([&](std::string_view, const msgpack::object&) { ++came; });
  ASSERT_TRUE(eventually([&] { return service.peers().size() == 1; }));
  auto to = service.peers().front();
  std::string frame;
  codec::begin_notification(frame, "n");
  frame += '\x80';
  std::atomic<store::position> given{0};
  std::atomic<bool> over{false};
  std::thread committer([&] {
    while (!over) journal.commit(given.load());
    journal.commit(total);
  });
  for (int i = 1; i <= total; ++i) {
    to->notify(static_cast<store::position>(i), frame);
    given = static_cast<store::position>(i);
    if (i % 64 == 0) std::this_thread::yield();
  }
  bool all = eventually([&] { return came == total; });
  over = true;
  committer.join();
  EXPECT_TRUE(all) << came << " of " << total;
}

TEST_F(gating, an_answer_that_waits_for_a_journal_that_stands_still_is_given_in_words) {
  serve();
  auto c = connect();
  std::promise<result<std::string>> before, behind;
  c->call_async("gated", map_of({{"after", 5}}), [&](auto a) { before.set_value(a); });
  // Of this one everything is durable, but it stands behind the first.
  journal.commit(3);
  c->call_async("gated", map_of({{"after", 3}, {"tag", 1}}), [&](auto a) { behind.set_value(a); });
  ASSERT_TRUE(eventually([&] { return service.calls == 3; }));
  gate.stands_still = true;
  auto refused = before.get_future(), passed = behind.get_future();
  ASSERT_EQ(refused.wait_for(millis{1'000}), std::future_status::ready);
  ASSERT_EQ(passed.wait_for(millis{1'000}), std::future_status::ready);
  auto why = refused.get();
  ASSERT_FALSE(why.has_value());
  EXPECT_EQ(why.error().code, errc::unavailable);
  EXPECT_NE(why.error().message.find("stands still"), std::string::npos) << why.error().message;
  EXPECT_TRUE(passed.get().has_value());
  // What comes later is judged when it is put in.
  auto late = c->call("gated", map_of({{"after", 7}}), millis{1'000});
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, errc::unavailable);
  EXPECT_TRUE(c->call("echo", text_map("x"), millis{1'000}).has_value());
  gate.stands_still = false;
  journal.commit(7);
  EXPECT_TRUE(c->call("gated", map_of({{"after", 7}}), millis{1'000}).has_value());
}

TEST_F(gating, events_wait_on_while_the_journal_stands_still_and_answers_pass_them) {
  serve();
  auto c = connect();
  std::atomic<int> came{0};
  c->set_on_notification([&](std::string_view, const msgpack::object&) { ++came; });
  ASSERT_TRUE(eventually([&] { return service.peers().size() == 1; }));
  std::string frame;
  codec::begin_notification(frame, "n");
  frame += '\x80';
  for (store::position at : {4, 5}) service.peers().front()->notify(at, frame);
  gate.stands_still = true;
  EXPECT_TRUE(c->call("echo", text_map("x"), millis{1'000}).has_value());
  EXPECT_EQ(came, 0);
  gate.stands_still = false;
  journal.commit(5);
  EXPECT_TRUE(eventually([&] { return came == 2; }));
}

TEST_F(gating, stopping_lets_out_what_is_durable_and_unsubscribes) {
  serve();
  auto c = connect();
  std::promise<result<std::string>> first;
  c->call_async("gated", map_of({{"after", 1}}), [&](auto answer) { first.set_value(answer); });
  ASSERT_TRUE(eventually([&] { return service.calls == 2; }));
  std::thread late([&] {
    std::this_thread::sleep_for(millis{100});
    journal.commit(1);
  });
  server->stop();
  late.join();
  EXPECT_TRUE(first.get_future().get().has_value());
  EXPECT_EQ(journal.subscribers(), 0u);
  EXPECT_EQ(service.closes, 1u);
}

}  // namespace switchboard::e2e
