#include "actors/session/session_participants.hpp"

#include <gtest/gtest.h>

#include "tests/unit/session/effect_words.hpp"
#include "tests/unit/session/session_fixture.hpp"

namespace switchboard {
namespace {

using namespace test;
using list = std::vector<std::string>;

struct participants : session_fixture {
  listed known;
  session_participants part;
  bool permitted = true;
  session_effects last;

  participants() { served_by(lin); }
  session_participants::situation at() const {
    return {s, known, {millis{300'000}, millis{1'800'000}}, millis{2'000}, now};
  }
  session_participants::permission permission() const {
    return [this](auto&) { return permitted; };
  }
  template <class F> list after(const F& f) {
    last.clear();
    f(last);
    return words(last);
  }
  static session_call call(const char* mode, const char* group, const char* agent = "") {
    session_call c;
    c.method = session_method::transfer;
    c.by = lin;
    c.mode = mode;
    c.to_group = group;
    c.to_agent = agent;
    return c;
  }
  list asks(session_call c) {
    return after([&](auto& out) { part.transfer(at(), std::move(c), {}, out); });
  }
  list routed(std::string refusal = {}) {
    return after([&](auto& out) {
      part.routed(at(), plan_of({{"h"}}), {0, {group_id{"h"}}, {}}, refusal, "to.group",
                  permission(), out);
    });
  }
  list room(const participant& who, std::string refusal = {}) {
    auto offer = offer_of_last();
    return after([&](auto& out) { part.room_held(at(), offer, who, refusal, permission(), out); });
  }
  offer_id offer_of_last() const {
    for (auto& e : last) {
      if (auto* h = std::get_if<effect::hold_room>(&e)) return h->offer;
    }
    return {};
  }
  /// Records what the last effects say is to be, and what follows from that.
  list settled() {
    auto effects = std::move(last);
    list out;
    for (auto& e : effects) {
      session_machine::payloads events;
      if (auto* x = std::get_if<effect::settle>(&e)) events = std::move(x->events);
      if (auto* x = std::get_if<effect::record>(&e)) events = std::move(x->events);
      auto told = recorded(std::move(events));
      out.insert(out.end(), told.begin(), told.end());
    }
    return out;
  }
  list recorded(session_machine::payloads events) {
    auto copy = events;
    happen(std::move(events));
    return after([&](auto& out) {
      for (auto& e : copy) {
        if (auto* x = std::get_if<event::transfer_started>(&e)) part.search_began(*x, known, out);
        if (std::get_if<event::transfer_ended>(&e)) part.search_ended(s, out);
        if (auto* x = std::get_if<event::join_offered>(&e)) part.join_offered(*x, out);
        if (auto* x = std::get_if<event::join_offer_ended>(&e)) part.join_offer_ended(*x, s, out);
        if (auto* x = std::get_if<event::joined>(&e)) part.joined(*x, out);
        if (auto* x = std::get_if<event::parted>(&e)) session_participants::parted(*x, out);
      }
    });
  }
  void search(const char* mode = "warm") {
    asks(call(mode, "h"));
    routed();
    settled();
  }
  list proposed(const participant& who, bool automatic = false) {
    auto decided = part.propose(at(), proposal(who, automatic, "h"));
    if (!decided) return {"not this search's"};
    if (!*decided) return {"refused: " + decided->error().message};
    return recorded(std::move(**decided));
  }
};

TEST_F(participants, a_cold_transfer_asks_a_router_for_the_way_and_answers_with_its_id) {
  EXPECT_EQ(asks(call("cold", "h")), list{"route to h"});
  EXPECT_EQ(part.deadline(s, now, now), t0 + millis{2'000});
  EXPECT_EQ(routed().size(), 1u);
  EXPECT_TRUE(std::get<effect::settle>(last.at(0)).transfer);
  settled();
  EXPECT_EQ(s.phase, session_phase::waiting);
  EXPECT_EQ(routed(), list{}) << "an answer that nobody waits for";
}

TEST_F(participants, one_transfer_is_asked_for_at_a_time) {
  asks(call("cold", "h"));
  EXPECT_EQ(asks(call("warm", "h")), list{"refuse: another transfer is under way"});
  session_call c = call("", "");
  c.method = session_method::takeover;
  c.by = qian;
  EXPECT_EQ(after([&](auto& out) { part.take_over(at(), c, {}, out); }),
            list{"refuse: a transfer is under way"});
}

TEST_F(participants, the_same_call_again_waits_for_the_same_answer) {
  auto once = [&](request_key key) {
    return after([&](auto& out) { part.transfer(at(), call("cold", "h"), key, out); });
  };
  EXPECT_EQ(once({5, 1}), list{"route to h"});
  EXPECT_EQ(once({5, 1}), list{}) << "neither refused nor asked for twice";
  EXPECT_EQ(once({6, 1}), list{"refuse: another transfer is under way"});
  EXPECT_TRUE(part.awaits_answer());
  EXPECT_EQ(routed("h is closed").size(), 1u);
  EXPECT_FALSE(part.awaits_answer());
}

TEST_F(participants, where_there_is_no_way_the_caller_hears_why) {
  asks(call("cold", "h"));
  EXPECT_EQ(routed("h is closed"), list{"refuse: h is closed"});
  EXPECT_EQ(std::get<effect::refuse>(last.at(0)).why->field, "to.group");
  EXPECT_EQ(part.deadline(s, now, now), std::nullopt);
}

TEST_F(participants, no_answer_in_time_is_an_answer) {
  asks(call("cold", "h"));
  now += millis{2'000};
  EXPECT_EQ(after([&](auto& out) { part.wake(at(), now, out); }),
            list{"refuse: no answer in time"});
}

TEST_F(participants, who_lost_the_session_meanwhile_may_not_hand_it_on) {
  asks(call("cold", "h"));
  permitted = false;
  EXPECT_EQ(routed(), list{"refuse: you do not serve this session any more"});
  permitted = true;
  asks(call("warm", "", "chen"));
  routed();
  permitted = false;
  EXPECT_EQ(room(chen),
            (list{"refuse: you do not serve this session any more", "release room chen"}));
}

TEST_F(participants, an_agent_by_name_is_asked_for_room_and_joins) {
  asks(call("warm", "", "chen"));
  EXPECT_EQ(routed(), list{"hold room chen 1"});
  EXPECT_TRUE(part.waits_for_room(offer_of_last()));
  auto told = room(chen);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[1], "join chen");
  auto join = *std::get<effect::propose_join>(last.at(1)).what;
  EXPECT_EQ(settled(), list{}) << "nobody else is asked";
  EXPECT_EQ(recorded(*session_transfer::propose(s, join, now, at().limits)),
            list{"guest chen as warm"});
  EXPECT_FALSE(part.waits_for_room(join.offer));
}

TEST_F(participants, a_cold_transfer_to_an_agent_only_asks_whether_it_can_come) {
  asks(call("cold", "", "chen"));
  EXPECT_EQ(routed(), list{"hold room chen 0"});
  room(chen);
  ASSERT_EQ(last.size(), 1u);
  settled();
  EXPECT_EQ(s.phase, session_phase::waiting);
}

TEST_F(participants, room_that_is_refused_or_came_too_late_changes_nothing) {
  asks(call("warm", "", "chen"));
  routed();
  EXPECT_EQ(room(chen, "is away"), list{"refuse: to.agent: chen cannot take it: is away"});
  last.clear();
  last.push_back(effect::hold_room{agent_id{"chen"}, offer_id{"late"}, {}, 1, false});
  EXPECT_EQ(room(chen), list{"release room chen"});
  last.clear();
  last.push_back(effect::hold_room{agent_id{"chen"}, offer_id{"late"}, {}, 1, false});
  EXPECT_EQ(room(chen, "is away"), list{}) << "no room was held";
}

TEST_F(participants, who_is_not_there_cannot_be_asked) {
  known.agents.erase("chen");
  asks(call("warm", "", "chen"));
  EXPECT_EQ(routed(), list{"refuse: there is no such agent"});
}

TEST_F(participants, a_supervisor_takes_it_over_with_room_of_their_own) {
  session_call c = call("", "");
  c.method = session_method::takeover;
  c.by = qian;
  EXPECT_EQ(after([&](auto& out) { part.take_over(at(), c, {}, out); }), list{"hold room qian 1"});
  room(qian);
  EXPECT_FALSE(std::get<effect::settle>(last.at(0)).transfer) << "answered with the seq";
  settled();
  EXPECT_EQ(s.serving->agent.id, "qian");
}

TEST_F(participants, a_takeover_of_what_is_over_gives_its_room_back) {
  session_call c = call("", "");
  c.method = session_method::takeover;
  c.by = qian;
  after([&](auto& out) { part.take_over(at(), c, {}, out); });
  happen(session_machine::close(s, lin, "done"));
  auto told = room(qian);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0], "release room qian");
}

TEST_F(participants, a_search_stands_in_the_queues_until_somebody_joins) {
  asks(call("warm", "h"));
  routed();
  EXPECT_EQ(settled(), list{"seek h"});
  EXPECT_EQ(proposed(chen), list{"offer chen"});
  auto answer = session_participants::answer(at(), offer_id{"o1"}, agent_id{"chen"}, true, "");
  ASSERT_TRUE(answer && *answer);
  EXPECT_EQ(recorded(std::move(**answer)), (list{"leave h: joined", "guest chen as warm"}));
}

TEST_F(participants, who_declines_to_join_is_not_asked_again_and_the_search_goes_on) {
  search();
  proposed(chen);
  EXPECT_FALSE(session_participants::answer(at(), offer_id{"other"}, agent_id{"chen"}, true, ""));
  auto answer =
      session_participants::answer(at(), offer_id{"o1"}, agent_id{"chen"}, false, "timeout");
  ASSERT_TRUE(answer && *answer);
  EXPECT_EQ(recorded(std::move(**answer)), (list{"end offer chen: declined: timeout", "seek h"}))
      << "not a miss";
  EXPECT_EQ(queue_entry_of(s, *transfer_of(s)).asked,
            (std::vector{agent_id{"chen"}, agent_id{"lin"}}));
}

TEST_F(participants, a_search_follows_a_merger_and_is_over_where_nobody_is_left) {
  search();
  known.groups.erase("h");
  known.merged["h"] = "g";
  EXPECT_EQ(after([&](auto& out) { part.group_gone(at(), group_id{"h"}, true, out); }),
            list{"seek g"});
  EXPECT_EQ(after([&](auto& out) { part.group_gone(at(), group_id{"h"}, true, out); }), list{})
      << "it stood there once";
  known.groups.erase("g");
  EXPECT_EQ(after([&](auto& out) { part.group_gone(at(), group_id{"g"}, true, out); }),
            list{"record transfer_ended"});
  settled();
  EXPECT_EQ(proposed(chen), list{"not this search's"});
}

TEST_F(participants, a_closed_group_may_propose_again_when_it_has_opened) {
  search();
  proposed(chen);
  EXPECT_EQ(after([&](auto& out) { part.group_gone(at(), group_id{"h"}, false, out); }), list{})
      << "somebody is asked";
  part.at_position(group_id{"h"});
  EXPECT_EQ(after([&](auto& out) { part.group_gone(at(), group_id{"h"}, false, out); }), list{});
}

TEST_F(participants, the_end_of_the_session_ends_all_that_is_under_way) {
  search();
  proposed(chen);
  EXPECT_EQ(after([&](auto& out) { part.over({agent_id{"qian"}}, out); }),
            (list{"guest qian ends: closed", "end offer chen: withdrawn", "leave h: closed"}));
  EXPECT_EQ(after([&](auto& out) { part.over({}, out); }), list{});
  part = {};
  happen(session_transfer::cancel(s, lin, s.participants->transfer->id, now));
  asks(call("cold", "h"));
  EXPECT_EQ(after([&](auto& out) { part.over({}, out); }), list{"refuse: the session is over"});
}

TEST_F(participants, what_comes_back_needs_the_room_its_wrap_up_would_hold) {
  asks(call("cold", "h"));
  routed();
  settled();
  happen(session_transfer::cancel(s, lin, s.participants->transfer->id, now));
  EXPECT_EQ(after([&](auto& out) { part.search_ended(s, out); }), list{"end wrap-up lin"});
}

TEST_F(participants, after_a_restart_guests_are_there_and_the_search_goes_on_without_its_offer) {
  search("conference");
  proposed(chen, true);
  search("conference");
  proposed(qian);
  part = {};
  EXPECT_EQ(after([&](auto& out) { session_participants::resume_guests(at(), out); }),
            list{"guest chen as conference"});
  EXPECT_EQ(after([&](auto& out) { part.resume_search(at(), out); }),
            list{"record join_offer_ended"});
  EXPECT_EQ(settled(), (list{"end offer qian: restart", "seek h"}));
  known.agents.erase("chen");
  EXPECT_EQ(after([&](auto& out) { session_participants::resume_guests(at(), out); }),
            list{"record left"});
}

TEST_F(participants, who_was_asked_by_name_before_a_restart_is_asked_no_more) {
  asks(call("warm", "", "chen"));
  routed();
  room(chen);
  last.erase(last.begin() + 1);
  settled();
  part = {};
  EXPECT_EQ(after([&](auto& out) { part.resume_search(at(), out); }),
            list{"record transfer_ended"});
}

TEST_F(participants, a_snoozed_session_wakes_by_the_wall) {
  happen(payloads_of(event::snoozed{lin, now + millis{60'000}, ""}));
  const auto wall = now - millis{5'000};
  EXPECT_EQ(part.deadline(s, now, wall), now + millis{65'000});
  EXPECT_EQ(after([&](auto& out) { part.wake(at(), now + millis{60'000}, out); }).size(), 1u);
  settled();
  EXPECT_EQ(s.phase, session_phase::waiting);
}

}  // namespace
}  // namespace switchboard
