#include "runtime/codec/pack.hpp"
#include "tests/simulation/stage.hpp"
#include "tools/simulation/wire_map.hpp"

/// What people decide on a running contact center: a shift leader's hand, an agent's own choice,
/// messages left; and what it says of itself.
namespace switchboard::simulation {
namespace {

struct answer {
  std::optional<wire_map> ok;
  std::string packed;
  error why;
};
answer heard(stage& s, const std::function<void(reply_to)>& call) {
  answer out;
  bool came = false;
  call({s.node.connect([&](const line::arrival& a) {
          came = true;
          out.packed = a.packed;
          if (a.what == line::arrival::kind::failure)
            out.why = a.why;
          else
            out.ok.emplace(out.packed);
        }),
        1});
  s.node.pass(millis{20});
  EXPECT_TRUE(came);
  return out;
}

answer on_session(stage& s, const simulated_customer& c, session_call m) {
  m.session = *c.session();
  return heard(s, [&](reply_to to) {
    m.reply = to;
    s.node.to_session(std::move(m));
  });
}
session_call call_of(session_method method, const char* by, const char* role = "admin") {
  session_call m;
  m.method = method;
  m.by = {role, by, ""};
  return m;
}
answer on_agent(stage& s, const char* id, agent_call m) {
  m.agent = agent_id{id};
  m.by = {"admin", "xu", ""};
  return heard(s, [&](reply_to to) {
    m.reply = to;
    s.node.to_agent(agent_id{id}, std::move(m));
  });
}

std::string deployment(const std::string& agents, const std::string& rules,
                       const std::string& groups = "{id: a}, {id: b}") {
  return "groups: [" + groups + "]\nagents:\n" + agents + "channels: [{id: app}]\nrules:\n" + rules;
}
const std::string ann = "  - {id: ann, groups: [a], capacity: 2}\n";
const std::string bob = "  - {id: bob, groups: [b], capacity: 2}\n";
const std::string to_a = "  - {name: all, steps: [{group: a}]}\n";
const std::string pulled = "{id: a, offer: {accept: claim}}, {id: b}";
const std::string to_nobody =
    "  - {name: all, steps: [{group: a, skip_if: 'true'}, {leave_message: true}]}\n";

// ---- why

TEST(why, a_waiter_says_its_rule_who_cannot_take_it_and_what_would_let_it_go) {
  stage s(deployment("  - {id: ann, groups: [a], skills: {refund: 2}, capacity: 1}\n",
                     "  - {name: all, steps: [{group: a, require: {refund: 2}}]}\n", "{id: a}"));
  s.everybody_online();
  s.opened();
  auto& waits = s.opened();
  auto told = on_session(s, waits, call_of(session_method::why, "xu"));
  ASSERT_TRUE(told.ok) << told.why.message;
  EXPECT_EQ(told.ok->text("rule"), "all");
  EXPECT_EQ(told.ok->number("rules_version"), 1);
  EXPECT_NE(told.packed.find("room"), std::string::npos);
  EXPECT_NE(told.packed.find("unblocks"), std::string::npos);
  EXPECT_NE(told.packed.find("rule \"all\" of version 1"), std::string::npos);
}

TEST(why, an_assignment_keeps_who_won_and_before_whom_also_when_the_session_is_long_over) {
  stage s(deployment(
      "  - {id: ann, groups: [a], capacity: 2}\n  - {id: bob, groups: [a], capacity: 2}\n", to_a,
      "{id: a}"));
  s.everybody_online();
  auto& c = s.opened();
  c.close();
  s.node.pass(millis{120'000});
  auto told = on_session(s, c, call_of(session_method::why, "xu"));
  ASSERT_TRUE(told.ok) << told.why.message;
  EXPECT_EQ(told.ok->text({"decision", "strategy"}), "longest_idle");
  EXPECT_EQ(told.ok->text({"decision", "rule"}), "all");
  EXPECT_NE(told.ok->text({"decision", "runner_up"}), "");
}

TEST(why, is_for_who_serves_it_and_for_who_leads_those_it_is_with_or_waits_for) {
  stage s(deployment("  - {id: ann, groups: [a], capacity: 1, team: t}\n"
                     "  - {id: lea, role: leader, groups: [b]}\n"
                     "  - {id: leo, role: leader, groups: [b]}\n",
                     to_a) +
          "teams: [{id: t, leaders: [lea]}]\n");
  s.everybody_online();
  auto& served = s.opened();
  auto& waits = s.opened();
  auto may = [&](const simulated_customer& c, const char* who, const char* role = "agent") {
    auto told = on_session(s, c, call_of(session_method::why, who, role));
    EXPECT_TRUE(told.ok || told.why.code == errc::permission_denied) << who;
    return told.ok.has_value();
  };
  EXPECT_TRUE(may(served, "ann"));
  EXPECT_FALSE(may(waits, "ann"));
  for (auto* c : {&served, &waits}) {
    EXPECT_TRUE(may(*c, "lea"));
    EXPECT_FALSE(may(*c, "leo"));
    EXPECT_FALSE(may(*c, "eve"));
    EXPECT_TRUE(may(*c, "xu", "admin"));
  }
}

// ---- a shift leader

TEST(leader, a_bumped_waiter_goes_first_and_stays_so_when_it_is_routed_anew) {
  stage s(deployment(ann + bob, to_a));
  auto& first = s.opened();
  auto& late = s.opened();
  auto m = call_of(session_method::bump, "xu");
  m.number = 100;
  m.text = "an old friend";
  EXPECT_TRUE(on_session(s, late, m).ok);
  EXPECT_EQ(s.state(late).dispatch->plan.priority, 100);
  s.node.node_().directory().sessions.for_each(
      [&](auto&, auto& who) { return caf::anon_send(who, reroute{}), true; });
  s.node.settle();
  EXPECT_EQ(s.state(late).dispatch->plan.priority, 100);
  s.restart();
  s.agent(0).log_in();
  s.node.settle();
  EXPECT_EQ(s.server(late), "ann");
  EXPECT_EQ(on_session(s, late, m).why.code, errc::failed_precondition)
      << "it does not wait any more";
  (void)first;
}

TEST(leader, an_agent_forced_offline_gives_its_sessions_back_and_the_record_says_who_did_it) {
  stage s(deployment("  - {id: ann, groups: [a]}\n  - {id: bob, groups: [a]}\n", to_a, "{id: a}"));
  s.agent(0).log_in();
  s.node.settle();
  auto& c = s.opened();
  ASSERT_EQ(s.server(c), "ann");
  s.agent(1).log_in();
  s.node.settle();
  agent_call m;
  m.method = agent_method::force_state;
  m.state = "offline";
  m.reason = "left the desk";
  EXPECT_TRUE(on_agent(s, "ann", m).ok);
  EXPECT_EQ(s.server(c), "bob");
  bool recorded = false;
  (void)s.node.disk().read(1, 100'000, [&](const store::placed_record& r) {
    recorded = recorded || (r.body.kind == store::entity_kind::agent &&
                            r.body.events.find("left the desk") != std::string::npos &&
                            r.body.events.find("xu") != std::string::npos);
    return true;
  });
  EXPECT_TRUE(recorded);
  s.check();
}

TEST(leader, moves_an_agents_sessions_to_a_group) {
  stage s(deployment(ann + bob, to_a));
  s.everybody_online();
  auto& c = s.opened();
  auto& d = s.opened();
  ASSERT_EQ(s.server(c), "ann");
  agent_call m;
  m.method = agent_method::move_sessions;
  m.to_group = "b";
  m.reason = "goes home";
  EXPECT_EQ(on_agent(s, "ann", m).ok->number("sessions"), 2);
  EXPECT_EQ(s.server(c), "bob");
  EXPECT_EQ(s.server(d), "bob");
  EXPECT_EQ(s.standing(0).used, 0);
  s.check();
}

TEST(leader, who_moves_sessions_to_nobody_is_told_so_and_nothing_moves) {
  stage s(deployment(ann + bob, to_a));
  s.agent(0).log_in();
  s.node.settle();
  auto& c = s.opened();
  auto move = [&](const char* group, const char* agent) {
    agent_call m;
    m.method = agent_method::move_sessions;
    m.to_group = group;
    m.to_agent = agent;
    m.reason = "goes home";
    return on_agent(s, "ann", m);
  };
  EXPECT_EQ(move("", "bobb").why.message,
            "to_agent: there is no such agent; did you mean \"bob\"?");
  EXPECT_EQ(move("nowhere", "").why.code, errc::not_found);
  EXPECT_EQ(move("", "ann").why.code, errc::invalid_argument);
  EXPECT_EQ(move("", "bob").why.message, "to_agent: bob cannot take it: state: offline");
  EXPECT_EQ(s.server(c), "ann");
  s.check();
}

TEST(leader, who_moves_an_agents_sessions_leaves_those_it_has_only_joined) {
  stage s(deployment(ann + bob + "  - {id: cai, groups: [b], capacity: 2}\n", to_a));
  s.everybody_online();
  auto& c = s.opened();
  ASSERT_EQ(s.server(c), "ann");
  session_call m = call_of(session_method::transfer, "ann", "agent");
  m.mode = "conference";
  m.to_agent = "bob";
  on_session(s, c, m);
  ASSERT_EQ(s.standing(1).joined.size(), 1u);
  agent_call move;
  move.method = agent_method::move_sessions;
  move.reason = "goes home";
  EXPECT_EQ(on_agent(s, "bob", move).ok->number("asked"), 0);
  EXPECT_EQ(s.server(c), "ann");
  s.check();
}

TEST(leader, moves_who_waits_to_another_group_where_it_keeps_its_age) {
  stage s(deployment(ann + bob, to_a));
  auto& c = s.opened();
  auto& waits = s.opened();
  auto m = call_of(session_method::move, "xu");
  m.to_group = "b";
  m.text = "knows the product";
  EXPECT_TRUE(on_session(s, waits, m).ok);
  EXPECT_EQ(s.phase(waits), session_phase::waiting);
  EXPECT_EQ(s.state(waits).dispatch->groups, std::vector{group_id{"b"}});
  s.node.node_().directory().sessions.for_each(
      [&](auto&, auto& who) { return caf::anon_send(who, reroute{}), true; });
  s.node.settle();
  EXPECT_EQ(s.state(waits).dispatch->groups, std::vector{group_id{"b"}}) << "rules do not undo it";
  s.restart();
  s.everybody_online();
  EXPECT_EQ(s.server(waits), "bob");
  EXPECT_EQ(s.server(c), "ann");
  auto told = on_session(s, waits, call_of(session_method::why, "xu"));
  EXPECT_NE(told.packed.find("moved by xu: knows the product"), std::string::npos);
  s.check();
}

TEST(leader, who_moves_a_waiter_to_nowhere_is_told_so_and_it_stays) {
  stage s(deployment(ann + bob, to_a));
  auto& c = s.opened();
  auto move = [&](const char* group, const char* agent) {
    auto m = call_of(session_method::move, "xu");
    m.to_group = group;
    m.to_agent = agent;
    return on_session(s, c, m).why;
  };
  EXPECT_EQ(move("nowhere", "").code, errc::failed_precondition);
  EXPECT_EQ(move("", "bob").message, "to.agent: bob cannot take it: state: offline");
  EXPECT_EQ(s.state(c).dispatch->groups, std::vector{group_id{"a"}});
  on_session(s, c, call_of(session_method::close, "xu"));
  EXPECT_EQ(move("b", "").message, "nobody serves the session, and it does not wait: abandoned");
  s.check();
}

TEST(leader, has_an_agent_take_a_waiter_and_the_record_says_why) {
  stage s(deployment(ann + bob, to_a, pulled));
  s.everybody_online();
  auto& c = s.opened();
  auto give = [&](const char* agent) {
    auto m = call_of(session_method::claim, "xu");
    m.to_agent = agent;
    m.text = "she knows him";
    return on_session(s, c, m);
  };
  EXPECT_EQ(give("eve").why.code, errc::not_found);
  EXPECT_EQ(give("bob").why.message, "agent: is in none of the groups it waits in");
  EXPECT_TRUE(give("ann").ok);
  EXPECT_EQ(s.server(c), "ann");
  EXPECT_EQ(s.standing(0).used, 1);
  EXPECT_EQ(give("ann").why.code, errc::failed_precondition);
  auto all = call_of(session_method::events, "xu");
  EXPECT_NE(on_session(s, c, all).packed.find("for ann: she knows him"), std::string::npos);
  s.check();
}

TEST(leader, away_reasons_are_asked_for_as_soon_as_they_are_listed) {
  stage s(deployment(ann + bob, to_a) + "session: {away_reasons: [lunch]}\n");
  s.everybody_online();
  agent_call m;
  m.method = agent_method::set_state;
  m.agent = agent_id{"ann"};
  m.state = "away";
  auto refused = heard(s, [&](reply_to to) {
    m.reply = to;
    s.node.to_agent(m.agent, m);
  });
  EXPECT_EQ(refused.why.field, "reason");
  EXPECT_TRUE(on_agent(s, "ann", m).ok) << "a leader need not choose from the list";
}

// ---- an agent's own choice

TEST(claim, a_session_in_a_queue_that_offers_nothing_waits_until_an_agent_takes_it) {
  stage s(deployment(ann + bob, to_a, pulled));
  s.everybody_online();
  auto& c = s.opened();
  s.node.pass(millis{5'000});
  ASSERT_EQ(s.phase(c), session_phase::waiting);
  EXPECT_EQ(on_session(s, c, call_of(session_method::claim, "bob", "agent")).why.code,
            errc::permission_denied);
  EXPECT_TRUE(on_session(s, c, call_of(session_method::claim, "ann", "agent")).ok);
  EXPECT_EQ(s.server(c), "ann");
  EXPECT_EQ(s.standing(0).used, 1);
  EXPECT_EQ(on_session(s, c, call_of(session_method::claim, "ann", "agent")).why.code,
            errc::failed_precondition);
}

TEST(claim, obeys_the_limit_of_who_claims) {
  stage s(deployment("  - {id: ann, groups: [a], capacity: 1}\n", to_a, pulled));
  s.everybody_online();
  auto& one = s.opened();
  auto& two = s.opened();
  EXPECT_TRUE(on_session(s, one, call_of(session_method::claim, "ann", "agent")).ok);
  auto refused = on_session(s, two, call_of(session_method::claim, "ann", "agent"));
  EXPECT_EQ(refused.why.code, errc::failed_precondition);
  EXPECT_EQ(refused.why.message, "session_id: you cannot take it: room");
}

TEST(claim, of_two_agents_at_the_same_instant_one_wins_and_the_other_is_told) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    stage s(deployment("  - {id: ann, groups: [a]}\n  - {id: bob, groups: [a]}\n", to_a, pulled),
            seed);
    s.everybody_online();
    auto& c = s.opened();
    int won = 0, told = 0;
    for (auto* who : {"ann", "bob"}) {
      auto m = call_of(session_method::claim, who, "agent");
      m.session = *c.session();
      m.reply = {s.node.connect([&](const line::arrival& a) {
                   ++(a.what == line::arrival::kind::reply ? won : told);
                 }),
                 1};
      s.node.to_session(std::move(m));
    }
    s.node.pass(millis{6'000});
    EXPECT_EQ(won, 1) << "seed " << seed;
    EXPECT_EQ(told, 1) << "seed " << seed;
    s.check();
  }
}

// ---- offers

TEST(offers, an_agent_whose_group_asks_again_is_rung_again_and_not_counted) {
  stage s(deployment(
      ann, to_a,
      "{id: a, offer: {accept: manual, timeout: 5s, missed_limit: 1, on_timeout: ask_again}}"));
  s.agent(0).ignores_offers = true;
  s.everybody_online();
  auto& c = s.opened();
  s.node.pass(millis{12'000});
  EXPECT_EQ(s.phase(c), session_phase::offered);
  EXPECT_GE(s.state(c).offers, 3u);
}

TEST(offers, a_decline_that_counts_as_a_miss_turns_the_agent_to_the_state_the_group_says) {
  stage s(
      deployment(ann, to_a,
                 "{id: a, offer: {accept: manual, timeout: 60s, missed_limit: 1, on_decline: miss, "
                 "then: busy}}"));
  s.agent(0).ignores_offers = true;
  s.everybody_online();
  auto& c = s.opened();
  ASSERT_EQ(s.phase(c), session_phase::offered);
  s.agent(0).answer(s.agent(0).offers().at(0), false);
  s.node.pass(millis{50});
  EXPECT_EQ(s.phase(c), session_phase::waiting) << "nobody is online who could be asked";
  s.agent(0).set_state("online");
  s.node.pass(millis{50});
  EXPECT_EQ(s.phase(c), session_phase::offered) << "everybody has been asked once: a new round";
}

TEST(queue, a_full_one_does_what_its_group_says) {
  for (auto [on_full, phase] : {std::pair{"refuse", session_phase::abandoned},
                                {"leave_message", session_phase::left_message},
                                {"overflow", session_phase::waiting}}) {
    stage s(deployment(ann + bob, "  - {name: all, steps: [{group: a}, {group: b}]}\n",
                       std::string("{id: a, queue: {max: 1, on_full: ") + on_full + "}}, {id: b}"));
    s.opened();
    EXPECT_EQ(s.phase(s.opened()), phase) << on_full;
  }
}

TEST(owner, a_step_for_the_last_agent_is_left_out_where_nobody_served_before) {
  stage s(deployment(
      ann + bob,
      "  - {name: all, steps: [{group: a, owner: last_agent, wait: 60s}, {group: b}]}\n"));
  EXPECT_EQ(s.state(s.opened()).dispatch->step, 1);
}

// ---- messages left

std::size_t listed(stage& s, const char* group = "a") {
  read_messages m;
  m.groups = {group_id{group}};
  auto told = heard(s, [&](reply_to to) {
    m.reply = to;
    caf::anon_send(s.node.node_().directory().archive, m);
  });
  return told.ok ? told.ok->find("messages")->via.array.size : 99;
}
answer reply_to_message(stage& s, const simulated_customer& c, const char* who,
                        const char* key = "k1") {
  auto m = call_of(session_method::answer_message, who, "agent");
  m.text = "text";
  m.text2 = key;
  codec::packer p;
  field(p.map(1), "text", "we are back");
  m.body.bytes = p.take();
  return on_session(s, c, std::move(m));
}

TEST(left_message, is_work_for_its_group_until_it_is_answered_where_the_customer_is) {
  stage s(deployment(ann + bob, to_nobody));
  auto& c = s.opened();
  ASSERT_EQ(s.phase(c), session_phase::left_message);
  c.write();
  s.node.pass(millis{3'000});
  EXPECT_EQ(listed(s), 1u);
  EXPECT_EQ(listed(s, "b"), 0u);
  EXPECT_EQ(on_session(s, c, call_of(session_method::claim_message, "bob", "agent")).why.code,
            errc::permission_denied);
  EXPECT_TRUE(on_session(s, c, call_of(session_method::claim_message, "ann", "agent")).ok);
  s.restart();
  s.node.pass(millis{60'000});
  EXPECT_EQ(listed(s), 1u);
  const auto messages = s.state(c).messages;
  EXPECT_TRUE(reply_to_message(s, c, "ann").ok);
  EXPECT_TRUE(reply_to_message(s, c, "ann").ok) << "said again under the same key";
  s.node.pass(millis{3'000});
  EXPECT_EQ(s.state(c).messages, messages + 1);
  EXPECT_EQ(listed(s), 0u);
  // The customer's channel gets it as any message: it is an event everybody may see.
  EXPECT_EQ(s.phase(c), session_phase::left_message);
  EXPECT_EQ(reply_to_message(s, c, "ann", "k2").why.code, errc::failed_precondition);
}

}  // namespace
}  // namespace switchboard::simulation
