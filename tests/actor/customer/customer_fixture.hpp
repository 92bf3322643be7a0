#pragma once

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <gtest/gtest.h>

#include "actors/customer/customer_actor.hpp"
#include "actors/messages/registration.hpp"
#include "actors/messages/waking.hpp"
#include "actors/read_model/history/history_actor.hpp"
#include "tests/unit/read_model/session_writer.hpp"

namespace switchboard {

struct hand_clock final : clock_source {
  timestamp now() const override { return time; }
  timestamp time = noon;
};

/// Remembers answers, and behind which position they were put.
struct answers final : outbox {
  struct row {
    std::uint32_t msgid;
    store::position after;
    std::string packed;
    std::optional<error> why;
  };
  void reply(std::uint32_t msgid, store::position after, std::string packed) override {
    rows.push_back({msgid, after, std::move(packed), {}});
  }
  void fail(std::uint32_t msgid, store::position after, const error& why) override {
    rows.push_back({msgid, after, {}, why});
  }
  void notify(store::position, std::string) override { ADD_FAILURE() << "nobody is notified here"; }
  std::uint64_t id() const override { return 1; }
  bool open() const override { return true; }
  std::vector<row> rows;
};

/// The customers' actors on the test scheduler, over a store in memory; everybody else is played by
/// the test.
struct customer_fixture : testing::Test {
  customer_fixture()
      : system(prepared(config)),
        sched(dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler())) {
    new_timers();
    directory.archive = spawn_history(system, archive, history_thread::shared);
    listener = system.spawn([this](caf::event_based_actor*) -> caf::behavior {
      return {[this](trail_answer& a) { findings.push_back(std::move(a)); },
              [this](history_page& p) { pages.push_back(std::move(p)); },
              [this](session_loaded& s) { loaded.push_back(std::move(s)); }};
    });
  }
  ~customer_fixture() override {
    timers->stop();
    directory.clear();
    caf::anon_send_exit(listener, caf::exit_reason::user_shutdown);
    listener = nullptr;
    sched.run();
  }
  static caf::actor_system_config& prepared(caf::actor_system_config& c) {
    c.set("scheduler.policy", caf::atom("testing"));
    register_messages(c);
    return c;
  }
  void new_timers() { directory.timers = &timers.emplace(clock, &send_wake); }
  void start_directory() { directory.customers = {spawn_customer_directory(system, services)}; }
  auto& persons() { return directory.customers.front(); }
  template <class M> void tell(M m) {
    caf::send_as(listener, persons(), std::move(m));
    sched.run();
  }
  /// Moves the clock, to the end of a tick, and wakes who is due.
  void pass(millis by) {
    clock.time += by;
    while (unix_ms(clock.time) % timer_wheel::tick.count() != 0) clock.time += millis{1};
    timers->advance();
    sched.run();
  }
  customer_call call(customer_method method, const std::map<std::string, std::string>& fields = {},
                     const std::string& op_id = {}) {
    codec::packer p;
    codec::pack_value(p, fields, codec::audience::store);
    return {method, person_id{"m:1"}, {"agent", "a1", ""}, op_id, {}, {p.take()},
            0,      {out, ++msgid}};
  }
  auto awake() { return probes.counts()[static_cast<std::size_t>(actor_kind::customer)]; }

  memory_world w;
  hand_clock clock;
  std::optional<timer_service> timers;
  probe_registry probes;
  directory_view directory;
  history_services archive{w.state, clock, probes};
  customer_services services{
      w.journal, w.state, clock, directory, probes, [n = 0ull]() mutable { return ++n; }, 0, {}};
  std::vector<trail_answer> findings;
  std::vector<history_page> pages;
  std::vector<session_loaded> loaded;
  std::shared_ptr<answers> out = std::make_shared<answers>();
  std::uint32_t msgid = 0;
  caf::actor_system_config config;
  caf::actor_system system;
  caf::scheduler::test_coordinator& sched;
  caf::actor listener;
};

}  // namespace switchboard
