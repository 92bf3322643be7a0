#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "actors/session/session_effect.hpp"
#include "actors/session/session_transfer.hpp"

namespace switchboard::test {

const timestamp t0 = from_unix_ms(1'700'000'000'000);
const participant customer{"customer", "u1", "Wang"}, lin{"agent", "lin", "Lin"},
    chen{"agent", "chen", "Chen"}, qian{"supervisor", "qian", "Qian"};

/// A session of customer u1 on channel "app", made what it is by its own decisions.
struct session_fixture : ::testing::Test {
  session_state s;
  timestamp now = t0;

  session_fixture() { s.id = make_session_id(3, t0, 1, 2); }

  template <class Event> static session_machine::payloads payloads_of(Event e) {
    session_machine::payloads out;
    out.emplace_back(std::move(e));
    return out;
  }
  /// The last event's seq.
  std::uint64_t happen(session_machine::payloads events) {
    for (auto& what : events) apply(s, sequence(s, std::move(what), now));
    return s.seq;
  }
  template <class T> std::uint64_t happen(result<T> decided) {
    EXPECT_TRUE(decided) << (decided ? "" : decided.error().message);
    return decided ? happen(std::move(*decided)) : 0;
  }
  static routing_plan plan_of(std::vector<std::vector<const char*>> steps,
                              millis wait = millis{20'000}) {
    routing_plan p;
    p.rules_version = 7;
    p.rule = "everyone";
    p.rule_index = 0;
    for (auto& groups : steps) {
      plan_step step;
      for (auto* g : groups) step.groups.emplace_back(g);
      step.wait = wait;
      p.steps.push_back(std::move(step));
    }
    return p;
  }
  void open() {
    consultation_request r;
    r.request_id = "r1";
    r.channel = "app";
    r.customer.id = "u1";
    r.customer.name = "Wang";
    happen(session_machine::open(r, {}, 1, "en"));
    findings f;
    f.person = person_id{"c:app:u1"};
    happen(session_machine::identified(std::move(f), false));
  }
  void wait_by(routing_plan p) {
    step_choice first{0, p.steps.front().groups, {}};
    open();
    happen(session_machine::plan(s, std::move(p), std::move(first), now));
  }
  static session_machine::proposal proposal(const participant& who, bool automatic = true,
                                            const char* group = "g", std::string offer = "o1") {
    session_machine::proposal p;
    p.offer = offer_id{std::move(offer)};
    p.agent = who;
    p.group = group_id{group};
    p.automatic = automatic;
    return p;
  }
  void served_by(const participant& who) {
    wait_by(plan_of({{"g"}}));
    happen(session_machine::propose(s, proposal(who), now));
  }
  void says(const participant& who, std::string id = {}) {
    happen(session_machine::send(s, who, {std::move(id), "text", {"\x81\xa4text\xa2hi"}}, {}));
  }
};

}  // namespace switchboard::test
