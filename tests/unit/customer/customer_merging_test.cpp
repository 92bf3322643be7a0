#include "actors/customer/customer_merging.hpp"

#include <gtest/gtest.h>

#include "actors/customer/block_list.hpp"

namespace switchboard {
namespace {

using namespace customer_machine;

constexpr timestamp noon = from_unix_ms(1'700'000'000'000);
constexpr millis hour{3'600'000};
const participant agent{"agent", "a1", "An"};

customer_record person(const std::string& id, std::map<std::string, std::string> fields) {
  customer_record r;
  r.person = person_id{id};
  apply(r, customer_event::profile_changed{"channel:app", std::move(fields)}, noon);
  return r;
}

sales_lead lead(const std::string& id) {
  sales_lead l;
  l.id = id;
  l.title = id;
  l.stage = "new";
  return l;
}

void apply_all(customer_record& r, const payloads& events, timestamp at = noon) {
  for (auto& e : events) apply(r, e, at);
}

struct merging_test : testing::Test {
  customer_record one = person("m:1", {{"name", "Li"}, {"phone", "138"}});
  customer_record two = person("c:app:u2", {{"name", "Lee"}, {"email", "lee@x"}});

  merging_test() {
    two.leads = {lead("l1"), lead("l2")};
    two.tags = {{"vip", "tag", noon}};
  }
  void merge() {
    ASSERT_TRUE(may_merge(two, one.person));
    auto events = decide_absorb(one, two, "agent:a1");
    ASSERT_TRUE(events);
    apply_all(one, *events);
    apply(two, customer_event::merged_away{{one.person, "agent:a1", noon}}, noon);
  }
  void unmerge() {
    ASSERT_TRUE(may_unmerge(two));
    auto d = decide_give_back(one, two.person, "agent:a1");
    ASSERT_TRUE(d);
    apply_all(one, d->events);
    apply(two, customer_event::came_back{d->leads, "agent:a1"}, noon);
  }
};

TEST_F(merging_test, the_survivor_keeps_its_own_values_and_takes_what_it_lacks) {
  merge();
  EXPECT_EQ(one.profile.name.value, "Li");
  EXPECT_EQ(one.profile.email.value, "lee@x");
  EXPECT_EQ(one.leads.size(), 2u);
  EXPECT_EQ(one.tags.size(), 1u);
  EXPECT_EQ(shown_under(one), (std::vector{one.person, two.person}));
  EXPECT_EQ(two.merged_into->survivor, one.person);
}

TEST_F(merging_test, an_undo_puts_everything_back_as_it_was) {
  auto before_one = one, before_two = two;
  merge();
  unmerge();
  EXPECT_EQ(codec::pack(one.profile), codec::pack(before_one.profile));
  EXPECT_TRUE(one.leads.empty());
  EXPECT_TRUE(one.tags.empty());
  EXPECT_TRUE(one.absorbed.empty());
  EXPECT_EQ(codec::pack(two.leads), codec::pack(before_two.leads));
  EXPECT_FALSE(two.merged_into);
}

TEST_F(merging_test, what_was_changed_meanwhile_outlives_the_undo) {
  merge();
  auto changed = one.leads[0];
  changed.stage = "won";
  apply(one, customer_event::lead_changed{changed}, noon);
  apply(one, customer_event::profile_changed{"agent:a1", {{"email", "new@x"}}}, noon + hour);
  apply(one, customer_event::lead_created{lead("l3")}, noon);
  unmerge();
  EXPECT_EQ(one.profile.email.value, "new@x") << "not what the other brought";
  ASSERT_EQ(one.leads.size(), 1u);
  EXPECT_EQ(one.leads[0].id, "l3");
  EXPECT_EQ(two.leads[0].stage, "won");
}

TEST_F(merging_test, asked_twice_it_is_one_merge) {
  merge();
  EXPECT_TRUE(may_merge(two, one.person)) << "the same again completes what a crash cut short";
  EXPECT_TRUE(decide_absorb(one, two, "agent:a1")->empty());
  auto first = decide_give_back(one, two.person, "agent:a1");
  apply_all(one, first->events);
  auto again = decide_give_back(one, two.person, "agent:a1");
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->events.empty());
  EXPECT_EQ(again->leads.size(), 2u) << "the other side may not have heard them";
}

TEST_F(merging_test, a_merge_that_makes_no_sense_says_why) {
  EXPECT_EQ(may_merge(one, one.person).error().field, "into");
  EXPECT_EQ(may_unmerge(one).error().code, errc::failed_precondition);
  merge();
  EXPECT_EQ(may_merge(two, person_id{"m:9"}).error().code, errc::failed_precondition);
  EXPECT_EQ(may_merge(one, two.person).error().field, "into");
  EXPECT_EQ(decide_absorb(two, one, "x").error().code, errc::failed_precondition)
      << "nobody is merged into one that is shown no longer";
  customer_record nobody;
  nobody.person = person_id{"c:app:none"};
  EXPECT_EQ(may_merge(nobody, one.person).error().code, errc::not_found);
  EXPECT_EQ(decide_absorb(nobody, one, "x").error().code, errc::not_found);
}

TEST_F(merging_test, a_merge_within_a_merge_is_undone_from_outside_in) {
  auto three = person("c:web:u3", {{"name", "L"}});
  merge();
  apply_all(three, *decide_absorb(three, one, "agent:a1"));
  apply(one, customer_event::merged_away{{three.person, "agent:a1", noon}}, noon);
  EXPECT_EQ(shown_under(three).size(), 3u);
  EXPECT_EQ(decide_give_back(one, two.person, "x").error().code, errc::failed_precondition);
}

TEST(block_list_test, a_blocked_number_is_blocked_however_it_is_spelled) {
  block_list list;
  customer_record r;
  r.person = person_id{"c:app:u1"};
  r.profile.phone.value = "86-138 0000 0001";
  r.profile.email.value = "Ann@Example.com";
  r.blocked = block_mark{"abuse", "agent:x", {}, {}};
  list.note(r);
  for (auto phone : {"13800000001", "8613800000001", "086-13800000001", "１３８００００００01",
                     "'13800000001", "\u202d+86 138 0000 0001\u202c", "tel:13800000001"}) {
    EXPECT_TRUE(list.find("web", {.id = "w", .phone = phone}, {})) << phone;
  }
  EXPECT_TRUE(list.find("web", {.id = "w", .email = "\u200bann＠example.com"}, {}));
  EXPECT_FALSE(list.find("web", {.id = "w", .phone = "+13800000001"}, {}));
}

TEST(block_list_test, finds_a_blocked_person_by_whatever_a_request_shows) {
  block_list list;
  auto r = person("m:1", {{"phone", "+86 138 0000 0001"}});
  r.identities.push_back({"app", "u1", "un1", true, noon});
  channel_customer who;
  who.id = "u1";
  list.note(r);
  EXPECT_FALSE(list.find("app", who, noon));
  apply(r, decide_block(r, agent, "abuse", noon + hour, noon)->events.at(0), noon);
  list.note(r);
  ASSERT_TRUE(list.find("app", who, noon));
  EXPECT_EQ(list.find("app", who, noon)->reason, "abuse");
  EXPECT_FALSE(list.find("web", who, noon)) << "another channel's u1 is somebody else";
  EXPECT_FALSE(list.find("app", who, noon + hour)) << "its time is over";
  channel_customer by_phone;
  by_phone.id = "x";
  by_phone.phone = "13800000001";
  EXPECT_TRUE(list.find("web", by_phone, noon));
  apply(r, decide_unblock(r, agent)->events.at(0), noon);
  list.note(r);
  EXPECT_FALSE(list.find("app", who, noon));
}

suggestion tag_suggestion(bool automatic) {
  suggestion s;
  s.id = "g1";
  s.kind = "tag";
  s.fields = {{"tag", "keen"}};
  s.automatic = automatic;
  return s;
}

TEST(customer_suggestion, waits_for_an_agent_unless_it_is_automatic) {
  customer_record r;
  apply_all(r, decide_suggest(r, {tag_suggestion(false)}, noon, {}, {}));
  ASSERT_EQ(r.suggestions.size(), 1u);
  EXPECT_TRUE(decide_suggest(r, {tag_suggestion(false)}, noon, {}, {}).empty()) << "the same again";
  apply_all(r, decide_settle(r, agent, "g1", true, noon, {}, {})->events);
  EXPECT_TRUE(r.suggestions.empty());
  ASSERT_EQ(r.tags.size(), 1u);
  EXPECT_EQ(r.tags[0].source, "agent:a1");

  customer_record other;
  apply_all(other, decide_suggest(other, {tag_suggestion(true)}, noon, {}, {}));
  EXPECT_TRUE(other.suggestions.empty());
  EXPECT_EQ(other.tags.at(0).source, "mining:");
}

TEST(customer_suggestion, overrules_nobody_by_itself) {
  customer_record r;
  auto guess = tag_suggestion(true);
  guess.kind = "field";
  guess.fields = {{"size", "m"}};
  apply_all(r, decide_suggest(r, {guess}, noon, {}, {}));
  EXPECT_EQ(r.profile.extra.at("size").source, "mining:") << "the field was empty";
  apply(r, customer_event::profile_changed{"channel:app", {{"size", "l"}}}, noon);
  guess.id = "g2";
  apply_all(r, decide_suggest(r, {guess}, noon, {}, {}));
  EXPECT_EQ(r.profile.extra.at("size").value, "l");
  ASSERT_EQ(r.suggestions.size(), 1u) << "an agent may still confirm it";
  EXPECT_EQ(conflicts_of(r).size(), 1u);
}

TEST(customer_suggestion, dismissed_is_not_made_again) {
  customer_record r;
  apply_all(r, decide_suggest(r, {tag_suggestion(false)}, noon, {}, {}));
  apply_all(r, decide_settle(r, agent, "g1", false, noon, {}, {})->events);
  EXPECT_TRUE(r.tags.empty());
  EXPECT_TRUE(decide_suggest(r, {tag_suggestion(false)}, noon, {}, {}).empty());
  EXPECT_EQ(decide_settle(r, agent, "g1", true, noon, {}, {}).error().code, errc::not_found);
}

TEST(customer_erasure, leaves_a_record_that_counts_its_events_and_says_nothing) {
  auto r = person("m:1", {{"name", "Li"}});
  std::string events;
  encode(customer_event::profile_changed{"x", {{"name", "Li"}}}, noon, events);
  encode(customer_event::identity_linked{{"app", "u1", "", false, noon}, "9"}, noon, events);
  auto left = emptied(events);
  EXPECT_EQ(left.find("Li"), std::string::npos);
  customer_record again;
  EXPECT_TRUE(replay(again, left));
  EXPECT_EQ(again.seq, 2u);
  EXPECT_TRUE(again.blank());
  apply(r, customer_event::erased{"admin:x"}, noon);
  EXPECT_TRUE(r.blank());
  EXPECT_EQ(r.seq, 2u);
}

TEST_F(merging_test,
       what_erasing_leaves_of_a_former_survivors_record_does_not_name_the_erased_one) {
  auto absorbed = decide_absorb(one, two, "agent:a1");
  ASSERT_TRUE(absorbed);
  std::string events;
  encode(customer_event::tagged{"agent:a1", {"mine"}, {}}, noon, events);
  for (auto& e : *absorbed) encode(e, noon, events);
  encode(customer_event::given_back{{two.person, "agent:a1", two.leads}}, noon, events);
  customer_record before;
  ASSERT_TRUE(replay(before, events));
  ASSERT_EQ(before.given_back.size(), 1u);

  auto left = without_merges_of(events, {two.person.value});
  ASSERT_TRUE(left);
  EXPECT_EQ(left->find(two.person.value), std::string::npos);
  EXPECT_EQ(left->find("lee@x"), std::string::npos);
  customer_record after;
  ASSERT_TRUE(replay(after, *left));
  EXPECT_EQ(after.seq, before.seq) << "as many events as there were";
  EXPECT_EQ(after.tags.at(0).tag, "mine");
  EXPECT_TRUE(after.given_back.empty());
  EXPECT_FALSE(without_merges_of(events, {"c:app:u9"})) << "names somebody else";

  apply(before, customer_event::forgot{two.person}, noon);
  EXPECT_TRUE(before.given_back.empty());
}

}  // namespace
}  // namespace switchboard
