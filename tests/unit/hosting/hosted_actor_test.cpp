#include "runtime/hosting/hosted_actor.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <gtest/gtest.h>

namespace switchboard {
namespace {

struct question {
  int number = 0;
  reply_to reply;
};
struct remark {
  int number = 0;
};

struct answers final : outbox {
  void reply(std::uint32_t, store::position, std::string packed) override {
    told.push_back(std::move(packed));
  }
  void fail(std::uint32_t, store::position, const error& why) override {
    EXPECT_EQ(why.code, errc::internal);
    told.push_back(why.message);
  }
  void notify(store::position, std::string) override {}
  std::uint64_t id() const override { return 1; }
  bool open() const override { return true; }
  std::vector<std::string> told;
};

}  // namespace
}  // namespace switchboard

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(switchboard::question)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(switchboard::remark)

namespace switchboard {
namespace {

using reading_actor = caf::typed_actor<caf::reacts_to<question>, caf::reacts_to<remark>>;

/// Meets damage at every odd number.
class reading_body {
 public:
  static inline const char* name = "reading";
  reading_body(reading_actor::pointer, actor_probe&) {}
  reading_actor::behavior_type make_behavior() {
    return {[this](const question& m) {
              look(m.number);
              m.reply.ok(0, "read " + std::to_string(m.number));
            },
            [this](const remark& m) { look(m.number); }};
  }

 private:
  static void look(int number) {
    if (number % 2 != 0)
      throw store::damaged_data("value " + std::to_string(number) + " is damaged");
  }
};

struct hosted_actor_test : testing::Test {
  hosted_actor_test()
      : system(prepared(config)),
        sched(dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler())) {
    actor = system.spawn<hosted_actor<reading_actor, reading_body>>();
  }
  ~hosted_actor_test() override {
    actor = nullptr;
    sched.run();
  }
  static caf::actor_system_config& prepared(caf::actor_system_config& c) {
    c.set("scheduler.policy", caf::atom("testing"));
    return c;
  }
  template <class M> void tell(M m) {
    caf::anon_send(actor, std::move(m));
    sched.run();
  }
  caf::actor_system_config config;
  caf::actor_system system;
  caf::scheduler::test_coordinator& sched;
  reading_actor actor;
  std::shared_ptr<answers> out = std::make_shared<answers>();
};

TEST_F(hosted_actor_test, who_asks_for_what_is_damaged_is_told_so_and_the_actor_goes_on) {
  for (int n : {2, 3, 4}) tell(question{n, {out, 1}});
  EXPECT_EQ(out->told, (std::vector<std::string>{"read 2", "value 3 is damaged", "read 4"}));
}

TEST_F(hosted_actor_test, damage_that_nobody_asked_about_ends_nothing) {
  tell(remark{1});
  tell(question{2, {out, 1}});
  EXPECT_EQ(out->told, std::vector<std::string>{"read 2"});
}

TEST_F(hosted_actor_test, the_shell_counts_what_comes_what_is_handled_and_what_failed) {
  caf::anon_send(actor, remark{2});
  caf::anon_send(actor, question{3, {out, 1}});
  auto* probe = probe_of(actor);
  ASSERT_TRUE(probe);
  EXPECT_EQ(probe->waiting(), 2u);
  sched.run();
  EXPECT_EQ(probe->handled, 2u);
  EXPECT_EQ(probe->failed, 1u);
  EXPECT_EQ(probe->waiting(), 0u);
}

}  // namespace
}  // namespace switchboard
