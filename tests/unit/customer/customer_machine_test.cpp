#include "actors/customer/customer_machine.hpp"

#include <gtest/gtest.h>

#include "actors/customer/trail_summary.hpp"

namespace switchboard {
namespace {

using namespace customer_machine;

constexpr timestamp noon = from_unix_ms(1'700'000'000'000);
constexpr millis hour{3'600'000};
const participant agent{"agent", "a1", "An"};

codec::packed_value fields(const std::map<std::string, std::string>& values) {
  codec::packer p;
  codec::pack_value(p, values, codec::audience::store);
  return {p.take()};
}

void apply_all(customer_record& r, const payloads& events, timestamp at = noon) {
  for (auto& e : events) apply(r, e, at);
}

trail_note start(const std::string& channel, const std::string& id) {
  trail_note n;
  n.person = person_id{"m:1"};
  n.entry.channel = channel;
  n.seen_as.id = id;
  n.seen_as.name = "Li";
  return n;
}

TEST(customer_note, links_a_channels_identity_once_and_fills_in_what_is_missing) {
  customer_record r;
  auto note = start("app", "c1");
  note.seen_as.phone = "138";
  apply_all(r, decide_note(r, note, noon));
  ASSERT_EQ(r.identities.size(), 1u);
  EXPECT_FALSE(r.identities[0].verified);
  EXPECT_EQ(r.profile.phone, (profile_value{"138", "channel:app", noon}));
  EXPECT_TRUE(decide_note(r, note, noon + hour).empty());
}

TEST(customer_note, takes_a_newer_word_from_the_same_channel_and_keeps_another_beside_it) {
  customer_record r;
  auto note = start("app", "c1");
  note.seen_as.phone = "138";
  apply_all(r, decide_note(r, note, noon));
  note.seen_as.phone = "139";
  apply_all(r, decide_note(r, note, noon + hour), noon + hour);
  EXPECT_EQ(r.profile.phone, (profile_value{"139", "channel:app", noon + hour}));
  EXPECT_TRUE(conflicts_of(r).empty());

  auto web = start("web", "w1");
  web.seen_as.phone = "140";
  apply_all(r, decide_note(r, web, noon + 2 * hour), noon + 2 * hour);
  EXPECT_EQ(r.profile.phone.value, "139");
  auto open = conflicts_of(r);
  ASSERT_TRUE(open.contains("phone"));
  EXPECT_EQ(open["phone"].size(), 2u);
  EXPECT_EQ(open["phone"][1].source, "channel:web");
  EXPECT_TRUE(decide_note(r, web, noon + 3 * hour).empty()) << "said before";
}

TEST(customer_note, believes_the_member_center_more_than_a_channel_and_an_agent_most) {
  customer_record r;
  apply_all(r, decide_note(r, start("app", "c1"), noon));
  EXPECT_EQ(r.profile.name.value, "Li");
  auto note = start("app", "c1");
  note.member_id = "m1";
  note.member_name = "Li Lei";
  apply_all(r, decide_note(r, note, noon + hour), noon + hour);
  EXPECT_EQ(r.profile.name, (profile_value{"Li Lei", "member", noon + hour}));
  EXPECT_TRUE(conflicts_of(r).contains("name")) << "the channel still says Li";

  apply_all(r, decide_update(r, agent, fields({{"name", "Li Lei"}}))->events, noon + 2 * hour);
  EXPECT_EQ(r.profile.name.source, "agent:a1");
  EXPECT_FALSE(conflicts_of(r).contains("name")) << "an agent has decided";
  note.member_name = "Li Lei-Lei";
  apply_all(r, decide_note(r, note, noon + 3 * hour), noon + 3 * hour);
  EXPECT_EQ(r.profile.name.value, "Li Lei");
  EXPECT_TRUE(conflicts_of(r).contains("name")) << "something new was said";
}

TEST(customer_note, keeps_up_the_tag_centers_tags_and_leaves_an_agents_alone) {
  customer_record r;
  auto note = start("app", "c1");
  note.start = true;
  note.tags = {"vip", "late"};
  apply_all(r, decide_note(r, note, noon));
  apply_all(r, decide_tag(r, agent, {"kind"}, {})->events);
  note.tags = {"vip"};
  apply_all(r, decide_note(r, note, noon + hour));
  ASSERT_EQ(r.tags.size(), 2u);
  EXPECT_EQ(r.tags[0].tag, "vip");
  EXPECT_EQ(r.tags[1].tag, "kind");
  note.start = false;
  note.tags.clear();
  EXPECT_TRUE(decide_note(r, note, noon + 2 * hour).empty())
      << "an answer without tags says nothing";
}

TEST(customer_note, verifies_an_identity_when_a_member_stands_behind_it) {
  customer_record r;
  apply_all(r, decide_note(r, start("app", "c1"), noon));
  auto note = start("app", "c1");
  note.member_id = "m9";
  apply_all(r, decide_note(r, note, noon + hour));
  ASSERT_EQ(r.identities.size(), 1u);
  EXPECT_TRUE(r.identities[0].verified);
  EXPECT_EQ(r.identities[0].since, noon);
  EXPECT_EQ(r.member_id, "m9");
}

TEST(customer_note, links_no_more_identities_than_it_may) {
  customer_record r;
  limits l;
  l.identities = 2;
  for (int i = 0; i < 5; ++i)
    apply_all(r, decide_note(r, start("app", "c" + std::to_string(i)), noon, l));
  EXPECT_EQ(r.identities.size(), 2u);
}

TEST(customer_update, sets_own_and_extra_fields_with_their_source_and_takes_them_away) {
  customer_record r;
  apply_all(r, decide_update(r, agent, fields({{"name", "Wang"}, {"shoe_size", "42"}}))->events);
  EXPECT_EQ(r.profile.name, (profile_value{"Wang", "agent:a1", noon}));
  EXPECT_EQ(r.profile.extra.at("shoe_size").value, "42");
  EXPECT_TRUE(decide_update(r, agent, fields({{"name", "Wang"}}))->events.empty());
  apply_all(r, decide_update(r, agent, fields({{"name", ""}, {"shoe_size", ""}}))->events);
  EXPECT_TRUE(r.profile.name.empty());
  EXPECT_TRUE(r.profile.extra.empty());
}

TEST(customer_update, names_the_field_that_is_wrong) {
  customer_record r;
  codec::packer p;
  p.map(1).str("phone").integer(138);
  EXPECT_EQ(decide_update(r, agent, {p.take()}).error().field, "fields.phone");
  EXPECT_EQ(decide_update(r, agent, fields({{"email", std::string(2000, 'x')}})).error().field,
            "fields.email");
  EXPECT_EQ(decide_update(r, agent, {std::string("\x90")}).error().field, "fields");
  EXPECT_EQ(decide_update(r, agent, {std::string("\xc1")}).error().field, "fields");
  limits l;
  l.extra_fields = 1;
  EXPECT_EQ(decide_update(r, agent, fields({{"a", "1"}, {"b", "2"}}), l).error().code,
            errc::resource_exhausted);
}

TEST(customer_lead, begins_new_and_is_its_creators) {
  customer_record r;
  auto d = decide_lead_create(r, agent, fields({{"title", "A fridge"}}), "l1", noon);
  ASSERT_TRUE(d);
  apply_all(r, d->events);
  EXPECT_EQ(r.leads.at(0).stage, "new");
  EXPECT_EQ(r.leads.at(0).owner, "a1");
  EXPECT_EQ(d->answer, "\x81\xa7lead_id\xa2l1");
}

TEST(customer_lead, is_refused_by_the_field_that_is_wrong) {
  customer_record r;
  EXPECT_EQ(decide_lead_create(r, agent, fields({}), "l1", noon).error().field, "fields.title");
  EXPECT_EQ(
      decide_lead_create(r, agent, fields({{"title", "x"}, {"stage", "lukewarm"}}), "l1", noon)
          .error()
          .field,
      "fields.stage");
  EXPECT_EQ(decide_lead_create(r, agent, fields({{"title", "x"}, {"session_id", "s1"}}), "l1", noon)
                .error()
                .field,
            "fields.session_id");
  EXPECT_EQ(decide_lead_update(r, "l7", fields({}), noon).error().code, errc::not_found);
}

TEST(customer_lead, changes_only_what_is_named_and_not_for_nothing) {
  customer_record r;
  apply_all(
      r, decide_lead_create(r, agent, fields({{"title", "A fridge"}, {"note", "blue"}}), "l1", noon)
             ->events);
  EXPECT_TRUE(
      decide_lead_update(r, "l1", fields({{"title", "A fridge"}}), noon + hour)->events.empty());
  apply_all(r, decide_lead_update(r, "l1", fields({{"stage", "won"}}), noon + hour)->events);
  EXPECT_EQ(r.leads[0].stage, "won");
  EXPECT_EQ(r.leads[0].note, "blue");
  EXPECT_EQ(r.leads[0].created_at, noon);
  EXPECT_EQ(r.leads[0].changed_at, noon + hour);
}

TEST(customer_op_id, gives_the_same_answer_for_a_day) {
  customer_record r;
  apply(r, customer_event::change_answered{5, 6, {"answer"}}, noon);
  EXPECT_EQ(**answered_before(r.answered, {{5, 6}}, noon + 23 * hour), "answer");
  EXPECT_EQ(answered_before(r.answered, {{5, 7}}, noon).error().code, errc::already_exists);
  EXPECT_FALSE(*answered_before(r.answered, {{0, 0}}, noon));
  EXPECT_EQ(answered_before(r.answered, {{8, 8}}, noon, {1, 1000}).error().code,
            errc::resource_exhausted);
  const millis pause{10 * 60'000};
  for (int n = 1; n <= 145; ++n)
    apply(r, customer_event::change_answered{9, 9, {"x"}}, noon + n * pause);
  EXPECT_FALSE(*answered_before(r.answered, {{5, 6}}, noon + 145 * pause));
}

TEST(customer_record, replays_to_what_it_was) {
  customer_record r, again;
  auto note = start("app", "c1");
  note.member_id = "m1";
  auto events = decide_note(r, note, noon);
  events.push_back(
      customer_event::lead_created{{"l1", "t", "new", "", "", "", "", 5, {}, noon, noon}});
  events.push_back(customer_event::change_answered{1, 2, {"\x80"}});
  std::string bytes;
  for (auto& e : events) {
    apply(r, e, noon);
    encode(e, noon, bytes);
  }
  ASSERT_TRUE(replay(again, bytes));
  EXPECT_EQ(codec::pack(again), codec::pack(r));
  EXPECT_FALSE(replay(again, bytes.substr(0, bytes.size() - 1)));
}

TEST(trail_summary, knows_the_newest_servant_whatever_the_order_of_notes) {
  trail_summary t;
  trail_entry old{make_session_id(1, noon, 1, 1),
                  "app",
                  "c1",
                  noon - 40 * 24 * hour,
                  noon - 39 * 24 * hour,
                  "closed",
                  agent_id{"a1"},
                  group_id{"g1"},
                  0,
                  1};
  trail_entry young{make_session_id(1, noon, 2, 2),
                    "web",
                    "c2",
                    noon - hour,
                    {},
                    "active",
                    agent_id{"a2"},
                    group_id{"g2"},
                    0,
                    1};
  t.note(young);
  t.note(old);
  t.note(young);
  auto f = t.finding(noon);
  EXPECT_EQ(f.last_agent, agent_id{"a2"});
  EXPECT_EQ(f.last_group, group_id{"g2"});
  EXPECT_EQ(f.last_closed, old.closed_at);
  EXPECT_EQ(f.sessions_30d, 1);
}

}  // namespace
}  // namespace switchboard
