#include "actors/directory/live_actors.hpp"
#include "runtime/codec/pack.hpp"
#include "tests/simulation/stage.hpp"

/// How sessions that are over leave memory, and what becomes of what was on its way to them.
namespace switchboard::simulation {
namespace {

struct departure : testing::Test {
  departure() { s.everybody_online(); }
  session_actor found(const simulated_customer& c) {
    return s.node.node_().directory().sessions.find(*c.session());
  }
  std::size_t in_memory() { return s.node.node_().directory().sessions.size(); }
  simulated_customer& closed() {
    auto& c = s.opened();
    c.close();
    s.node.pass(millis{100});
    return c;
  }
  /// By whoever has the handle, as a connection that looked it up a moment ago.
  void rate(const session_actor& to, const simulated_customer& c, std::uint64_t stars,
            std::string op_id) {
    session_call m;
    m.method = session_method::rate;
    m.session = *c.session();
    m.by = {"customer", "app", {}};
    m.number = stars;
    m.op_id = std::move(op_id);
    m.reply = {s.node.connect([this](const line::arrival& a) { answers.push_back(a); }), 1};
    caf::anon_send(to, std::move(m));
  }

  stage s{plain_deployment(1, 40)};
  std::vector<line::arrival> answers;
};

TEST_F(departure, sessions_that_are_over_leave_when_nothing_comes) {
  auto& c = closed();
  s.node.pass(millis{4'000});
  EXPECT_TRUE(found(c));
  s.node.pass(millis{2'000});
  EXPECT_FALSE(found(c));
  EXPECT_EQ(in_memory(), 0u);
}

TEST_F(departure, one_that_is_touched_again_stays_as_long_again) {
  auto& c = closed();
  s.node.pass(millis{4'000});
  rate(found(c), c, 4, "r1");
  s.node.pass(millis{4'000});
  EXPECT_TRUE(found(c));
  s.node.pass(millis{8'000});
  EXPECT_FALSE(found(c));
  EXPECT_EQ(s.state(c).rating, 4);
}

TEST_F(departure, one_that_cannot_be_read_back_yet_stays) {
  auto& c = closed();
  s.node.state().hold(true);
  rate(found(c), c, 4, "r1");
  s.node.pass(millis{30'000});
  EXPECT_TRUE(found(c));
  s.node.state().hold(false);
  s.node.pass(millis{12'000});
  EXPECT_FALSE(found(c));
}

TEST_F(departure, a_call_that_found_its_session_before_it_left_is_answered_by_whoever_is_it_now) {
  auto& c = closed();
  auto before = found(c);
  ASSERT_TRUE(before);
  s.node.pass(millis{12'000});
  ASSERT_FALSE(found(c));
  rate(before, c, 5, "r1");
  s.node.pass(millis{100});
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].what, line::arrival::kind::reply) << answers[0].why.message;
  EXPECT_EQ(s.state(c).rating, 5);
  auto now = found(c);
  ASSERT_TRUE(now);
  EXPECT_NE(now, before);
  // The same request on the other way is the same request.
  rate(now, c, 5, "r1");
  rate(before, c, 5, "r1");
  s.node.pass(millis{100});
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_EQ(answers[1].packed, answers[0].packed);
  EXPECT_EQ(answers[2].packed, answers[0].packed);
}

TEST_F(departure, a_call_that_lies_with_its_session_when_that_is_let_go_is_answered) {
  auto& c = closed();
  auto before = found(c);
  s.node.pass(millis{4'900});
  s.node.schedule().hold_up("session");
  rate(before, c, 5, "r1");
  s.node.pass(millis{8'000});
  ASSERT_FALSE(found(c)) << "it lies in the mailbox, and has touched nothing yet";
  s.node.schedule().let_all_go();
  s.node.pass(millis{100});
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].what, line::arrival::kind::reply) << answers[0].why.message;
  EXPECT_EQ(s.state(c).rating, 5);
}

TEST_F(departure, it_ends_with_the_last_handle_anybody_has) {
  auto& c = closed();
  auto handle = found(c);
  auto watched = caf::actor_cast<caf::weak_actor_ptr>(handle);
  s.node.pass(millis{12'000});
  EXPECT_TRUE(watched.lock());
  handle = session_actor{};
  EXPECT_FALSE(watched.lock());
}

TEST_F(departure, many_that_close_at_one_moment_leave_a_few_at_a_time) {
  for (int i = 0; i < 40; ++i) s.opened();
  for (auto& c : s.customers) c->close();
  s.node.pass(millis{100});
  ASSERT_EQ(in_memory(), 40u);
  std::size_t most = 0;
  for (int hop = 0; hop < 20'000 && in_memory() > 0; ++hop) {
    s.node.leap(millis{1});
    for (bool more = true; more;) {
      const auto before = in_memory();
      more = s.node.run(1);
      most = std::max(most, before - in_memory());
    }
  }
  EXPECT_EQ(in_memory(), 0u);
  EXPECT_LE(most, 4u);
}

TEST_F(departure, while_it_is_there_it_is_counted_and_seen_with_what_it_does) {
  auto& c = s.opened();
  s.opened().close();
  s.node.pass(millis{100});
  auto& node = s.node.node_();
  auto& sessions = node.directory().sessions;
  auto count = [&] {
    return count_actors(node.probes(), sessions)[static_cast<std::size_t>(actor_kind::session)];
  };
  EXPECT_EQ(count(), 2u);
  auto rows = busiest_actors(node.probes(), sessions, actor_kind::session, 10);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_GE(rows[0].handled, rows[1].handled);
  auto of_c = std::ranges::find(rows, c.session()->text(), &probe_registry::row::key);
  ASSERT_NE(of_c, rows.end());
  EXPECT_STREQ(of_c->state, "active");
  EXPECT_EQ(busiest_actors(node.probes(), sessions, actor_kind::session, 1).size(), 1u);
  const auto all = busiest_actors(node.probes(), sessions, std::nullopt, 1'000);
  EXPECT_TRUE(std::ranges::any_of(all, [](auto& r) { return r.kind == actor_kind::agent; }));
  EXPECT_TRUE(std::ranges::is_sorted(all, std::greater<>{}, &probe_registry::row::handled));
  s.node.pass(millis{12'000});
  EXPECT_EQ(count(), 1u);
}

}  // namespace
}  // namespace switchboard::simulation
