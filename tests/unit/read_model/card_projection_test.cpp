#include "actors/read_model/projection/card_projection.hpp"

#include <gtest/gtest.h>

#include "tests/unit/read_model/session_writer.hpp"

namespace switchboard {
namespace {

struct card_projection_test : testing::Test {
  store::memory_journal journal;
  store::memory_state state{journal, {std::make_shared<card_projection>()}};

  void show(session_writer& s, const std::string& product, const std::string& agent, timestamp at,
            const std::string& member = "m1") {
    event::card_shown e;
    e.message_seq = s.state.seq + 1;
    e.product_id = product;
    e.by = {"agent", agent, ""};
    e.member_id = member;
    s.write({event::message{0, e.by, "product", {}, ""}, e}, at);
  }
  void buy(session_writer& s, std::uint64_t message_seq, const std::string& product, timestamp at) {
    s.write({event::card_bought{message_seq, product, "o1", "CNY", 2, 500, at}}, at);
  }
  std::string cards_of(const std::string& agent, timestamp from = {},
                       timestamp to = noon + 9 * day) {
    journal.commit_all();
    std::string out;
    projecting::for_each_card(*state.view(), agent, from, to, [&](const card_row& c) {
      out += c.agent + ":" + c.product_id + (c.clicked_at ? " clicked" : "") +
             (c.order_id.empty() ? "" : " " + c.order_id) + "; ";
      return true;
    });
    return out;
  }
  std::string unbought(timestamp from) {
    journal.commit_all();
    std::string out;
    projecting::for_each_unbought(*state.view(), from, [&](const card_row& c) {
      out += c.product_id + "; ";
      return true;
    });
    return out;
  }
};

TEST_F(card_projection_test, an_agents_cards_are_read_by_time_with_what_came_of_them) {
  session_writer s(journal, numbered_session(1)), t(journal, numbered_session(2));
  show(s, "p1", "lin", noon);
  show(s, "p2", "lin", noon + hour);
  show(t, "p3", "li", noon + hour);
  s.write({event::card_clicked{1, "p1"}}, noon + second);
  EXPECT_EQ(cards_of("lin"), "lin:p1 clicked; lin:p2; ");
  EXPECT_EQ(cards_of("li"), "li:p3; ");
  EXPECT_EQ(cards_of(""), "li:p3; lin:p1 clicked; lin:p2; ");
  EXPECT_EQ(cards_of("lin", noon + second), "lin:p2; ");
  EXPECT_EQ(cards_of("lin", {}, noon + hour), "lin:p1 clicked; ");
  EXPECT_EQ(cards_of("", noon, noon + hour), "lin:p1 clicked; ");
}

TEST_F(card_projection_test, what_is_bought_is_looked_for_no_more) {
  session_writer s(journal, numbered_session(1));
  show(s, "p1", "lin", noon);
  show(s, "p2", "lin", noon + hour);
  EXPECT_EQ(unbought(noon), "p1; p2; ");
  EXPECT_EQ(unbought(noon + second), "p2; ");
  buy(s, 1, "p1", noon + hour);
  EXPECT_EQ(unbought(noon), "p2; ");
  EXPECT_EQ(cards_of("lin"), "lin:p1 o1; lin:p2; ");
}

TEST_F(card_projection_test, what_was_shown_to_nobody_known_is_not_looked_for) {
  session_writer s(journal, numbered_session(1));
  show(s, "p1", "lin", noon, "");
  EXPECT_EQ(unbought(noon), "");
  EXPECT_EQ(cards_of("lin"), "lin:p1; ");
}

TEST_F(card_projection_test, what_is_too_old_to_be_credit_is_swept) {
  session_writer s(journal, numbered_session(1));
  show(s, "p1", "lin", noon);
  show(s, "p2", "lin", noon + 91 * day);
  EXPECT_EQ(unbought({}), "p2; ");
}

}  // namespace
}  // namespace switchboard
