#include "actors/agent/agent_policy.hpp"

#include <gtest/gtest.h>

#include "actors/skill_group/agent_view.hpp"

namespace switchboard {
namespace {

config::dispatch_config deployment_with(config::offer_policy offer,
                                        config::wrap_up_policy after = {}) {
  config::dispatch_config c;
  c.groups.emplace_back();
  c.groups[0].id = group_id{"g"};
  c.groups[0].offer = offer;
  c.groups[0].wrap_up = after;
  return c;
}
const timestamp t0 = from_unix_ms(1'700'000'000'000);
const session_id session = make_session_id(3, t0, 1, 2);

agent_status state_after(const config::offer_policy& offer, int misses_before) {
  agent_record r;
  r.status = agent_status::online;
  r.missed_in_a_row = misses_before;
  for (auto& e : events_of_miss(deployment_with(offer), r, group_id{"g"}, session)) apply(r, e, t0);
  EXPECT_EQ(r.missed_in_a_row, misses_before + 1);
  return r.status;
}

TEST(policy, the_state_that_follows_misses_in_a_row_is_the_groups) {
  config::offer_policy o;
  o.missed_limit = 2;
  EXPECT_EQ(state_after(o, 0), agent_status::online);
  EXPECT_EQ(state_after(o, 1), agent_status::away);
  o.then = config::missed_state::busy;
  EXPECT_EQ(state_after(o, 1), agent_status::busy);
  o.then = config::missed_state::offline;
  EXPECT_EQ(state_after(o, 1), agent_status::offline);
  o.missed_limit = 0;
  EXPECT_EQ(state_after(o, 99), agent_status::online);
}

TEST(policy, reasons_are_asked_for_where_they_are_listed) {
  config::dispatch_config c;
  EXPECT_EQ(reason_refused(c, agent_status::away, "anything"), "");
  c.session.away_reasons = {"lunch", "training"};
  EXPECT_EQ(reason_refused(c, agent_status::away, "lunch"), "");
  EXPECT_EQ(reason_refused(c, agent_status::busy, ""), "reason: expected one of lunch, training");
  EXPECT_EQ(reason_refused(c, agent_status::online, ""), "");
}

TEST(policy, sessions_move_only_to_a_group_or_an_agent_that_is_there) {
  auto c = deployment_with({});
  c.groups[0].formerly = {group_id{"old"}};
  for (auto* id : {"lin", "chen"}) c.agents.emplace_back().id = agent_id{id};
  const agent_id lin{"lin"};
  EXPECT_FALSE(move_refused(c, lin, "", ""));
  EXPECT_FALSE(move_refused(c, lin, "g", ""));
  EXPECT_FALSE(move_refused(c, lin, "old", ""));
  EXPECT_FALSE(move_refused(c, lin, "", "chen"));
  EXPECT_EQ(move_refused(c, lin, "nowhere", "")->code, errc::not_found);
  EXPECT_EQ(move_refused(c, lin, "", "chenn")->message,
            "to_agent: there is no such agent; did you mean \"chen\"?");
  EXPECT_EQ(move_refused(c, lin, "", "lin")->field, "to_agent");
}

TEST(policy, wrap_up_is_the_accepting_groups) {
  const agent_machine::held held{group_id{"g"}, 3, t0};
  EXPECT_FALSE(wrap_up_after(deployment_with({}), session, held, t0));
  config::wrap_up_policy p{config::wrap_up_mode::timed, millis{5'000}, true};
  EXPECT_EQ(wrap_up_after(deployment_with({}, p), session, held, t0)->holds, 3);
  EXPECT_EQ(wrap_up_after(deployment_with({}, p), session, held, t0)->until, t0 + millis{5'000});
  p.holds_capacity = false;
  EXPECT_EQ(wrap_up_after(deployment_with({}, p), session, held, t0)->holds, 0);
  EXPECT_FALSE(wrap_up_after(deployment_with({}, p), session, {group_id{"removed"}, 3, t0}, t0));
}

TEST(policy, states_by_name) {
  EXPECT_EQ(status_named("draining"), agent_status::draining);
  EXPECT_EQ(status_named("reconnecting"), std::nullopt) << "nobody can ask for it";
  EXPECT_EQ(status_named("asleep"), std::nullopt);
}

}  // namespace
}  // namespace switchboard
