#include "runtime/hosting/timer_service.hpp"

#include <array>
#include <atomic>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <thread>

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <gtest/gtest.h>

#include "runtime/base/wall_time.hpp"
#include "runtime/hosting/timer_thread.hpp"
#include "runtime/hosting/wall_clock.hpp"

namespace switchboard {
namespace {

struct hand_clock final : dated_clock {
  timestamp now() const override { return time; }
  timestamp wall() const override { return time + set_by; }
  timestamp time = from_unix_ms(1'700'000'000'000);
  millis set_by{0};
};

struct woken {
  caf::actor_id who;
  std::uint64_t generation;
};
std::vector<woken>* heard = nullptr;
/// By the actor's id, as the thread's wakes come.
std::array<std::atomic<std::uint64_t>, 4'096> latest{};

void note_wake(const caf::strong_actor_ptr& who, std::uint64_t generation) {
  heard->push_back({who->id(), generation});
}
void note_latest(const caf::strong_actor_ptr& who, std::uint64_t generation) {
  latest.at(who->id()) = generation;
}

/// Actors that do nothing, on the test scheduler: their timers are the test's.
struct timer_service_test : testing::Test {
  timer_service_test() : system(on_test_scheduler(config)) { heard = &wakes; }
  ~timer_service_test() override {
    timers.stop();
    idle.clear();
  }
  static caf::actor_system_config& on_test_scheduler(caf::actor_system_config& c) {
    c.set("scheduler.policy", caf::atom("testing"));
    return c;
  }
  caf::abstract_actor* actor() {
    idle.push_back(
        system.spawn([](caf::event_based_actor*) -> caf::behavior { return {[](int) {}}; }));
    addresses.push_back(idle.back().address());
    sched().run();
    return caf::actor_cast<caf::abstract_actor*>(idle.back());
  }
  caf::scheduler::test_coordinator& sched() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  }
  /// Time passes, and the timers are looked at when they ask for it.
  void pass(millis by) {
    const auto end = clock.time + by;
    for (auto next = timers.next_look(); next && *next <= end; next = timers.next_look()) {
      clock.time = std::max(clock.time, *next);
      timers.advance();
    }
    clock.time = end;
  }

  hand_clock clock;
  std::vector<woken> wakes;
  timer_service timers{clock, &note_wake};
  caf::actor_system_config config;
  caf::actor_system system;
  std::vector<caf::actor> idle;
  std::vector<caf::actor_addr> addresses;  // a timer lies within its actor, here it may outlive it
};

TEST_F(timer_service_test, an_actor_is_woken_at_its_time_and_not_before) {
  actor_timer timer(timers, actor());
  timer.arm(clock.time + millis{80});
  pass(millis{79});
  EXPECT_TRUE(wakes.empty());
  pass(millis{1});
  ASSERT_EQ(wakes.size(), 1u);
  EXPECT_TRUE(timer.rang(wakes[0].generation));
  EXPECT_EQ(timers.armed(), 0u);
  EXPECT_FALSE(timers.next_look());
}

TEST_F(timer_service_test, another_time_takes_the_place_of_the_one_before) {
  actor_timer timer(timers, actor());
  timer.arm(clock.time + millis{80});
  timer.arm(clock.time + millis{800});
  pass(millis{799});
  EXPECT_TRUE(wakes.empty());
  timer.arm(clock.time + millis{17});
  EXPECT_EQ(timers.armed(), 1u);
  pass(millis{32});
  EXPECT_EQ(wakes.size(), 1u);
}

TEST_F(timer_service_test, a_cancelled_deadline_wakes_nobody_and_is_not_looked_at_again) {
  actor_timer timer(timers, actor());
  timer.arm(clock.time + millis{80});
  timer.cancel();
  EXPECT_EQ(timers.armed(), 0u);
  EXPECT_FALSE(timers.next_look());
  pass(millis{200});
  EXPECT_TRUE(wakes.empty());
}

TEST_F(timer_service_test,
       a_wake_that_was_on_its_way_when_another_time_was_armed_is_not_the_one_waited_for) {
  actor_timer timer(timers, actor());
  timer.arm(clock.time + millis{80});
  pass(millis{80});
  ASSERT_EQ(wakes.size(), 1u);
  timer.arm(clock.time + millis{80});
  EXPECT_FALSE(timer.rang(wakes[0].generation));
  pass(millis{80});
  ASSERT_EQ(wakes.size(), 2u);
  EXPECT_TRUE(timer.rang(wakes[1].generation));
  EXPECT_FALSE(timer.rang(wakes[1].generation)) << "once";
}

TEST_F(timer_service_test, an_actor_that_ends_leaves_nothing_armed) {
  auto* who = actor();
  std::optional<actor_timer> timer(std::in_place, timers, who);
  timer->arm(clock.time + millis{80});
  timer.reset();
  EXPECT_EQ(timers.armed(), 0u);
  pass(millis{200});
  EXPECT_TRUE(wakes.empty());
}

TEST_F(timer_service_test, what_is_armed_keeps_its_actor_until_it_fires_or_the_timers_stop) {
  const auto before = system.registry().running();
  auto* first = actor();
  auto* second = actor();
  actor_timer one(timers, first), two(timers, second);
  one.arm(clock.time + millis{80});
  two.arm(clock.time + millis{8'000});
  idle.clear();
  EXPECT_EQ(system.registry().running(), before + 2);
  pass(millis{80});
  EXPECT_EQ(system.registry().running(), before + 1);
  timers.stop();
  EXPECT_EQ(system.registry().running(), before);
  one.cancel();
  two.cancel();
}

TEST_F(timer_service_test, after_the_stop_nobody_is_woken_whoever_arms) {
  actor_timer timer(timers, actor());
  timers.stop();
  timer.arm(clock.time + millis{80});
  pass(millis{200});
  timers.advance();
  EXPECT_TRUE(wakes.empty());
}

TEST_F(timer_service_test, everybody_is_woken_within_a_second_when_the_wall_was_set) {
  actor_timer a(timers, actor()), b(timers, actor());
  a.arm(clock.time + std::chrono::hours{2});
  b.arm(clock.time + std::chrono::hours{20});
  pass(millis{5'000});
  EXPECT_TRUE(wakes.empty());
  clock.set_by = std::chrono::hours{3};
  pass(millis{1'000});
  ASSERT_EQ(wakes.size(), 2u);
  const auto of_a = wakes[0].who == idle[0].id() ? 0 : 1;
  EXPECT_TRUE(a.rang(wakes[static_cast<std::size_t>(of_a)].generation));
  pass(millis{5'000});
  EXPECT_EQ(wakes.size(), 2u) << "once for each step";
}

TEST_F(timer_service_test, a_step_of_less_than_half_a_second_wakes_nobody) {
  actor_timer a(timers, actor());
  a.arm(clock.time + std::chrono::hours{2});
  clock.set_by = millis{499};
  pass(millis{3'000});
  EXPECT_TRUE(wakes.empty());
}

/// The thread's own way to sleep, with a clock moved by hand: it looks when it said it would or
/// when it is nudged. Actors arm, move and cancel meanwhile.
TEST_F(timer_service_test,
       whoever_drives_it_as_the_thread_does_wakes_nobody_more_than_two_ticks_late) {
  std::mt19937_64 rng(11);
  bool nudged = false;
  timers.nudge_by([&] { nudged = true; });
  std::deque<actor_timer> all;
  std::map<caf::actor_id, std::pair<std::size_t, timestamp>> armed;
  for (std::size_t i = 0; i < 100; ++i) all.emplace_back(timers, actor());
  std::size_t looks = 0, fired = 0;
  for (int i = 0; i < 20'000; ++i) {
    timers.advance();
    ++looks;
    for (auto& w : std::exchange(wakes, {})) {
      const auto [index, when] = armed.at(w.who);
      ASSERT_TRUE(all[index].rang(w.generation));
      ASSERT_LE(when, clock.time) << "early";
      ASSERT_LE(clock.time - when, 2 * timer_wheel::tick) << "late";
      armed.erase(w.who);
      ++fired;
    }
    nudged = false;
    const auto until = timers.sleep_until();
    ASSERT_GE(until, clock.time);
    while (clock.time < until && !nudged) {
      clock.time += millis{1};
      // Long quiet stretches, and short busy ones.
      if (unix_ms(clock.time) % 4'096 > 900 || rng() % 3 != 0) continue;
      const auto index = rng() % all.size();
      if (rng() % 3 == 0) {
        all[index].cancel();
        armed.erase(idle[index].id());
      } else {
        const auto when =
            clock.time + millis{static_cast<std::int64_t>(rng() % (1ull << (rng() % 14)))};
        all[index].arm(when);
        armed[idle[index].id()] = {index, when};
      }
    }
  }
  EXPECT_GT(fired, 1'000u);
  EXPECT_EQ(timers.late(), 0u);
  for (auto& t : all) t.cancel();
}

struct timer_thread_test : timer_service_test {
  /// Ends when the actor has been told of what it armed last.
  bool comes(actor_timer& timer, const caf::actor& who) {
    for (int i = 0; i < 10'000; ++i) {
      if (timer.rang(latest.at(who.id()))) return true;
      std::this_thread::sleep_for(millis{1});
    }
    return false;
  }
  wall_clock machine;
  timer_service driven{machine, &note_latest};
};

TEST_F(timer_thread_test,
       a_deadline_that_is_nearer_than_all_others_wakes_the_thread_from_its_sleep) {
  timer_thread thread(driven, machine);
  auto* who = actor();
  actor_timer timer(driven, who);
  timer.arm(machine.now() + std::chrono::hours{1});
  std::this_thread::sleep_for(millis{20});
  const auto due = machine.now() + millis{10};
  timer.arm(due);
  EXPECT_TRUE(comes(timer, idle.back()));
  EXPECT_GE(machine.now(), due);
}

TEST_F(timer_thread_test, many_threads_arm_and_cancel_and_everybody_hears_of_what_was_armed_last) {
  constexpr std::size_t crew = 4, each = 32;
  std::deque<actor_timer> all;
  for (std::size_t i = 0; i < crew * each; ++i) all.emplace_back(driven, actor());
  {
    timer_thread ticking(driven, machine);
    std::vector<std::thread> threads;
    for (std::size_t c = 0; c < crew; ++c) {
      threads.emplace_back([&, c] {
        std::mt19937_64 rng(c);
        for (int i = 0; i < 20'000; ++i) {
          auto& timer = all[c * each + rng() % each];
          if (rng() % 4 == 0)
            timer.cancel();
          else
            timer.arm(machine.now() + millis{static_cast<std::int64_t>(rng() % 64)});
        }
        for (std::size_t i = c * each; i < (c + 1) * each; ++i)
          all[i].arm(machine.now() + millis{5});
      });
    }
    for (auto& t : threads) t.join();
    for (std::size_t i = 0; i < all.size(); ++i) EXPECT_TRUE(comes(all[i], idle[i])) << i;
    EXPECT_EQ(driven.armed(), 0u);
  }
}

}  // namespace
}  // namespace switchboard
