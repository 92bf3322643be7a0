#include "actors/session/session_speech.hpp"

#include <gtest/gtest.h>

#include "tests/unit/session/session_fixture.hpp"

namespace switchboard {
namespace {

using namespace test;
using session_machine::payloads;

struct speech : session_fixture {
  config::dispatch_config config;
  int looked = 0;
  config_source source = [this] {
    ++looked;
    return std::make_shared<const config::dispatch_config>(config);
  };
  name_source known;

  speech() {
    config::group_config g;
    g.id = group_id{"g"};
    g.name = "Returns";
    config.groups.push_back(g);
    config::agent_config a;
    a.id = agent_id{"lin"};
    a.name = "Lin Jia";
    config.agents.push_back(a);
    auto& en = config.texts["en"];
    en["welcome"] = "Hello {customer.name}!";
    en["assigned"] = "{agent.name} of {group.name} is here.";
    en["transferred"] = "{agent.name} takes over.";
    en["nobody_there"] = "Nobody is there.";
    en["out_of_hours"] = "We are closed.";
    en["rate"] = "How was it?";
  }
  session_speech part() const { return {s, source, known}; }
  static std::vector<std::string> moments(const payloads& events) {
    std::vector<std::string> out;
    for (auto& e : events) {
      auto* m = std::get_if<event::message>(&e);
      out.push_back(m ? m->moment : std::string(type_name(e)));
    }
    return out;
  }
  /// Of a short one: its map's key, one byte of length, then the text.
  static std::string text_of(const session_payload& p) {
    auto* m = std::get_if<event::message>(&p);
    return m ? m->body.bytes.substr(m->body.bytes.find("text") + 5) : "";
  }
  using list = std::vector<std::string>;
};

TEST_F(speech, who_asks_is_welcomed_by_name_and_a_continuation_falls_back_to_the_welcome) {
  consultation_request r;
  r.channel = "app";
  r.customer = {"u1", "Wang", "", "", "", "", ""};
  payloads out;
  part().welcome(r, "en", true, out);
  EXPECT_EQ(moments(out), list{"welcome"});
  EXPECT_EQ(text_of(out[0]), "Hello Wang!");
}

TEST_F(speech, a_name_is_looked_up_only_for_a_text_that_says_it) {
  int asked = 0;
  known = [&](auto&...) {
    ++asked;
    return profile_name{"Wang Fang", {}, false};
  };
  served_by(lin);
  EXPECT_EQ(part().text("rate"), "How was it?");
  EXPECT_EQ(asked, 0);
  s.customer_name.clear();
  s.dispatch->request.customer.name.clear();
  EXPECT_EQ(part().text("welcome"), "Hello Wang Fang!");
  EXPECT_EQ(asked, 1);
}

TEST_F(speech,
       who_is_assigned_is_introduced_as_configured_now_and_not_if_it_had_the_session_before) {
  wait_by(plan_of({{"g"}}));
  auto greeted = part().with_greeting(*session_machine::propose(s, proposal(lin), now));
  EXPECT_EQ(moments(greeted), (list{"assigned", "assigned"}));
  EXPECT_EQ(text_of(greeted[1]), "Lin Jia of Returns is here.");
  s.last_agent = lin;
  EXPECT_EQ(part().with_greeting(*session_machine::propose(s, proposal(lin), now)).size(), 1u);
}

TEST_F(speech, an_offer_that_is_only_made_looks_at_no_configuration) {
  wait_by(plan_of({{"g"}}));
  EXPECT_EQ(part().with_greeting(*session_machine::propose(s, proposal(lin, false), now)).size(),
            1u);
  EXPECT_EQ(looked, 0);
}

TEST_F(speech, who_is_left_with_nobody_hears_why_before_the_end) {
  wait_by(plan_of({{"g"}}));
  auto end = part().with_farewell(session_machine::leave_message(s, "queue_full"), now);
  EXPECT_EQ(moments(end), (list{"", "nobody_there", "closed"}))
      << "the first has no name on the wire";
  config.groups.clear();
  end = part().with_farewell(session_machine::leave_message(s, "queue_full"), now);
  EXPECT_EQ(moments(end), (list{"", "out_of_hours", "closed"}))
      << "a group that is not there is closed";
}

TEST_F(speech, a_rating_is_asked_of_who_was_served) {
  config.reception.rating.ask = true;
  open();
  payloads out;
  part().ask_rating(out);
  EXPECT_TRUE(out.empty());
  s.last_agent = lin;
  part().ask_rating(out);
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(std::get<event::rating_requested>(out[0]).text, "How was it?");
}

}  // namespace
}  // namespace switchboard
