#include "actors/customer/identity_claims.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

using keys = identity_claims::keys;
using holder = identity_claims::holder;

struct identity_claims_test : testing::Test {
  identity_claims claims{{millis{1'000}, 4}};
  const timestamp t = from_unix_ms(1'700'000'000'000);
  const person_id ann{"c:app:u1"}, bob{"c:web:w1"};

  std::vector<holder> of(const std::string& key) { return claims.look({key}).of.front(); }
  bool claim(const person_id& who, const keys& asked, timestamp now, store::position state_at = 0) {
    std::vector<std::size_t> all(asked.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    return claims.claim(asked, claims.look(asked), all, who, state_at, now);
  }
};

TEST_F(identity_claims_test, the_first_claim_wins_and_the_second_sees_it) {
  auto seen_by_both = claims.look({"phone"});
  EXPECT_TRUE(claims.claim({"phone"}, seen_by_both, {0}, ann, 0, t));
  EXPECT_FALSE(claims.claim({"phone"}, seen_by_both, {0}, bob, 0, t)) << "it must look again";
  EXPECT_EQ(of("phone"), (std::vector<holder>{{ann, false}}));
}

TEST_F(identity_claims_test, a_look_fails_too_that_claims_nothing_once_somebody_else_has_come) {
  auto seen = claims.look({"phone", "mail"});
  EXPECT_TRUE(claim(ann, {"mail"}, t));
  EXPECT_FALSE(claims.claim({"phone", "mail"}, seen, {}, bob, 0, t));
}

TEST_F(identity_claims_test, an_empty_key_is_nobodys) {
  EXPECT_TRUE(claim(ann, {"", "phone"}, t));
  EXPECT_TRUE(of("").empty());
  EXPECT_EQ(claims.claims(), 1u);
}

TEST_F(identity_claims_test, what_the_person_records_stays_until_the_state_has_it) {
  claim(ann, {"phone"}, t);
  claims.recorded(ann, {}, {"id", "phone"}, 7);
  EXPECT_EQ(claims.claims(), 0u);
  claims.settle(ann, {"phone"});
  EXPECT_TRUE(claim(bob, {"other"}, t + millis{60'000}, 6));
  EXPECT_EQ(of("phone"), (std::vector<holder>{{ann, false}}))
      << "a record does not end by the clock";
  claims.projected(7);
  EXPECT_TRUE(of("phone").empty());
  EXPECT_TRUE(of("id").empty());
}

TEST_F(identity_claims_test, a_state_that_is_older_than_what_was_forgotten_is_not_good_enough) {
  claims.recorded(ann, {}, {"phone"}, 7);
  claims.projected(7);
  auto seen = claims.look({"phone"});
  EXPECT_FALSE(claims.claim({"phone"}, seen, {0}, bob, 6, t))
      << "neither the state nor the table would know of it";
  EXPECT_TRUE(claims.claim({"phone"}, seen, {}, ann, 7, t));
}

TEST_F(identity_claims_test,
       what_the_person_did_not_record_is_claimed_no_more_once_it_has_heard_it) {
  claim(ann, {"id", "phone"}, t);
  claims.recorded(ann, {}, {"id"}, 3);
  claims.settle(ann, {"id", "phone"});
  EXPECT_TRUE(of("phone").empty());
  EXPECT_EQ(of("id"), (std::vector<holder>{{ann, false}}));
  EXPECT_EQ(claims.claims(), 0u);
}

TEST_F(identity_claims_test, one_persons_word_settles_nobody_elses_claim) {
  claim(ann, {"phone"}, t);
  claims.settle(bob, {"phone"});
  EXPECT_EQ(of("phone"), (std::vector<holder>{{ann, false}}));
}

TEST_F(identity_claims_test, a_claim_nobody_says_a_word_about_ends_by_itself) {
  claim(ann, {"phone"}, t);
  claim(ann, {"mail"}, t + millis{999});
  EXPECT_EQ(of("phone").size(), 1u);
  claim(ann, {"other"}, t + millis{1'000});
  EXPECT_TRUE(of("phone").empty());
  EXPECT_EQ(of("mail").size(), 1u);
}

TEST_F(identity_claims_test, claims_are_bounded_and_the_oldest_goes) {
  for (auto key : {"1", "2", "3", "4", "5"}) claim(ann, {key}, t);
  EXPECT_EQ(claims.claims(), 4u);
  EXPECT_TRUE(of("1").empty());
  EXPECT_EQ(of("5").size(), 1u);
}

TEST_F(identity_claims_test, a_key_given_up_is_said_to_be_gone_until_the_state_knows) {
  claims.recorded(ann, {"old"}, {"new"}, 4);
  EXPECT_EQ(of("old"), (std::vector<holder>{{ann, true}}));
  claims.recorded(ann, {"new"}, {"old"}, 5);
  EXPECT_EQ(of("old"), (std::vector<holder>{{ann, false}}));
  claims.projected(4);
  EXPECT_EQ(of("old"), (std::vector<holder>{{ann, false}}))
      << "its newest record is not in the state";
  claims.projected(5);
  EXPECT_EQ(claims.size(), 0u);
}

TEST_F(identity_claims_test, a_merge_and_its_undo_are_known_before_the_state_has_them) {
  EXPECT_FALSE(claims.look({"x"}).merges);
  claims.merged(ann, bob, 5);
  EXPECT_TRUE(claims.look({"x"}).merges);
  EXPECT_EQ(claims.shown_as(ann), bob);
  claims.merged(ann, ann, 6);
  claims.projected(5);
  EXPECT_EQ(claims.shown_as(ann), ann);
  claims.projected(6);
  EXPECT_EQ(claims.shown_as(ann), std::nullopt);
  EXPECT_FALSE(claims.claim({"x"}, claims.look({"x"}), {}, ann, 5, t))
      << "a state of 5 has the merge and not its undo";
}

TEST_F(identity_claims_test, of_an_erased_person_nothing_is_claimed_any_more) {
  claim(ann, {"phone", "mail"}, t);
  claim(bob, {"id"}, t);
  claims.drop(ann);
  EXPECT_TRUE(of("phone").empty());
  EXPECT_TRUE(of("mail").empty());
  EXPECT_EQ(of("id").size(), 1u);
}

TEST_F(identity_claims_test, rows_are_forgotten_a_few_at_a_time) {
  for (store::position at = 1; at <= 100; ++at) claims.recorded(ann, {}, {std::to_string(at)}, at);
  claims.projected(100);
  EXPECT_GT(claims.size(), 0u);
  EXPECT_LT(claims.size(), 100u);
  for (int i = 0; i < 4; ++i) claims.projected(100);
  EXPECT_EQ(claims.size(), 0u);
}

}  // namespace
}  // namespace switchboard
