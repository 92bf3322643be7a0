#include "actors/session/session_explanation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard {
namespace {

using testing::HasSubstr;

const timestamp t0 = from_unix_ms(1'700'000'000'000);

/// What a session records, told as it comes.
struct telling {
  session_state s;
  session_explanation account;

  telling() { s.id = make_session_id(3, t0, 1, 2); }
  void happen(session_payload what) {
    auto e = sequence(s, std::move(what), t0);
    apply(s, e);
    std::string bytes;
    session_codec::encode(e, bytes);
    session_codec::for_each(
        bytes, [&](const session_codec::stored_event& stored) { account.take(stored); });
  }
  std::string packed() {
    codec::packer p;
    account.pack(p);
    return p.take();
  }
};

event::planned planned_by(const std::string& rule) {
  event::planned p;
  p.plan.rule = rule;
  p.plan.rules_version = 7;
  p.plan.why = {"rule \"vip\" does not match: not member.level >= 4"};
  p.plan.steps.resize(1);
  p.plan.steps[0].groups = {group_id{"g"}};
  return p;
}

TEST(account, tells_rule_step_choice_and_bump) {
  telling t;
  t.happen(event::opened{});
  t.happen(planned_by("everyone"));
  event::queued q;
  q.choice.groups = {group_id{"g"}};
  q.choice.why = {"step 1 is not skipped"};
  t.happen(q);
  t.happen(event::bumped{100, {"admin", "xu", ""}, "an old friend"});
  event::assigned a;
  a.agent = {"agent", "lin", "Lin"};
  a.group = group_id{"g"};
  a.why = "by longest idle";
  a.decision.strategy = "longest_idle";
  a.decision.runner_up = agent_id{"chen"};
  a.decision.passed_over = {{agent_id{"wu"}, "room"}};
  t.happen(a);
  const auto told = t.packed();
  EXPECT_THAT(told, HasSubstr("rule \"everyone\" of version 7: rule \"vip\" does not match"));
  EXPECT_THAT(told, HasSubstr("step 1: waits in g (step 1 is not skipped)"));
  EXPECT_THAT(told, HasSubstr("to priority 100 by xu: an old friend"));
  EXPECT_THAT(told, HasSubstr("lin (Lin) in g: by longest idle"));
  EXPECT_THAT(told, HasSubstr("chen"));
  EXPECT_THAT(told, HasSubstr("room"));
}

TEST(account, an_accepted_offer_was_decided_when_it_was_made) {
  telling t;
  event::offered o;
  o.agent = {"agent", "lin", ""};
  o.decision.strategy = "least_loaded";
  t.happen(o);
  t.happen(event::assigned{});
  EXPECT_THAT(t.packed(), HasSubstr("least_loaded"));
}

TEST(account, is_bounded_and_leaves_messages_out) {
  telling t;
  for (int i = 0; i < 3000; ++i) {
    event::message m;
    m.from = {"customer", "u1", ""};
    m.type = "text";
    t.happen(m);
    t.happen(event::left{{"agent", "lin", ""}, "line lost"});
  }
  const auto told = t.packed();
  EXPECT_LT(told.size(), 10'000u);
  EXPECT_EQ(t.account.last_seq(), 6000u);
}

}  // namespace
}  // namespace switchboard
