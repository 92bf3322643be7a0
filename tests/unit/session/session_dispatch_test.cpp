#include "actors/session/session_dispatch.hpp"

#include <gtest/gtest.h>

#include "tests/unit/session/effect_words.hpp"
#include "tests/unit/session/session_fixture.hpp"

namespace switchboard {
namespace {

using namespace test;
using list = std::vector<std::string>;

struct dispatch : session_fixture {
  listed known;
  session_dispatch part;
  bool watched = false;

  dispatch() {
    for (auto* id : {"g", "h"}) {
      config::group_config g;
      g.id = group_id{id};
      known.configured.groups.push_back(g);
    }
  }
  template <class F> list after(const F& f) {
    session_effects out;
    f(out);
    return words(out);
  }
  list queued(bool has_place = false) {
    return after([&](auto& out) { part.queued(*s.dispatch, has_place, known, out); });
  }
  /// A router's plan, recorded.
  list planned(routing_plan p, std::vector<const char*> first = {"g"}) {
    step_choice c;
    for (auto* g : first) c.groups.emplace_back(g);
    return after([&](auto& out) {
      auto events = part.routed(s, std::move(p), std::move(c), known, now, out);
      if (events.empty()) return;
      happen(std::move(events));
      part.queued(*s.dispatch, false, known, out);
    });
  }
  list gone(const char* g, bool removed) {
    if (removed) known.groups.erase(g);
    return after([&](auto& out) { part.group_gone(s, group_id{g}, removed, known, out); });
  }
  list offer_over(const char* cause = "timeout") {
    happen(session_machine::end_offer(s, s.offer->offer, cause, true));
    return after([&](auto& out) { part.offer_ended(*s.dispatch, s.phase, known, now, out); });
  }
  void offered(const char* g = "g") { happen(part.propose(s, proposal(lin, false, g), now)); }
  session_dispatch::timing timing() const {
    return {now, t0, millis{2'000}, watched, millis{5'000}};
  }
  list wake() {
    return after([&](auto& out) { part.wake(s.phase, *s.dispatch, timing(), out); });
  }
};

TEST_F(dispatch, a_session_enters_the_queues_of_its_step_and_leaves_them_when_it_is_served) {
  open();
  EXPECT_EQ(after([&](auto& out) { part.ask_router(false, out); }), list{"plan"});
  EXPECT_TRUE(part.awaits_router());
  EXPECT_EQ(planned(plan_of({{"g", "h"}}), {"g", "h"}), (list{"enter g", "enter h"}));
  EXPECT_FALSE(part.awaits_router());
  happen(part.propose(s, proposal(lin, true, "h"), now));
  EXPECT_EQ(after([&](auto& out) { part.assigned(group_id{"h"}, out); }),
            (list{"leave g: elsewhere", "leave h: accepted"}));
  EXPECT_TRUE(part.standing().none());
}

TEST_F(dispatch, who_goes_on_from_another_session_goes_to_its_agent_first) {
  open();
  part = session_dispatch(agent_id{"lin"});
  planned(plan_of({{"g"}}));
  EXPECT_EQ(s.dispatch->plan.sticky.value, "lin");
  EXPECT_EQ(s.dispatch->plan.sticky_for, millis{30'000});
}

TEST_F(dispatch, a_widened_step_keeps_its_places_and_one_that_moves_on_leaves_them) {
  open();
  planned(plan_of({{"g"}, {"g", "h"}, {"h"}}));
  session_effects out;
  happen(part.step_chosen(s, {1, {group_id{"g"}, group_id{"h"}}, {}}, known, now, out));
  EXPECT_EQ(queued(), (list{"return g", "enter h"}));
  happen(part.step_chosen(s, {2, {group_id{"h"}}, {}}, known, now, out));
  EXPECT_EQ(queued(), (list{"leave g: moved on", "return h"}));
}

TEST_F(dispatch, who_was_served_before_has_a_place_whatever_the_queue_holds) {
  wait_by(plan_of({{"g"}}));
  EXPECT_EQ(queued(true), list{"return g"});
}

TEST_F(dispatch, a_full_queue_leads_on_when_no_other_is_left) {
  wait_by(plan_of({{"g", "h"}, {"h"}}));
  queued();
  auto full = [&](const char* g, config::when_full then) {
    return after([&](auto& out) { part.refused(*s.dispatch, s.phase, group_id{g}, then, out); });
  };
  EXPECT_EQ(full("g", config::when_full::overflow), list{}) << "it stands in the other";
  EXPECT_EQ(full("h", config::when_full::overflow), list{"step 1"});
  EXPECT_TRUE(part.awaits_router());
  EXPECT_EQ(full("h", config::when_full::overflow), list{}) << "a router is asked already";
}

TEST_F(dispatch, a_full_queue_ends_it_where_the_group_says_so) {
  wait_by(plan_of({{"g"}}));
  queued();
  EXPECT_EQ(after([&](auto& out) {
              part.refused(*s.dispatch, s.phase, group_id{"g"}, config::when_full::leave_message,
                           out);
            }),
            list{"turned away: leaves a message"});
  queued();
  EXPECT_EQ(after([&](auto& out) {
              part.refused(*s.dispatch, s.phase, group_id{"g"}, config::when_full::refuse, out);
            }),
            list{"turned away"});
}

TEST_F(dispatch, an_offer_that_came_to_nothing_leads_back_to_all_places) {
  wait_by(plan_of({{"g", "h"}}));
  queued();
  offered();
  EXPECT_EQ(offer_over(), (list{"return g", "return h"}));
  EXPECT_EQ(s.dispatch->asked, std::vector{agent_id{"lin"}});
}

TEST_F(dispatch,
       a_heavy_session_that_is_offered_gives_back_the_room_that_other_groups_keep_for_it) {
  wait_by(plan_of({{"g", "h"}}));
  queued();
  offered();
  EXPECT_EQ(after([&](auto& out) { part.offered(group_id{"g"}, 1, out); }), list{})
      << "none is kept for a light one";
  EXPECT_EQ(after([&](auto& out) { part.offered(group_id{"g"}, 2, out); }), list{"return h"});
  EXPECT_FALSE(rings_elsewhere(s, group_id{"h"}));
  s.weight = 2;
  EXPECT_TRUE(rings_elsewhere(s, group_id{"h"}));
  EXPECT_FALSE(rings_elsewhere(s, group_id{"g"}));
}

TEST_F(dispatch, who_has_handed_it_on_is_not_asked_as_long_as_the_transfer_goes_on) {
  wait_by(plan_of({{"g"}}));
  happen(session_machine::propose(s, proposal(lin), now));
  session_transfer::wish w{transfer_id{"t"}, lin, "cold", "h", "", false, ""};
  happen(session_transfer::begin(s, std::move(w), plan_of({{"h"}}), {0, {group_id{"h"}}, {}}, now,
                                 {}));
  s.dispatch->asked.clear();
  EXPECT_EQ(queue_entry_of(s).handed_on_by.value, "lin");
  EXPECT_EQ(queue_entry_of(s).asked, std::vector{agent_id{"lin"}});
}

TEST_F(dispatch, a_step_that_ran_out_during_the_offer_leads_on_before_anybody_is_asked_again) {
  wait_by(plan_of({{"g"}, {"h"}}));
  queued();
  offered();
  now = t0 + millis{20'000};
  EXPECT_EQ(offer_over(), list{"step 1"});
}

TEST_F(dispatch, a_closed_group_is_no_place_to_wait_and_keeps_it_for_its_opening) {
  wait_by(plan_of({{"g", "h"}}));
  queued();
  EXPECT_EQ(gone("g", false), list{});
  EXPECT_EQ(gone("h", false), list{"step 0"}) << "the step may have other groups by now";
  part.at_position(group_id{"g"});
  EXPECT_EQ(part.standing().open(), std::vector{group_id{"g"}});
}

TEST_F(dispatch, a_removed_group_means_a_new_plan_and_a_merged_one_the_place_it_had) {
  wait_by(plan_of({{"g"}}));
  queued();
  known.merged["g"] = "h";
  EXPECT_EQ(gone("g", true), list{"record queued"});
  happen([&] {
    session_effects out;
    part.group_gone(s, group_id{"g"}, true, known, out);
    return std::get<effect::record>(out.at(0)).events;
  }());
  EXPECT_EQ(s.dispatch->groups, std::vector{group_id{"h"}});
  EXPECT_EQ(queued(), list{"return h"}) << "it does not queue anew, and no full queue refuses it";
  known.merged.clear();
  EXPECT_EQ(gone("h", true), list{"plan anew"});
}

TEST_F(dispatch, removed_while_it_is_offered_the_plan_is_made_anew_when_that_is_over) {
  wait_by(plan_of({{"g"}}));
  queued();
  offered();
  EXPECT_EQ(gone("g", true), list{});
  EXPECT_EQ(offer_over("declined"), list{"plan anew"});
}

TEST_F(dispatch, a_step_whose_groups_are_not_there_leads_on_or_to_a_new_plan) {
  known.groups.clear();
  wait_by(plan_of({{"g"}, {"h"}}));
  EXPECT_EQ(queued(), list{"step 1"}) << "it is not there yet";
  part = session_dispatch();
  known.configured.groups.clear();
  EXPECT_EQ(queued(), list{"plan anew"}) << "the configuration does not know it any more";
}

TEST_F(dispatch, rules_that_change_plan_anew_whoever_waits_and_whoever_is_offered_later) {
  wait_by(plan_of({{"g"}}));
  queued();
  auto reroute = [&] { return after([&](auto& out) { part.reroute(s, out); }); };
  EXPECT_EQ(reroute(), list{"plan anew"});
  EXPECT_EQ(reroute(), list{}) << "a router is asked already: its answer is put aside";
  EXPECT_EQ(planned(plan_of({{"h"}}), {"h"}), list{"plan anew"});
  EXPECT_EQ(planned(plan_of({{"h"}}), {"h"}), (list{"leave g: moved on", "enter h"}));
  offered("h");
  EXPECT_EQ(reroute(), list{});
  EXPECT_EQ(offer_over("declined"), (list{"return h", "plan anew"}));
}

TEST_F(dispatch, what_a_person_decided_no_rules_decide_otherwise) {
  auto p = plan_of({{"g"}});
  p.rule_index = -1;
  p.rule = "transfer";
  wait_by(std::move(p));
  queued();
  EXPECT_EQ(after([&](auto& out) { part.reroute(s, out); }), list{});
}

TEST_F(dispatch, what_a_person_decided_overtakes_what_a_router_was_asked_before) {
  wait_by(plan_of({{"g"}}));
  queued();
  EXPECT_EQ(after([&](auto& out) { part.reroute(s, out); }), list{"plan anew"});
  auto p = plan_of({{"h"}});
  p.rule_index = -1;
  p.rule = "transfer";
  step_choice first;
  first.groups.emplace_back("h");
  happen(session_machine::plan(s, std::move(p), std::move(first), now));
  EXPECT_EQ(queued(), (list{"leave g: moved on", "enter h"}));
  EXPECT_FALSE(part.awaits_router());
  // h closes before the router has said what it was asked for the plan before.
  EXPECT_EQ(gone("h", false), list{"step 0"});
  EXPECT_EQ(planned(plan_of({{"g"}})), list{}) << "the answer to the first question";
  EXPECT_TRUE(part.awaits_router()) << "the second is not answered";
  EXPECT_EQ(s.dispatch->plan.rule, "transfer");
}

TEST_F(dispatch, who_stands_nowhere_takes_an_answer_that_was_given_up) {
  auto p = plan_of({{"g"}});
  p.rule_index = -1;
  p.rule = "returned";
  known.configured.groups.clear();
  known.groups.clear();
  wait_by(std::move(p));
  EXPECT_EQ(queued(), list{"plan anew"}) << "the group it came back to is no more";
  now = t0 + millis{2'000};
  EXPECT_EQ(wake(), list{"plan anew"}) << "asked again, for it stands nowhere";
  known.groups.insert("h");
  EXPECT_EQ(planned(plan_of({{"h"}}), {"h"}), list{"enter h"});
}

TEST_F(dispatch, a_router_that_does_not_answer_is_not_waited_for) {
  wait_by(plan_of({{"g"}, {"h"}}));
  queued();
  EXPECT_EQ(part.deadline(s, timing()), t0 + millis{20'000});
  now = t0 + millis{20'000};
  EXPECT_EQ(wake(), list{"step 1"});
  EXPECT_EQ(part.deadline(s, {now, now, millis{2'000}, false, millis{0}}), t0 + millis{20'000});
  EXPECT_EQ(after([&](auto& out) {
              part.wake(s.phase, *s.dispatch, {now, now, millis{2'000}, false, millis{0}}, out);
            }),
            list{});
  now += millis{2'000};
  EXPECT_EQ(wake(), list{"step 1"}) << "asked again";
}

TEST_F(dispatch, its_position_is_asked_for_while_somebody_looks) {
  wait_by(plan_of({{"g"}}, millis{0}));
  queued();
  part.ask_position_from(now + millis{5'000});
  EXPECT_EQ(part.deadline(s, timing()), std::nullopt);
  watched = true;
  EXPECT_EQ(part.deadline(s, timing()), t0 + millis{5'000});
  EXPECT_EQ(wake(), list{});
  now = t0 + millis{5'000};
  EXPECT_EQ(wake(), list{"position g"});
  EXPECT_EQ(part.deadline(s, timing()), t0 + millis{10'000});
  EXPECT_TRUE(part.first_position());
  EXPECT_FALSE(part.first_position()) << "in words once in a wait";
}

TEST_F(dispatch, proposals_of_groups_it_has_left_and_disavowed_offers_are_refused) {
  wait_by(plan_of({{"g"}}));
  queued();
  EXPECT_FALSE(part.propose(s, proposal(lin, true, "h"), now));
  part.disavow(offer_id{"o1"});
  EXPECT_FALSE(part.propose(s, proposal(lin), now));
  for (int i = 0; i < 8; ++i) part.disavow(offer_id{"x" + std::to_string(i)});
  EXPECT_FALSE(part.has_disavowed(offer_id{"o1"})) << "the newest few";
  EXPECT_TRUE(part.propose(s, proposal(lin), now));
}

TEST_F(dispatch, after_a_restart_it_takes_up_its_places_by_their_present_names) {
  wait_by(plan_of({{"g", "old", "gone"}}));
  known.merged["old"] = "h";
  EXPECT_EQ(after([&](auto& out) { part.resume(*s.dispatch, known, out); }),
            (list{"recover g", "recover h"}));
  EXPECT_EQ(after([&](auto& out) { part.find_place_if_none(out); }), list{});
  known.groups.clear();
  known.merged.clear();
  part = session_dispatch();
  EXPECT_EQ(after([&](auto& out) { part.resume(*s.dispatch, known, out); }), list{});
  EXPECT_EQ(after([&](auto& out) { part.find_place_if_none(out); }), list{"plan anew"});
}

TEST_F(dispatch, an_entry_is_kept_for_a_named_agent_until_that_one_declines) {
  auto p = plan_of({{"g"}});
  p.rule = "transfer";
  p.rule_index = -1;
  p.sticky = agent_id{"lin"};
  p.sticky_for = millis{60'000};
  p.priority = 3;
  wait_by(std::move(p));
  auto entry = [&] { return queue_entry_of(s.id, s.opened_at, s.phase_since, 2, *s.dispatch); };
  EXPECT_TRUE(entry().owned);
  EXPECT_EQ(entry().sticky_until, t0 + millis{60'000});
  EXPECT_EQ(entry().need.weight, 2);
  EXPECT_EQ(entry().urgency(), t0 - millis{180'000});
  s.dispatch->asked = {agent_id{"lin"}};
  EXPECT_FALSE(entry().owned);
}

TEST_F(dispatch, only_what_an_agent_let_pass_or_broke_off_can_be_a_miss) {
  config::dispatch_config c;
  config::group_config g;
  g.id = group_id{"g"};
  g.offer.on_timeout = config::offer_failure::miss;
  g.offer.on_decline = config::offer_failure::ask_again;
  g.offer.on_disconnect = config::offer_failure::miss;
  c.groups.push_back(g);
  using enum config::offer_failure;
  EXPECT_EQ(meaning_of(c, g.id, "timeout"), miss);
  EXPECT_EQ(meaning_of(c, g.id, "declined: lunch"), ask_again);
  EXPECT_EQ(meaning_of(c, g.id, "disconnected"), miss);
  EXPECT_EQ(meaning_of(c, g.id, "withdrawn"), ask_again);
  EXPECT_EQ(meaning_of(c, g.id, "restart"), ask_again);
}

}  // namespace
}  // namespace switchboard
