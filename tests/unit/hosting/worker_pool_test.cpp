#include "runtime/hosting/worker_pool.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>

#include <caf/all.hpp>
#include <gtest/gtest.h>

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using caf::actor;
using caf::event_based_actor;

using hop_atom = caf::atom_constant<caf::atom("hop")>;
using ask_atom = caf::atom_constant<caf::atom("ask")>;

struct pool_config : caf::actor_system_config {
  explicit pool_config(std::size_t workers) {
    load<worker_pool>();
    set("scheduler.max-threads", workers);
    set("scheduler.max-throughput", std::size_t{20});
  }
};

template <class Condition>
bool comes_true(Condition condition, std::chrono::seconds patience = 20s) {
  for (auto until = std::chrono::steady_clock::now() + patience;
       std::chrono::steady_clock::now() < until;) {
    if (condition()) return true;
    std::this_thread::sleep_for(1ms);
  }
  return condition();
}

class worker_pool_test : public ::testing::TestWithParam<std::size_t> {};

TEST_P(worker_pool_test, every_message_arrives_whoever_sends_it) {
  constexpr int actors = 50, senders = 4, tokens = 200, hops = 40;
  std::atomic<int> arrived{0}, hopped{0};
  pool_config config(GetParam());
  caf::actor_system system(config);
  std::vector<actor> ring;
  for (int i = 0; i < actors; ++i) {
    ring.push_back(system.spawn([&, i](event_based_actor* self) -> caf::behavior {
      return {[&, self, i](hop_atom, int left) {
        ++hopped;
        if (left == 0)
          ++arrived;
        else
          self->send(ring[static_cast<std::size_t>((i * 7 + left) % actors)], hop_atom::value,
                     left - 1);
      }};
    }));
  }
  std::vector<std::thread> outside;
  for (int s = 0; s < senders; ++s) {
    outside.emplace_back([&, s] {
      for (int n = 0; n < tokens; ++n) {
        caf::anon_send(ring[static_cast<std::size_t>((s * 13 + n) % actors)], hop_atom::value,
                       hops);
        // Now and then all workers have gone to sleep when the next one comes.
        if (n % 50 == 0) std::this_thread::sleep_for(2ms);
      }
    });
  }
  for (auto& t : outside) t.join();
  EXPECT_TRUE(comes_true([&] { return arrived == senders * tokens; })) << arrived;
  EXPECT_EQ(hopped, senders * tokens * (hops + 1));
  for (auto& a : ring) caf::anon_send_exit(a, caf::exit_reason::kill);
}

TEST_P(worker_pool_test, an_endless_talk_between_actors_does_not_keep_out_what_comes_from_outside) {
  pool_config config(GetParam());
  caf::actor_system system(config);
  auto echo = [](event_based_actor* self) -> caf::behavior {
    return {[self](hop_atom, const actor& to) {
      self->send(to, hop_atom::value, caf::actor_cast<actor>(self));
    }};
  };
  std::vector<actor> talking;
  for (std::size_t i = 0; i < 4 * GetParam(); ++i) talking.push_back(system.spawn(echo));
  for (std::size_t i = 0; i < talking.size(); ++i)
    caf::anon_send(talking[i], hop_atom::value, talking[(i + 1) % talking.size()]);
  std::this_thread::sleep_for(20ms);
  std::atomic<int> answered{0};
  auto asked = system.spawn([&]() -> caf::behavior { return {[&](ask_atom) { ++answered; }}; });
  for (int n = 0; n < 100; ++n) caf::anon_send(asked, ask_atom::value);
  EXPECT_TRUE(comes_true([&] { return answered == 100; })) << answered;
  for (auto& a : talking) caf::anon_send_exit(a, caf::exit_reason::kill);
  caf::anon_send_exit(asked, caf::exit_reason::kill);
}

INSTANTIATE_TEST_SUITE_P(workers, worker_pool_test, ::testing::Values(1, 2, 4));

TEST(worker_pool, a_worker_with_a_long_row_gives_work_to_one_that_sleeps) {
  pool_config config(4);
  caf::actor_system system(config);
  std::mutex mutex;
  std::set<std::thread::id> threads;
  std::atomic<int> done{0};
  std::vector<actor> slow;
  for (int i = 0; i < 40; ++i) {
    slow.push_back(system.spawn([&]() -> caf::behavior {
      return {[&](ask_atom) {
        std::this_thread::sleep_for(3ms);
        std::lock_guard lock(mutex);
        threads.insert(std::this_thread::get_id());
        ++done;
      }};
    }));
  }
  std::this_thread::sleep_for(20ms);
  auto one = system.spawn([&](event_based_actor* self) -> caf::behavior {
    return {[&, self](ask_atom) {
      for (auto& a : slow) self->send(a, ask_atom::value);
    }};
  });
  caf::anon_send(one, ask_atom::value);
  EXPECT_TRUE(comes_true([&] { return done == 40; }));
  EXPECT_EQ(threads.size(), 4u);
  for (auto& a : slow) caf::anon_send_exit(a, caf::exit_reason::kill);
  caf::anon_send_exit(one, caf::exit_reason::kill);
}

TEST(worker_pool, a_delayed_message_comes_through_the_clock) {
  pool_config config(1);
  caf::actor_system system(config);
  std::atomic<bool> came{false};
  auto later = system.spawn([&](event_based_actor* self) -> caf::behavior {
    self->delayed_send(self, 5ms, ask_atom::value);
    return {[&, self](ask_atom) {
      came = true;
      self->quit();
    }};
  });
  EXPECT_TRUE(comes_true([&] { return came.load(); }));
}

}  // namespace
}  // namespace switchboard
