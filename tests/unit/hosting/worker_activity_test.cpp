#include "runtime/hosting/worker_activity.hpp"

#include <chrono>
#include <numeric>
#include <thread>

#include <caf/all.hpp>
#include <gtest/gtest.h>

#include "runtime/hosting/hosted_actor.hpp"

namespace switchboard {
namespace {

struct chore {
  int number = 0;
};
struct nap {
  int ms = 0;
};

}  // namespace
}  // namespace switchboard

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(switchboard::chore)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(switchboard::nap)

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using worker_actor = caf::typed_actor<caf::reacts_to<chore>, caf::reacts_to<nap>>;

class worker_body {
 public:
  static inline const char* name = "worker";
  worker_body(worker_actor::pointer, actor_probe& probe, actor_kind kind, std::string key)
      : key_(std::move(key)) {
    probe.kind = kind;
  }
  worker_actor::behavior_type make_behavior() {
    return {[](const chore&) {}, [](const nap& m) { std::this_thread::sleep_for(m.ms * 1ms); }};
  }
  std::string key() const { return key_; }

 private:
  std::string key_;
};

struct worker_activity_test : testing::Test {
  worker_activity_test() : system(prepared(config)), activity(pool()) {}
  static caf::actor_system_config& prepared(caf::actor_system_config& c) {
    message_names::add(typeid(chore), "test::chore");
    message_names::add(typeid(nap), "test::nap");
    c.load<worker_pool>();
    c.set("scheduler.max-threads", std::size_t{2});
    return c;
  }
  worker_pool& pool() { return dynamic_cast<worker_pool&>(system.scheduler()); }
  worker_actor spawn(actor_kind kind, std::string key) {
    return system.spawn<hosted_actor<worker_actor, worker_body>>(kind, std::move(key));
  }
  template <class Condition> static bool comes_true(Condition condition) {
    for (int i = 0; i < 5'000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(2ms);
    }
    return condition();
  }
  std::uint64_t handled(actor_kind kind, std::string_view message) const {
    for (auto& r : activity.messages()) {
      if (r.kind == kind && message_names::name(r.message) == message) return r.handled;
    }
    return 0;
  }

  caf::actor_system_config config;
  caf::actor_system system;
  worker_activity activity;
};

TEST_F(worker_activity_test, every_message_is_counted_once_by_kind_of_actor_and_of_message) {
  auto agent = spawn(actor_kind::agent, "lin"), group = spawn(actor_kind::skill_group, "vip");
  std::vector<std::thread> senders;
  for (int t = 0; t < 3; ++t) {
    senders.emplace_back([&] {
      for (int i = 0; i < 10'000; ++i) caf::anon_send(i % 4 ? agent : group, chore{i});
    });
  }
  for (auto& t : senders) t.join();
  ASSERT_TRUE(comes_true([&] {
    return handled(actor_kind::agent, "chore") + handled(actor_kind::skill_group, "chore") ==
           30'000;
  }));
  EXPECT_EQ(handled(actor_kind::agent, "chore"), 22'500u);
  EXPECT_EQ(handled(actor_kind::agent, "nap"), 0u);
  EXPECT_EQ(probe_of(agent)->waiting(), 0u);
  for (auto& r : activity.messages()) {
    EXPECT_EQ(std::reduce(r.work_spans.begin(), r.work_spans.end()), r.handled);
    const auto waits = std::reduce(r.wait_spans.begin(), r.wait_spans.end());
    EXPECT_GE(waits, 1u);
    EXPECT_LE(waits, r.handled / actor_probe::sampled + 1);
  }
}

TEST_F(worker_activity_test, who_does_not_come_back_from_a_handler_is_seen_at_it) {
  auto slow = spawn(actor_kind::router, "r");
  caf::anon_send(slow, nap{300});
  EXPECT_TRUE(comes_true([&] {
    for (auto& d : activity.doing()) {
      if (d.since != 0 && d.kind == actor_kind::router && d.actor == slow->id() &&
          message_names::name(d.message) == "nap")
        return true;
    }
    return false;
  }));
  EXPECT_TRUE(comes_true([&] {
    for (auto& d : activity.doing()) {
      if (d.since != 0) return false;
    }
    return true;
  }));
}

TEST_F(worker_activity_test, the_busiest_of_the_last_second_are_named_and_only_while_looked_at) {
  auto busy = spawn(actor_kind::agent, "busy"), calm = spawn(actor_kind::agent, "calm");
  caf::anon_send(busy, nap{20});  // before anybody looks
  ASSERT_TRUE(comes_true([&] { return probe_of(busy)->handled == 1u; }));
  EXPECT_TRUE(activity.last_window(10).actors.empty());
  for (int i = 0; i < 5; ++i) caf::anon_send(busy, nap{10});
  caf::anon_send(calm, nap{10});
  std::this_thread::sleep_for(1s);
  ASSERT_TRUE(comes_true([&] { return probe_of(busy)->handled == 6u; }));
  const auto seen = activity.last_window(10);
  ASSERT_EQ(seen.actors.size(), 2u);
  EXPECT_EQ(seen.actors[0].key, "busy");
  EXPECT_EQ(seen.actors[0].messages, 5u);
  EXPECT_GT(static_cast<double>(seen.actors[0].work) * nanoseconds_per_tick(), 49e6);
  EXPECT_EQ(seen.actors[1].key, "calm");
  // Whoever looks at the same time sees the same.
  EXPECT_EQ(activity.last_window(1).actors.size(), 1u);
  EXPECT_EQ(activity.last_window(10).actors.size(), 2u);
}

}  // namespace
}  // namespace switchboard
