#include "actors/session/session_attention.hpp"

#include <gtest/gtest.h>

#include "tests/unit/session/session_fixture.hpp"

namespace switchboard {
namespace {

using namespace test;

struct attention : session_fixture {
  config::dispatch_config config;
  session_attention part;
  name_source nobody;
  int looked = 0;

  attention() {
    config.groups.push_back({group_id{"g"}});
    add("lin", "agent");
    add("qian", "leader");
    add("xu", "supervisor");
    config.reception.alerts.unanswered_after = millis{10'000};
    config.reception.alerts.escalate_after = millis{60'000};
    config.reception.alerts.waiting_after = millis{30'000};
    config.reception.alerts.new_message = true;
    config.texts["en"]["idle_notice"] = "It closes in {closes_in}.";
    config.texts["en"]["long_silence"] = "One moment please.";
    config.texts["en"]["rate_reminder"] = "How was it?";
  }
  void add(const char* id, const char* role) {
    config::agent_config a;
    a.id = agent_id{id};
    a.role = role;
    a.team = "east";
    a.groups = {group_id{"g"}};
    config.agents.push_back(a);
  }
  std::shared_ptr<const config::dispatch_config> shared() const {
    return std::make_shared<const config::dispatch_config>(config);
  }
  reception_source rules() {
    return [this] {
      ++looked;
      return std::make_shared<const reception_rules>(shared());
    };
  }
  session_machine::payloads silence() {
    config_source source = [this] { return shared(); };
    return session_attention::break_silence(s, *rules()(), session_speech(s, source, nobody), now);
  }
  session_decision alert() { return part.alert(s, *rules()(), now); }
  std::optional<millis> deadline() {
    auto at = session_attention::deadline(s, *rules()(), now);
    return at ? std::optional(*at - t0) : std::nullopt;
  }
  /// "lin: unanswered 2", in order.
  static std::vector<std::string> told(const session_effects& effects) {
    std::vector<std::string> out;
    for (auto& e : effects) {
      auto& a = std::get<effect::alert_agents>(e);
      for (auto& id : a.agents)
        out.push_back(id.value + ": " + a.what->what + " " + std::to_string(a.what->unread));
    }
    return out;
  }
  std::vector<std::string> told_of(const participant& who) {
    says(who);
    session_effects out;
    part.said({0, who, "text", {}, {}}, s, rules(), out);
    return told(out);
  }
  using list = std::vector<std::string>;
};

TEST_F(attention, the_serving_agent_is_told_of_a_new_message_and_of_its_answer) {
  served_by(lin);
  EXPECT_EQ(told_of(customer), list{"lin: new_message 1"});
  EXPECT_EQ(told_of(lin), list{"lin: cleared 0"});
  EXPECT_EQ(told_of(lin), list{});
}

TEST_F(attention, an_agents_word_costs_no_look_at_the_rules) {
  served_by(lin);
  told_of(lin);
  EXPECT_EQ(looked, 0);
}

TEST_F(attention, an_alert_is_recorded_and_told_and_goes_on_with_the_new_count) {
  served_by(lin);
  says(customer);
  EXPECT_EQ(deadline(), millis{10'000});
  now = t0 + millis{10'000};
  auto due = alert();
  ASSERT_EQ(due.events.size(), 1u);
  EXPECT_EQ(std::get<event::alert>(due.events.front()).what, "unanswered");
  EXPECT_EQ(told(due.effects), list{"lin: unanswered 1"});
  happen(std::move(due.events));
  EXPECT_TRUE(alert().events.empty()) << "told once";
  EXPECT_EQ(told_of(customer), list{"lin: unanswered 2"});
}

TEST_F(attention, leaders_hear_of_what_stays_unanswered_and_that_it_is_over) {
  served_by(lin);
  says(customer);
  now = t0 + millis{60'000};
  EXPECT_EQ(told(alert().effects), (list{"lin: unanswered 1", "qian: unanswered 1"}));
  EXPECT_EQ(told_of(lin), (list{"lin: cleared 0", "qian: cleared 0"}));
}

TEST_F(attention, who_leads_nobody_there_any_more_hears_that_it_is_over_and_nothing_else) {
  served_by(lin);
  says(customer);
  now = t0 + millis{60'000};
  happen(alert().events);
  config.agents[1].role = "agent";
  EXPECT_EQ(told_of(customer), (list{"qian: cleared 0", "lin: unanswered 2"}));
}

TEST_F(attention, reading_a_new_message_clears_it) {
  served_by(lin);
  told_of(customer);
  happen(session_machine::read(s, lin, s.seq));
  session_effects out;
  part.read({s.seq, lin, {}}, s, rules(), out);
  EXPECT_EQ(told(out), list{"lin: cleared 0"});
}

TEST_F(attention, who_waits_in_a_queue_is_told_to_the_groups_leaders) {
  wait_by(plan_of({{"g"}}));
  EXPECT_EQ(deadline(), millis{30'000});
  now = t0 + millis{30'000};
  auto due = alert();
  EXPECT_EQ(std::get<event::alert>(due.events.at(0)).level, "leader");
  EXPECT_EQ(told(due.effects), (list{"qian: waiting 0", "xu: waiting 0"}));
}

TEST_F(attention, what_is_due_already_is_due_now) {
  served_by(lin);
  says(customer);
  now = t0 + millis{15'000};
  EXPECT_EQ(deadline(), millis{15'000});
}

TEST_F(attention, silence_warns_then_ends_the_session) {
  config.session.idle_close = millis{100'000};
  config.session.idle_warning = millis{40'000};
  config.reception.alerts = {};
  served_by(lin);
  EXPECT_EQ(deadline(), millis{60'000});
  EXPECT_TRUE(silence().empty());
  now = t0 + millis{60'000};
  auto warned = silence();
  ASSERT_EQ(warned.size(), 2u);
  EXPECT_EQ(std::get<event::message>(warned[0]).moment, "idle_notice");
  EXPECT_EQ(std::get<event::alert>(warned[1]).what, "idle_warning");
  happen(std::move(warned));
  EXPECT_EQ(deadline(), millis{100'000});
  now = t0 + millis{100'000};
  happen(silence());
  EXPECT_EQ(s.phase, session_phase::closed);
  EXPECT_EQ(s.close_reason, "idle");
}

TEST_F(attention, a_snoozed_session_may_be_silent) {
  config.session.idle_close = millis{100'000};
  config.reception.alerts = {};
  served_by(lin);
  happen(payloads_of(event::snoozed{lin, now + millis{900'000}, ""}));
  now = t0 + millis{200'000};
  EXPECT_TRUE(silence().empty());
  EXPECT_EQ(deadline(), std::nullopt);
}

TEST_F(attention, a_rating_is_asked_for_again_once) {
  config.reception.rating = {true, millis{5'000}};
  config_source source = [this] { return shared(); };
  session_speech speech(s, source, nobody);
  served_by(lin);
  happen(session_machine::close(s, lin, "done"));
  EXPECT_EQ(deadline(), std::nullopt) << "it was not asked for yet";
  happen(payloads_of(event::rating_requested{"", false}));
  EXPECT_EQ(deadline(), millis{5'000});
  EXPECT_TRUE(session_attention::remind_of_rating(s, *rules()(), speech, now).empty());
  now = t0 + millis{5'000};
  auto again = session_attention::remind_of_rating(s, *rules()(), speech, now);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(std::get<event::rating_requested>(again[0]).text, "How was it?");
  happen(std::move(again));
  EXPECT_EQ(deadline(), std::nullopt);
}

}  // namespace
}  // namespace switchboard
