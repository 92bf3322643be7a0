#include "actors/session/session_cards.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

class cards : public testing::Test {
 protected:
  cards() {
    consultation_request r;
    r.channel = "app";
    r.customer.id = "u1";
    happen(session_machine::open(r, {}, 1, "en"));
    findings f;
    f.member = member_finding{"m1", 1, "Ann", {}, {}};
    happen(session_machine::identified(f, false));
  }
  void happen(session_machine::payloads events) {
    for (auto& what : events) apply(s, sequence(s, std::move(what), from_unix_ms(1000)));
  }
  std::uint64_t show(const std::string& product, const participant& by = {"agent", "lin", "Lin"}) {
    session_machine::payloads events{event::message{0, by, "product", {}, "c"}};
    for (auto& e : session_cards::shown(s, by, {product, {}, "n", "CNY", 100, {}}))
      events.push_back(e);
    auto seq = s.seq + 1;
    happen(std::move(events));
    return seq;
  }
  session_state s;
};

TEST_F(cards, what_an_agent_shows_is_recorded_with_who_and_to_whom) {
  auto seq = s.seq + 1;
  auto events =
      session_cards::shown(s, {"agent", "lin", "Lin"}, {"p1", {}, "Lamp", "CNY", 9900, {}});
  ASSERT_EQ(events.size(), 1u);
  auto& e = std::get<event::card_shown>(events[0]);
  EXPECT_EQ(e.message_seq, seq);
  EXPECT_EQ(e.by.id, "lin");
  EXPECT_EQ(e.member_id, "m1");
  EXPECT_EQ(e.price_hundredths, 9900);
}

TEST_F(cards, what_a_customer_shows_is_nobodys_credit) {
  EXPECT_TRUE(session_cards::shown(s, {"customer", "u1", ""}, {"p1", {}, "", "", 0, {}}).empty());
  EXPECT_TRUE(session_cards::shown(s, {"agent", "lin", ""}, {{}, "o1", "", "", 0, "m1"}).empty());
}

TEST_F(cards, an_order_of_somebody_else_is_not_shown) {
  EXPECT_TRUE(session_cards::may_show(s, {{}, "o1", "", "", 0, "m1"}));
  auto refused = session_cards::may_show(s, {{}, "o1", "", "", 0, "m2"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::permission_denied);
  session_state unknown;
  EXPECT_FALSE(session_cards::may_show(unknown, {{}, "o1", "", "", 0, ""}));
}

TEST_F(cards, a_click_counts_once_and_only_for_what_was_shown) {
  show("p1");
  auto latest = show("p1");
  auto first = session_cards::clicked(s, "p1", 0);
  ASSERT_TRUE(first);
  ASSERT_EQ(first->size(), 1u);
  EXPECT_EQ(std::get<event::card_clicked>((*first)[0]).message_seq, latest);
  happen(*first);
  EXPECT_TRUE(session_cards::clicked(s, "p1", 0)->empty());
  EXPECT_EQ(session_cards::clicked(s, "p2", 0).error().code, errc::not_found);
  EXPECT_EQ(session_cards::clicked(s, "p1", 99).error().code, errc::not_found);
}

TEST_F(cards, a_card_is_bought_once) {
  auto seq = show("p1");
  event::card_bought what{seq, "p1", "o1", "CNY", 2, 19800, from_unix_ms(5000)};
  happen(session_cards::bought(s, what));
  EXPECT_EQ(s.cards.at(0).order_id, "o1");
  what.order_id = "o2";
  EXPECT_TRUE(session_cards::bought(s, what).empty());
  what.message_seq = seq + 1;
  EXPECT_TRUE(session_cards::bought(s, what).empty());
}

TEST_F(cards, only_the_latest_few_are_kept_with_the_session) {
  for (int i = 0; i < 70; ++i) show("p" + std::to_string(i));
  EXPECT_EQ(s.cards.size(), 64u);
  EXPECT_EQ(s.cards.back().product_id, "p69");
}

TEST_F(cards, come_back_with_the_snapshot) {
  show("p1");
  session_state read;
  ASSERT_TRUE(codec::unpack(codec::pack(s), read));
  ASSERT_EQ(read.cards.size(), 1u);
  EXPECT_EQ(read.cards[0].product_id, "p1");
}

}  // namespace
}  // namespace switchboard
